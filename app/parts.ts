import { UNKNOWN_ACCOUNT, accountOf } from '../providers/kit/account.ts';
import type { ImportPart } from '../providers/kit/provider.ts';
import { resourceSegment, sha256Hex } from './keys.ts';
import type { Runtime } from './runtime.ts';
import { storeRaw } from './store.ts';

/** One file's records on their way to raw. */
export interface Parts {
  readonly provider: string;
  /** The one account the file is about; a part that names nobody beside parts that do goes to `a_unknown`. */
  readonly externalId: string;
  readonly parts: readonly ImportPart[];
  readonly receivedAt: number;
  /** Key of the file kept whole. */
  readonly dataref: string;
}

/**
 * Stores the parts as raw objects of receiver `import` with one event for them all; counts new ones and duplicates.
 * A part stored on an earlier day is a duplicate too, although its key would carry another date.
 */
export async function storeParts(
  runtime: Pick<Runtime, 'objects' | 'bus' | 'clock' | 'ids' | 'state'>,
  { provider, externalId, parts, receivedAt, dataref }: Parts,
): Promise<{ readonly objects: number; readonly duplicates: number }> {
  const deliveryId = runtime.ids.id('d', 16);
  const named = parts.some((part) => part.externalId !== undefined);
  const fresh = [];
  for (const [index, part] of parts.entries()) {
    const account = named && part.externalId === undefined ? UNKNOWN_ACCOUNT : accountOf(provider, externalId);
    const payload = `${account}/${resourceSegment(part.resource)}-${sha256Hex(part.text)}`;
    if (await isStored(runtime, payload)) continue;
    const covers = {
      ...(part.coversFrom && { coversfrom: part.coversFrom }),
      ...(part.coversTo && { coversto: part.coversTo }),
    };
    fresh.push({
      payload,
      envelope: {
        provider,
        account,
        resource: part.resource,
        deliveryId,
        part: index + 1,
        receivedAt,
        receiver: 'import' as const,
        notice: part.notice,
        data: part.text,
        dataref,
        attributes: covers,
      },
    });
  }
  const envelopes = fresh.map((one) => one.envelope);
  const stored = await storeRaw(runtime, envelopes, { events: 'one' });
  for (const [index, { key }] of stored.entries()) {
    const payload = fresh[index]?.payload;
    if (payload !== undefined) await runtime.state.put('imported', payload, { key });
  }
  const objects = stored.filter((one) => one.outcome === 'stored').length;
  return { objects, duplicates: parts.length - objects };
}

/** The record says where; only the object itself says that it is still there. */
async function isStored({ state, objects }: Pick<Runtime, 'state' | 'objects'>, payload: string): Promise<boolean> {
  const key = (await state.get<{ readonly key: string }>('imported', payload))?.value.key;
  return key !== undefined && (await objects.get(key)) !== undefined;
}
