import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { type AwsConnection, clientSettings, isRefusal } from '../aws.ts';
import { readVersionId, type VersionMeaning } from './secret-version-id.ts';

/** The label that says which version counts. It can be moved away from the version it is on, and from no other one. */
const CURRENT = 'AWSCURRENT';
/** Holds a version that was written and does not count yet. */
const WRITTEN = 'WELLSPRING_WRITTEN';

/** The version that counts. */
export interface Current extends VersionMeaning {
  readonly version: string;
}

/** Of a secret that is not there, or is being deleted. */
const GONE = ['ResourceNotFoundException', 'InvalidRequestException'] as const;

const body = z.object({ text: z.string() });
const bodyOf = (text: string | null): string => JSON.stringify({ text });

/** The calls of Secrets Manager a vault makes, on secrets by name. A secret that is being deleted is none. */
export function createSecretVersions(options: { readonly connection?: AwsConnection; readonly kmsKeyId?: string }) {
  const client = new SecretsManagerClient(clientSettings(options.connection ?? {}));
  const key = options.kmsKeyId === undefined ? {} : { KmsKeyId: options.kmsKeyId };

  /** What counts, told without opening it. */
  async function look(SecretId: string): Promise<Current | undefined> {
    const described = await orGone(client.send(new DescribeSecretCommand({ SecretId })));
    if (described?.DeletedDate !== undefined) return undefined;
    const labels = Object.entries(described?.VersionIdsToStages ?? {});
    const version = labels.find(([, stages]) => stages.includes(CURRENT))?.[0];
    return version === undefined
      ? undefined
      : {
          version,
          ...readVersionId(
            version,
            labels.map(([id]) => id),
          ),
        };
  }

  const setLabel = (
    SecretId: string,
    label: string,
    to: { readonly MoveToVersionId?: string; readonly RemoveFromVersionId: string },
  ) => client.send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage: label, ...to }));

  return {
    look,
    /** What counts, opened: without a text when that could not be, without a version when AWS did not say which. */
    async open(SecretId: string): Promise<{ readonly text?: string; readonly version?: string } | undefined> {
      try {
        const got = await client.send(new GetSecretValueCommand({ SecretId, VersionStage: CURRENT }));
        const version = got.VersionId === undefined ? {} : { version: got.VersionId };
        const read = body.safeParse(jsonOf(got.SecretString));
        return read.success ? { ...version, text: read.data.text } : version;
      } catch (error) {
        if (isRefusal(error, 'ResourceNotFoundException')) return undefined;
        // The second also for one that is being deleted: `look` tells.
        if (isRefusal(error, 'DecryptionFailure', 'InvalidRequestException')) return {};
        throw error;
      }
    },
    /** False when there is one of that name, or was until a moment ago. */
    async create(Name: string, version: string, text: string): Promise<boolean> {
      try {
        const made = { Name, SecretString: bodyOf(text), ClientRequestToken: version, ...key };
        await client.send(new CreateSecretCommand(made));
        return true;
      } catch (error) {
        if (isRefusal(error, 'ResourceExistsException', 'InvalidRequestException')) return false;
        throw error;
      }
    },
    /** Writes a version, durable, and then moves the label from the version seen; false when the label is not there any more. */
    async move(SecretId: string, from: string, version: string, text: string | null): Promise<boolean> {
      const put = { SecretId, SecretString: bodyOf(text), ClientRequestToken: version, VersionStages: [WRITTEN] };
      if ((await orGone(client.send(new PutSecretValueCommand(put)))) === undefined) return false;
      try {
        await setLabel(SecretId, CURRENT, { MoveToVersionId: version, RemoveFromVersionId: from });
        return true;
      } catch (error) {
        if (isRefusal(error, ...GONE)) return false;
        if (!isRefusal(error, 'InvalidParameterException')) throw error;
        // The client repeats a call whose answer was lost, and then it is our own move that the second one finds.
        if ((await look(SecretId))?.version === version) return true;
        // A version without a label is one AWS takes away; the next writer takes the label otherwise.
        await setLabel(SecretId, WRITTEN, { RemoveFromVersionId: version }).catch(() => undefined);
        return false;
      }
    },
    /** All versions, without a window in which they could be brought back; one that is not there is no error. */
    async destroy(SecretId: string): Promise<void> {
      await orGone(client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true })));
    },
  };
}

/** Undefined where there is no such secret, or one that is being deleted. */
async function orGone<T>(sent: Promise<T>): Promise<T | undefined> {
  try {
    return await sent;
  } catch (error) {
    if (isRefusal(error, ...GONE)) return undefined;
    throw error;
  }
}

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
