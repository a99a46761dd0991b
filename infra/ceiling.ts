import * as aws from '@pulumi/aws';
import type * as pulumi from '@pulumi/pulumi';
import { Component } from './component.ts';
import { GITHUB_PROVIDER, global, ours } from './deploy-places.ts';
import { prefix, tags } from './names.ts';
import { policy } from './policy.ts';

/** Verbs of IAM that change something, or hand a role on. */
const CHANGES = [
  'Add',
  'Attach',
  'Create',
  'Delete',
  'Detach',
  'Pass',
  'Put',
  'Remove',
  'Set',
  'Tag',
  'Untag',
  'Update',
];

/**
 * The permissions boundary of the role that deploys: it gives nothing, and is the most the role can do whatever its own statements come to
 * say. Neither it nor the role can be changed with the role: another right to deploy is given by hand.
 */
export class Ceiling extends Component {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, parent: pulumi.ComponentResource) {
    super('Ceiling', name, { parent });
    const self = [global('iam', `role/${prefix}-deploy`), global('iam', `policy/${prefix}-${name}`)];
    const identities = [global('iam', `role/${prefix}-*`), global('iam', `policy/${prefix}-${name}`), GITHUB_PROVIDER];
    const services = [...Object.keys(ours()), 'kms', 'config'].map((service) => `${service}:*`);
    const looks = ['iam:ListOpenIDConnectProviders', 'sts:GetCallerIdentity'];
    const made = new aws.iam.Policy(
      name,
      {
        name: this.physical(name),
        description: 'The most the role that deploys can do.',
        policy: policy([
          { Sid: 'Services', Action: [...services, ...looks], Resource: ['*'] },
          { Sid: 'Identities', Action: ['iam:*'], Resource: identities },
          { Sid: 'NotItself', Effect: 'Deny', Action: CHANGES.map((verb) => `iam:${verb}*`), Resource: self },
        ]),
        tags,
      },
      this.child,
    );
    this.arn = made.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
