import { Bucket } from './bucket.ts';
import { Component } from './component.ts';
import type { Key } from './key.ts';
import type { Grant, Statement } from './policy.ts';

export interface LakeOptions {
  readonly key: Key | undefined;
  readonly keep: boolean;
}

/** Everything stored: raw objects as they came, the tables made from them, and the answers of Athena beside built exports. */
export class Lake extends Component {
  readonly raw: Bucket;
  readonly tables: Bucket;
  readonly results: Bucket;

  constructor(name: string, options: LakeOptions) {
    super('Lake', name);
    // Verified bytes that could not be read are kept for a week (contract: HTTP).
    const passing = [
      { prefix: 'refused/', days: 7 },
      { prefix: 'selftest/', days: 1 },
    ];
    this.raw = new Bucket('raw', { ...options, oldDays: 30, passing }, this);
    // What a batch changed is copied at once; jobs and forgetting mark its lines, because a rule cannot name `runs/*/changed/`.
    const copied = [{ tag: { key: 'holds', value: 'values' }, days: 30 }];
    // Iceberg has a history of its own: what it deletes is gone after a week.
    this.tables = new Bucket('lake', { ...options, oldDays: 7, passing: copied }, this);
    const answers = [
      { prefix: 'answers/', days: 7 },
      { prefix: 'exports/', days: 1 },
      { prefix: 'unload/', days: 1 },
    ];
    // All of it can be asked for again.
    this.results = new Bucket('results', { key: options.key, keep: false, oldDays: 1, passing: answers }, this);
    this.registerOutputs({ raw: this.raw.bucket, tables: this.tables.bucket, results: this.results.bucket });
  }

  /** Rights to the raw bucket. */
  inRaw(...statements: readonly Statement[]): Grant<'RAW_BUCKET'> {
    return { environment: { RAW_BUCKET: this.raw.bucket }, statements };
  }

  /** Rights to the bucket of tables and of what runs of the transform wrote for others. */
  inTables(...statements: readonly Statement[]): Grant<'LAKE_BUCKET'> {
    return { environment: { LAKE_BUCKET: this.tables.bucket }, statements };
  }

  /** Rights to the bucket of answers and exports. */
  inResults(...statements: readonly Statement[]): Grant<'RESULTS_BUCKET'> {
    return { environment: { RESULTS_BUCKET: this.results.bucket }, statements };
  }
}
