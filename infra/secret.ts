import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { Component } from './component.ts';
import type { Key } from './key.ts';
import { prefix, tags } from './names.ts';

export interface SecretOptions {
  readonly key: Key | undefined;
  readonly keep: boolean;
  /** Its text; made once when absent. */
  readonly given: pulumi.Input<string> | undefined;
}

/** Letters of a generated secret: 43 of 62 are 256 bits. */
const LETTERS = 43;

/** One secret of the stack's own, named `<prefix>/<name>`. Its text is sealed in Pulumi's state. */
export class Secret extends Component {
  readonly arn: pulumi.Output<string>;
  readonly text: pulumi.Output<string>;

  constructor(name: string, { key, keep, given }: SecretOptions, parent: pulumi.ComponentResource) {
    super('Secret', name, { parent });
    const secret = new aws.secretsmanager.Secret(
      name,
      {
        name: `${prefix}/${name}`,
        // A deleted name stays reserved for its recovery window: a stack for trying may come back at once.
        recoveryWindowInDays: keep ? 30 : 0,
        ...(key === undefined ? {} : { kmsKeyId: key.arn }),
        tags,
      },
      { ...this.child, protect: keep, retainOnDelete: keep },
    );
    const text = pulumi.secret(given ?? made());
    const version = new aws.secretsmanager.SecretVersion(
      this.named('text'),
      { secretId: secret.id, secretString: text },
      {
        ...this.child,
        additionalSecretOutputs: ['secretString'],
        retainOnDelete: keep,
        // What was made stays: every run of the program draws another one.
        ...(given === undefined ? { ignoreChanges: ['secretString'] } : {}),
      },
    );
    this.arn = secret.arn;
    this.text = pulumi.secret(version.secretString.apply((kept) => kept ?? ''));
    this.registerOutputs({ arn: this.arn });
  }
}

function made(): pulumi.Output<string> {
  const drawn = aws.secretsmanager.getRandomPasswordOutput({ passwordLength: LETTERS, excludePunctuation: true });
  return drawn.randomPassword;
}
