import { EventBridgeClient, PutEventsCommand, type PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import { type AwsConnection, clientSettings } from '../aws.ts';
import type { Bus, PublishResult, WellspringEvent } from './bus.ts';

/** PutEvents takes at most ten entries, and 256 KB in all. */
const ENTRIES = 10;
const BYTES = 256 * 1024;
const SOURCE = 'wellspring';

interface Entry {
  readonly DetailType: string;
  readonly Detail: string;
  readonly bytes: number;
}

/** Events on one custom EventBridge bus, `source` wellspring. What AWS refuses, whole or in part, is a value in the answer. */
export function createEventBridgeBus(options: { readonly bus: string; readonly connection?: AwsConnection }): Bus {
  const client = new EventBridgeClient(clientSettings(options.connection ?? {}));

  async function put(entries: readonly Entry[]): Promise<readonly PublishResult[]> {
    const Entries = entries.map(({ DetailType, Detail }) => ({
      EventBusName: options.bus,
      Source: SOURCE,
      DetailType,
      Detail,
    }));
    try {
      const answer = await client.send(new PutEventsCommand({ Entries }));
      // The call succeeds also when entries failed: each says so for itself.
      return entries.map((_, at) => resultOf(answer.Entries?.[at]));
    } catch (error) {
      const reason = error instanceof Error ? error.name : 'Error';
      return entries.map(() => ({ ok: false, reason }));
    }
  }

  return {
    async publish(events) {
      const results: PublishResult[] = [];
      for (const portion of portionsOf(events.map(entryOf))) results.push(...(await put(portion)));
      return results;
    },
  };
}

/** An entry weighs what its source, its type and its detail do, in UTF-8. */
function entryOf({ detailType, detail }: WellspringEvent): Entry {
  const Detail = JSON.stringify(detail);
  const bytes = SOURCE.length + Buffer.byteLength(detailType) + Buffer.byteLength(Detail);
  return { DetailType: detailType, Detail, bytes };
}

/** In order; an entry too large for any call is a portion of its own, which AWS refuses and nobody else's. */
function portionsOf(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const portions: Entry[][] = [];
  let left = 0;
  for (const entry of entries) {
    const last = portions.at(-1);
    if (last === undefined || last.length === ENTRIES || entry.bytes > left) {
      portions.push([entry]);
      left = BYTES - entry.bytes;
    } else {
      last.push(entry);
      left -= entry.bytes;
    }
  }
  return portions;
}

function resultOf(entry: PutEventsResultEntry | undefined): PublishResult {
  return entry?.EventId === undefined ? { ok: false, reason: entry?.ErrorCode ?? 'no answer' } : { ok: true };
}
