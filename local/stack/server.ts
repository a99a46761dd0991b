import type { AwsConnection } from '../../ports/aws.ts';
import { readSecret } from '../../ports/secret/secrets-manager.ts';
import { type Run, readOutputs, type StackOutputs } from './outputs.ts';
import { yours } from './yours.ts';

/** A running server, and the stack it is of when it is one of AWS. */
export interface Server {
  /** Without a trailing slash. */
  readonly url: string;
  /** The owner's, or a person's. */
  readonly token: string | undefined;
  readonly stack?: StackOutputs;
  /** How the AWS of the stack is asked. */
  readonly connection?: AwsConnection;
}

/** The server of a stack, with the owner's token as Secrets Manager has it, read with the AWS credentials of whoever runs this. */
export async function serverOf(stack: string, token: string | undefined, run?: Run): Promise<Server> {
  const outputs = await readOutputs(stack, run);
  const { url, ownerTokenSecretArn: arn } = outputs;
  const region = arn.split(':')[3];
  const connection = region === undefined ? {} : { region };
  const owner = token ?? (await readSecret(arn, connection).catch(yours));
  return { url: url.replace(/\/+$/, ''), token: owner, stack: outputs, connection };
}
