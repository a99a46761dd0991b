import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { type Bundles, type JobFile, jobFiles } from './bundles.ts';
import { Component } from './component.ts';
import type { Lake } from './lake.ts';
import type { Statement } from './policy.ts';

export interface CodeOptions {
  readonly lake: Lake;
  readonly bundles: Bundles;
}

/** What the jobs are made of, each file below its own hash: another content is another address, and a run that began keeps what it reads. */
export class Code extends Component {
  readonly #options: CodeOptions;
  readonly #made = new Map<JobFile, pulumi.Output<string>>();

  constructor(name: string, options: CodeOptions, parent: pulumi.ComponentResource) {
    super('Code', name, { parent });
    this.#options = options;
    for (const file of jobFiles) this.#made.set(file, this.#upload(file));
    this.registerOutputs({});
  }

  /** `s3://…` of a file. */
  at(file: JobFile): pulumi.Output<string> {
    const address = this.#made.get(file);
    if (address === undefined) throw new pulumi.RunError(`No ${file} was uploaded.`);
    return address;
  }

  /** Reads all of them, or one in all its contents. */
  read(file?: JobFile): Statement {
    const { arn } = this.#options.lake.tables;
    const Resource = [pulumi.interpolate`${arn}/code/*${file === undefined ? '' : `/${file}`}`];
    return { Sid: 'ReadCode', Action: ['s3:GetObject'], Resource };
  }

  #upload(file: JobFile): pulumi.Output<string> {
    const { lake, bundles } = this.#options;
    const { bucket } = lake.tables;
    const built = bundles.file(file);
    const key = `code/${built.sha256}/${file}`;
    const object = new aws.s3.BucketObjectv2(
      this.named(file),
      { bucket, key, source: new pulumi.asset.FileAsset(built.file) },
      // A newer build would delete it, also in the middle of a run.
      { ...this.child, retainOnDelete: true },
    );
    return pulumi.interpolate`s3://${bucket}/${object.key}`;
  }
}
