import * as aws from '@pulumi/aws';
import { Component } from './component.ts';
import type { Function } from './function.ts';
import type { Lake } from './lake.ts';

/** Files that arrive below `inbox/` are imported: uploads over HTTP, and what somebody drops there by hand. */
export class Inbox extends Component {
  constructor(name: string, { lake, reader }: { readonly lake: Lake; readonly reader: Function }) {
    super('Inbox', name);
    const allowed = reader.allow('inbox', 's3.amazonaws.com', lake.raw.arn);
    new aws.s3.BucketNotification(
      name,
      {
        bucket: lake.raw.bucket,
        lambdaFunctions: [{ lambdaFunctionArn: reader.arn, events: ['s3:ObjectCreated:*'], filterPrefix: 'inbox/' }],
      },
      // S3 tries the call when the notification is made, and refuses two changes of a new bucket at once.
      { ...this.child, dependsOn: [allowed, lake.raw] },
    );
    this.registerOutputs({});
  }
}
