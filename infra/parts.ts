import type * as pulumi from '@pulumi/pulumi';
import type { Athena } from './athena.ts';
import type { Bundles } from './bundles.ts';
import type { Bus } from './bus.ts';
import type { Catalog } from './catalog.ts';
import type { StackConfig } from './config.ts';
import type { Key } from './key.ts';
import type { Lake } from './lake.ts';
import type { State } from './state.ts';
import type { Topic } from './topic.ts';
import type { Transform } from './transform.ts';
import type { Vault } from './vault.ts';
import type { Work } from './work.ts';

/** What functions are made from and work with. */
export interface Parts {
  readonly config: StackConfig;
  readonly key: Key | undefined;
  readonly bundles: Bundles;
  readonly lake: Lake;
  readonly catalog: Catalog;
  readonly bus: Bus;
  readonly state: State;
  readonly vault: Vault;
  readonly athena: Athena;
  readonly summary: Topic;
  readonly transform: Transform;
  readonly work: Work;
  /** Where redirects and addresses of doors are made from. */
  readonly url: pulumi.Output<string>;
}
