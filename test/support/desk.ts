import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import * as z from 'zod';
import { readEnvelope } from '../../app/envelope.ts';
import type { WellspringEvent } from '../../ports/bus/bus.ts';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { createSeededIds } from '../../ports/ids/seeded.ts';
import { createMemoryObjects } from '../../ports/objects/memory.ts';
import { createLibsqlState } from '../../ports/state/libsql.ts';
import { createEgress } from '../../providers/kit/egress/create.ts';
import type { OAuthClient } from '../../providers/kit/oauth/oauth.ts';
import { createKeyring } from '../../providers/kit/keyring.ts';
import type { ProviderSettings } from '../../providers/kit/provider.ts';
import { temporaryDirectory } from './directory.ts';
import { RECEIVED_AT, keysOf } from './door.ts';
import { openVault } from './vault.ts';

/** What the use-cases about people and files need, over memory, a state file of its own and a clock that stands still. */
export function openDesk() {
  const events: WellspringEvent[] = [];
  const clock = createFixedClock(RECEIVED_AT);
  const state = createLibsqlState({ file: join(temporaryDirectory(), 'state.db'), clock });
  onTestFinished(() => state.close());
  const objects = createMemoryObjects();
  const runtime = {
    objects,
    bus: {
      publish: async (all: readonly WellspringEvent[]) => all.map((one) => (events.push(one), { ok: true as const })),
    },
    clock,
    ids: createSeededIds('desk'),
    state,
    vault: openVault(state),
    // A test that refreshes hands in a client of its own.
    oauthClient: (provider: string) => Promise.reject<OAuthClient>(new Error(`Nobody answers for ${provider}.`)),
    lookbackDays: 7,
    firstFetchDays: 7,
    keyring: createKeyring({ secrets: ['correct horse battery staple'] }),
    // No name is resolved in a test: a fixed public address lets the gate pass, and nock answers.
    egress: createEgress({ settings: () => ({}), resolve: async () => ['93.184.216.34'] }),
    publicUrl: 'https://well.example',
    zone: 'Europe/Paris',
    settings: (): ProviderSettings => ({}),
    isForgotten: () => false,
  };
  /** Attributes and parsed data of the raw objects below a prefix, in order of key. */
  const raw = async (prefix = 'raw/') => {
    const keys = await keysOf(objects, prefix);
    const documents = await Promise.all(keys.map((key) => objects.get(key)));
    return documents.map((document, index) => {
      const { attributes, data } = readEnvelope(document ?? new Uint8Array());
      const parsed: unknown = JSON.parse(data);
      return { key: keys[index] ?? '', attributes, data: parsed };
    });
  };
  /** The data of own facts in the order they were written. */
  const facts = async () => {
    const all = (await raw()).filter((one) => one.attributes['source'] === 'wellspring/wellspring');
    const data = all.map((one) => z.record(z.string(), z.unknown()).parse(one.data));
    return data.toSorted((a, b) => Number(a['sequence']) - Number(b['sequence']));
  };
  return { runtime, clock, events, keys: (prefix = '') => keysOf(objects, prefix), raw, facts };
}

/** Bytes of a text. */
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
