import * as pulumi from '@pulumi/pulumi';
import { Component } from './component.ts';
import type { Key } from './key.ts';
import { prefix } from './names.ts';
import { arnOf, type Grant } from './policy.ts';
import { Secret } from './secret.ts';

export interface VaultOptions {
  readonly key: Key | undefined;
  readonly keep: boolean;
  /** Given by the owner; made once when absent. */
  readonly ownerToken: pulumi.Output<string> | undefined;
  /** Client secrets by provider. */
  readonly clientSecrets: Readonly<Record<string, pulumi.Output<string>>>;
}

/**
 * Secrets Manager: what the stack itself needs (the secret behind keys in addresses, the owner's token, client secrets), and the prefix
 * below which the program keeps people's grants. Grants never pass through Pulumi.
 */
export class Vault extends Component {
  readonly ownerTokenArn: pulumi.Output<string>;
  /** The secrets behind keys in addresses, one a line, newest first. */
  readonly ingestSecrets: pulumi.Output<readonly string[]>;
  readonly #ingest: Secret;
  readonly #clients: Secret;
  readonly #key: Key | undefined;

  constructor(name: string, { key, keep, ownerToken, clientSecrets }: VaultOptions) {
    super('Vault', name);
    this.#key = key;
    const clients = pulumi.jsonStringify(clientSecrets);
    this.#ingest = new Secret('ingest', { key, keep, given: undefined }, this);
    this.#clients = new Secret('clients', { key, keep, given: clients }, this);
    this.ownerTokenArn = new Secret('owner-token', { key, keep, given: ownerToken }, this).arn;
    this.ingestSecrets = this.#ingest.text.apply((text) => text.split('\n').filter((line) => line.trim() !== ''));
    this.registerOutputs({ ownerTokenArn: this.ownerTokenArn });
  }

  /** Reads what deliveries are verified with. */
  verify(): Grant<'INGEST_SECRET' | 'CLIENT_SECRETS'> {
    const environment = { INGEST_SECRET: this.#ingest.arn, CLIENT_SECRETS: this.#clients.arn };
    const Resource = Object.values(environment);
    return {
      environment,
      statements: [{ Sid: 'ReadSigningKeys', Action: ['secretsmanager:GetSecretValue'], Resource }],
    };
  }

  /** Reads the token that opens the pages as the owner. */
  own(): Grant<'OWNER_TOKEN'> {
    const Resource = [this.ownerTokenArn];
    return {
      environment: { OWNER_TOKEN: this.ownerTokenArn },
      statements: [{ Sid: 'ReadOwnerToken', Action: ['secretsmanager:GetSecretValue'], Resource }],
    };
  }

  /** Where grants are kept, without a right to them. */
  get place(): { readonly VAULT_PREFIX: string; readonly VAULT_KEY?: pulumi.Output<string> } {
    return { VAULT_PREFIX: `${prefix}/kept`, ...(this.#key === undefined ? {} : { VAULT_KEY: this.#key.arn }) };
  }

  /** Sees which grants are there, and until when they are good. */
  look(): Grant {
    const Resource = [arnOf('secretsmanager', `secret:${prefix}/kept/*`)];
    return {
      environment: {},
      statements: [{ Sid: 'LookAtGrants', Action: ['secretsmanager:GetSecretValue'], Resource }],
    };
  }

  /** Reads, renews and gives up people's grants. */
  hold(): Grant {
    const verbs = ['CreateSecret', 'DescribeSecret', 'PutSecretValue', 'UpdateSecretVersionStage', 'DeleteSecret'];
    const Action = ['secretsmanager:GetSecretValue', ...verbs.map((verb) => `secretsmanager:${verb}`)];
    const Resource = [arnOf('secretsmanager', `secret:${prefix}/kept/*`)];
    return { environment: {}, statements: [{ Sid: 'HoldGrants', Action, Resource }] };
  }
}
