import type { Call } from '../../../infra/rules/iam/judge.ts';
import type { Asked, Passed } from './request.ts';

const arn = (path: string): string => `arn:aws:s3:::${path}`;

/** What a request to S3 (the bucket in the path) needs; undefined for one that is not known here. */
export function s3Asked(passed: Passed): Asked | undefined {
  const [, bucket = '', key = ''] = /^\/([^/]+)\/?(.*)$/.exec(passed.path) ?? [];
  if (bucket === '') return undefined;
  const object = decodeURIComponent(key);
  return object === '' ? ofBucket(passed, bucket) : ofObject(passed, bucket, arn(`${bucket}/${object}`));
}

function ofBucket({ method, query, body }: Passed, bucket: string): Asked | undefined {
  const prefix = query.get('prefix');
  const listing = (action: string): Asked => {
    const context = prefix === null ? {} : { 's3:prefix': prefix };
    return { operation: action, calls: [{ action, resource: arn(bucket), context }] };
  };
  if (method === 'POST' && query.has('delete'))
    return { operation: 's3:DeleteObjects', calls: deletions(bucket, body) };
  if (method === 'HEAD')
    return { operation: 's3:HeadBucket', calls: [{ action: 's3:ListBucket', resource: arn(bucket) }] };
  if (method !== 'GET') return undefined;
  if (query.has('versions')) return listing('s3:ListBucketVersions');
  if (query.has('uploads')) return listing('s3:ListBucketMultipartUploads');
  if (query.has('location')) return listing('s3:GetBucketLocation');
  return listing('s3:ListBucket');
}

function ofObject({ method, query, headers, status }: Passed, bucket: string, resource: string): Asked | undefined {
  const version = query.has('versionId') ? 'Version' : '';
  const of = (operation: string, action = operation): Asked => ({
    operation: `s3:${operation}`,
    calls: [{ action: `s3:${action}`, resource }],
  });
  const missing = status === 404 ? { missingIn: arn(bucket) } : {};
  if (method === 'GET' && query.has('uploadId')) return of('ListParts', 'ListMultipartUploadParts');
  if (method === 'GET') return { ...of('GetObject', `GetObject${version}`), ...missing };
  if (method === 'HEAD') return { ...of('HeadObject', `GetObject${version}`), ...missing };
  if (method === 'DELETE' && query.has('uploadId')) return of('AbortMultipartUpload');
  if (method === 'DELETE') return of('DeleteObject', `DeleteObject${version}`);
  if (method === 'POST')
    return of(query.has('uploads') ? 'CreateMultipartUpload' : 'CompleteMultipartUpload', 'PutObject');
  if (method !== 'PUT') return undefined;
  const source = headers['x-amz-copy-source'];
  if (typeof source !== 'string') return tagged(of('PutObject'), headers, resource);
  const from = decodeURIComponent(source)
    .replace(/^\//, '')
    .replace(/\?versionId=.*$/, '');
  return {
    operation: 's3:CopyObject',
    calls: [
      { action: source.includes('versionId=') ? 's3:GetObjectVersion' : 's3:GetObject', resource: arn(from) },
      { action: 's3:PutObject', resource },
    ],
  };
}

/** Tags in the same request are a right of their own. */
function tagged(asked: Asked, headers: Passed['headers'], resource: string): Asked {
  if (headers['x-amz-tagging'] === undefined) return asked;
  return { ...asked, calls: [...asked.calls, { action: 's3:PutObjectTagging', resource }] };
}

/** Each object of a deletion of many is judged on its own; one with a version by another right. */
function deletions(bucket: string, body: string): readonly Call[] {
  return [...body.matchAll(/<Object>([^]*?)<\/Object>/g)].map(([, one = '']) => ({
    action: one.includes('<VersionId>') ? 's3:DeleteObjectVersion' : 's3:DeleteObject',
    resource: arn(`${bucket}/${unescaped(/<Key>([^]*?)<\/Key>/.exec(one)?.[1] ?? '')}`),
  }));
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
