import {
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { awsError, told } from '../aws.ts';

/** One version of an object, or a delete marker; `isLatest` is what a reader sees. */
export interface Version {
  readonly key: string;
  readonly versionId: string;
  readonly isLatest: boolean;
  readonly isMarker: boolean;
  /** The ETag, which changes with the bytes; none of a marker. */
  readonly stamp: string | undefined;
}

/** The versions of a bucket: what a reader of objects does not see. */
export interface Versions {
  list(prefix: string): AsyncIterable<Version>;
  /** Removes those below a prefix that are meant for good; answers how many. */
  remove(wanted: { readonly prefix: string; readonly isMeant?: (version: Version) => boolean }): Promise<number>;
  /** Removes one object in all versions, with its delete markers; one that is not there is no error. */
  removeKey(key: string): Promise<void>;
  /** The same for an object whose newest version has this stamp: another one was written since, and stays with all before it. */
  removeSeen(key: string, stamp: string): Promise<void>;
}

/** A place in the list: behind a version that is still there. */
interface Place {
  readonly KeyMarker?: string | undefined;
  readonly VersionIdMarker?: string | undefined;
}

interface Page {
  readonly versions: readonly Version[];
  /** Undefined on the last page. */
  readonly next: Place | undefined;
}

/** One call lists and deletes at most so many. */
const AT_ONCE = 1000;

/** Needs `s3:ListBucketVersions` and `s3:DeleteObjectVersion`. Throws what `awsError` says. */
export function createVersions({
  bucket: Bucket,
  client,
}: {
  readonly bucket: string;
  readonly client: S3Client;
}): Versions {
  async function look(Prefix: string, at: Place = {}): Promise<Page> {
    const page: ListObjectVersionsCommandOutput = await told('Listing versions', () =>
      client.send(new ListObjectVersionsCommand({ Bucket, Prefix, MaxKeys: AT_ONCE, ...at })),
    );
    const { IsTruncated, NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page;
    return {
      versions: [...versionsOf(page.Versions, false), ...versionsOf(page.DeleteMarkers, true)],
      next: IsTruncated === true ? { KeyMarker, VersionIdMarker } : undefined,
    };
  }

  async function drop(some: readonly Version[]): Promise<void> {
    const Objects = some.map(({ key: Key, versionId: VersionId }) => ({ Key, VersionId }));
    const { Errors = [] } = await told('Deleting versions', () =>
      client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } })),
    );
    const [refused] = Errors;
    // The call succeeds also when deletions failed: each says so for itself.
    if (refused !== undefined)
      throw awsError(Object.assign(new Error(), { name: refused.Code ?? 'Error' }), 'Deleting versions');
  }

  // Longer keys with the same beginning come behind it.
  const versionsAt = async (key: string): Promise<readonly Version[]> =>
    (await look(key)).versions.filter((one) => one.key === key);

  return {
    async *list(prefix) {
      let at: Place | undefined = {};
      while (at !== undefined) {
        const page: Page = await look(prefix, at);
        yield* page.versions;
        at = page.next;
      }
    },
    async remove({ prefix, isMeant = () => true }) {
      let removed = 0;
      let at: Place | undefined = {};
      while (at !== undefined) {
        const page: Page = await look(prefix, at);
        const meant = page.versions.filter(isMeant);
        if (meant.length > 0) await drop(meant);
        removed += meant.length;
        // The end of a page may itself be deleted now, and is no place to go on from: the page is looked at again until it holds nothing meant.
        if (meant.length === 0) at = page.next;
      }
      return removed;
    },
    async removeKey(key) {
      // From the start each time.
      for (;;) {
        const meant = await versionsAt(key);
        if (meant.length === 0) return;
        await drop(meant);
      }
    },
    async removeSeen(key, stamp) {
      // One look: what is written after it is not among what is deleted.
      const seen = await versionsAt(key);
      if (seen.some((one) => one.isLatest && one.stamp === stamp)) await drop(seen);
    },
  };
}

function versionsOf(all: ListObjectVersionsCommandOutput['Versions'], isMarker: boolean): readonly Version[] {
  return (all ?? []).map(
    ({ Key: key = '', VersionId: versionId = 'null', IsLatest: isLatest = false, ETag: stamp }) => {
      return { key, versionId, isLatest, isMarker, stamp };
    },
  );
}
