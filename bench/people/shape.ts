import { providerNamed } from '../../app/provider.ts';
import { generatePeople, type Sandboxed } from '../../local/sandbox/people.ts';
import type { Parcel, Posted } from '../../local/sandbox/parcel.ts';
import type { ImportPart } from '../../providers/kit/provider.ts';

/** Members of a household of the sandbox. */
const HOUSEHOLD = 2;

/** One payload of one person of a household, before anybody in particular is meant. */
export interface Payload extends Omit<ImportPart, 'externalId'> {
  readonly provider: string;
  /** Index within the household. */
  readonly member: number;
  /** When it came, epoch seconds. */
  readonly atS: number;
  readonly receiver: 'push' | 'import';
  /** What the delivery was to be known by; parts of one delivery share it. */
  readonly delivery: number;
  /** From 1. */
  readonly part: number;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The lives of a household, which many households may share. */
export interface Shape {
  readonly people: readonly Sandboxed[];
  readonly payloads: readonly Payload[];
}

/** Lives a household of the sandbox for `days` until `until` (`YYYY-MM-DD`), and takes what its providers sent apart as the doors do. */
export async function liveShape(seed: string, days: number, until: string): Promise<Shape> {
  const { people, posted } = generatePeople({ seed, days, until, people: HOUSEHOLD });
  const payloads: Payload[] = [];
  for (const [delivery, one] of posted.entries()) payloads.push(...(await takeApart(people, one, delivery)));
  return { people, payloads };
}

async function takeApart(people: readonly Sandboxed[], { atS, parcel }: Posted, delivery: number): Promise<Payload[]> {
  const units = people[parcel.person]?.units;
  const parts = await partsOf(parcel, units);
  return parts.map(({ externalId, ...part }, at) => {
    const named = people.findIndex(({ watchId }) => watchId === externalId);
    return {
      ...part,
      provider: parcel.provider,
      member: named === -1 ? parcel.person : named,
      atS,
      receiver: parcel.kind === 'push' ? 'push' : 'import',
      delivery,
      part: at + 1,
      attributes: attributesOf(parcel, part),
    };
  });
}

async function partsOf(parcel: Parcel, units: Sandboxed['units'] | undefined): Promise<readonly ImportPart[]> {
  const provider = providerNamed(parcel.provider);
  if (parcel.kind === 'push') return provider.webhook?.split(parcel.body, undefined) ?? [];
  const file = { name: parcel.name, bytes: new TextEncoder().encode(parcel.text) };
  const read = await provider.import?.({ ...file, ...(units === undefined ? {} : { units }) });
  return read?.ok === true ? read.parts : [];
}

function attributesOf(parcel: Parcel, part: Omit<ImportPart, 'externalId'>): Record<string, string> {
  const keep = Object.entries(providerNamed(parcel.provider).webhook?.keep ?? {});
  const headers = parcel.kind === 'push' ? keep.map(([header, name]) => [name, parcel.headers[header]] as const) : [];
  const all = [...headers, ['coversfrom', part.coversFrom] as const, ['coversto', part.coversTo] as const];
  return Object.fromEntries(all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
