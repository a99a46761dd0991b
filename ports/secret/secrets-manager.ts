import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type AwsConnection, awsError, clientSettings, isRefusal } from '../aws.ts';
import { PortError } from '../errors.ts';

/**
 * The text of a secret the stack made, by its ARN or name; a function reads it when it starts, and now and then again. Throws `secret_missing` for one that is
 * not there, holds nothing or is being deleted, else what `awsError` says; never a word of the text.
 */
export async function readSecret(arn: string, connection: AwsConnection = {}): Promise<string> {
  const client = new SecretsManagerClient(clientSettings(connection));
  try {
    const { SecretString: text } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    if (text === undefined || text === '') throw missing();
    return text;
  } catch (error) {
    if (error instanceof PortError) throw error;
    // The second is the answer for a secret that waits for its deletion.
    if (isRefusal(error, 'ResourceNotFoundException', 'InvalidRequestException')) throw missing();
    throw awsError(error, 'Reading a secret of the stack');
  } finally {
    client.destroy();
  }
}

function missing(): PortError {
  return new PortError('secret_missing', 'A secret of the stack is not there or holds nothing.', {
    remedy: 'Run pulumi up: it makes the secrets of the stack.',
  });
}
