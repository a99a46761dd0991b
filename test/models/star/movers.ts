import { userFact, type Payload } from '../../support/transform.ts';

const ms = Date.parse;
/** Everybody's first fact. */
const FIRST = ms('2026-01-05T08:00:00Z');
const paris = { at: FIRST, zone: 'Europe/Paris', zoneSince: null };
const auckland = { at: FIRST, zone: 'Pacific/Auckland', zoneSince: null };
const honolulu = { zone: 'Pacific/Honolulu', zoneSince: ms('2026-03-10T05:00:00Z') };

/** People who change their settings, each in a way of their own. */
export const movers: readonly Payload[] = [
  userFact('still', paris),
  userFact('renamed', paris),
  userFact('renamed', { ...paris, at: ms('2026-02-01T23:30:00Z'), name: 'Ana' }),
  userFact('renamed', { ...paris, at: ms('2026-02-03T09:00:00Z'), name: 'Ana', priority: { steps: ['garmin'] } }),
  userFact('renamed', { ...paris, at: ms('2026-02-10T09:00:00Z'), name: 'Bea' }),
  userFact('renamed', { ...paris, at: ms('2026-02-10T10:00:00Z'), name: 'Cleo', units: 'imperial' }),
  userFact('back', paris),
  userFact('back', { ...paris, at: ms('2026-02-10T09:00:00Z'), name: 'Ana' }),
  userFact('back', { ...paris, at: ms('2026-02-10T10:00:00Z'), name: 'back' }),
  userFact('moved', paris),
  // said in April of the first of March; the name is of April
  userFact('moved', {
    at: ms('2026-04-01T10:00:00Z'),
    zone: 'Asia/Tokyo',
    zoneSince: ms('2026-02-28T20:00:00Z'),
    name: 'Ana',
  }),
  userFact('earlier', paris),
  userFact('earlier', {
    at: ms('2026-04-01T10:00:00Z'),
    zone: 'Asia/Tokyo',
    zoneSince: ms('2025-12-24T00:00:00Z'),
  }),
  userFact('dateline', auckland),
  userFact('dateline', { ...auckland, at: ms('2026-03-10T03:00:00Z'), name: 'Ana' }),
  userFact('dateline', { ...honolulu, at: ms('2026-03-10T05:00:00Z'), name: 'Ana' }),
  userFact('dateline', { ...honolulu, at: ms('2026-03-12T20:00:00Z'), name: 'Bea' }),
];
