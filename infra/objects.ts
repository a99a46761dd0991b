import type { Bucket } from './bucket.ts';
import type { Statement } from './policy.ts';

// Rights to objects of one bucket below some prefixes. The start of a Sid says what of: a role has each once.

/** Writes objects; nothing can be read, listed or removed with it. */
export function puts(what: string, bucket: Bucket, ...prefixes: readonly string[]): Statement {
  return { Sid: `${what}Put`, Action: ['s3:PutObject'], Resource: below(bucket, prefixes) };
}

/** Writes large objects in parts, or gives up in the middle. */
export function putsParts(what: string, bucket: Bucket, ...prefixes: readonly string[]): Statement {
  return { Sid: `${what}Put`, Action: ['s3:PutObject', 's3:AbortMultipartUpload'], Resource: below(bucket, prefixes) };
}

/** Marks what it writes as something that does not stay. */
export function marks(what: string, bucket: Bucket, ...prefixes: readonly string[]): Statement {
  return { Sid: `${what}Mark`, Action: ['s3:PutObjectTagging'], Resource: below(bucket, prefixes) };
}

/** Reads objects. */
export function gets(what: string, bucket: Bucket, ...prefixes: readonly string[]): Statement {
  return { Sid: `${what}Get`, Action: ['s3:GetObject'], Resource: below(bucket, prefixes) };
}

/**
 * Sees the keys of a bucket. Of all of it: with a condition on the prefix S3 answers a reader of a key that is not there `AccessDenied`
 * and not `NoSuchKey`.
 */
export function lists(what: string, bucket: Bucket): Statement {
  return { Sid: `${what}List`, Action: ['s3:ListBucket'], Resource: [bucket.arn] };
}

/** Sees the keys below one prefix only, and nothing of what they hold. */
export function listsBelow(what: string, bucket: Bucket, prefix: string): Statement {
  const Condition = { StringLike: { 's3:prefix': [`${prefix}*`] } };
  return { Sid: `${what}List`, Action: ['s3:ListBucket'], Resource: [bucket.arn], Condition };
}

/** Removes objects in all their versions, so that nothing of them is left. */
export function erases(what: string, bucket: Bucket, ...prefixes: readonly string[]): readonly Statement[] {
  const within = { StringLike: { 's3:prefix': prefixes.map((prefix) => `${prefix}*`) } };
  // Of a whole bucket nothing is asked by a prefix.
  const only = prefixes.includes('') ? {} : { Condition: within };
  return [
    { Sid: `${what}Erase`, Action: ['s3:DeleteObjectVersion'], Resource: below(bucket, prefixes) },
    { Sid: `${what}Versions`, Action: ['s3:ListBucketVersions'], Resource: [bucket.arn], ...only },
  ];
}

/** Removes objects; in a versioned bucket their old versions stay for a while. */
export function removes(what: string, bucket: Bucket, ...prefixes: readonly string[]): Statement {
  return { Sid: `${what}Remove`, Action: ['s3:DeleteObject'], Resource: below(bucket, prefixes) };
}

function below(bucket: Bucket, prefixes: readonly string[]): Statement['Resource'] {
  return prefixes.map((prefix) => bucket.below(prefix));
}
