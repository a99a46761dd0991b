import { createServer, type Server } from 'node:http';
import * as z from 'zod';

const asked = z.object({ SecretId: z.string() });
const EMPTY =
  '<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated><KeyCount>0</KeyCount></ListBucketResult>';

/** What a function asks AWS before its first delivery: secrets by name, and a bucket in which nobody is denied; every write is refused. */
export interface SmallAws {
  readonly url: string;
  /** What was written, as `method path`. */
  readonly writes: readonly string[];
  stop(): Promise<void>;
}

export async function startSmallAws(secrets: Readonly<Record<string, string>>): Promise<SmallAws> {
  const writes: string[] = [];
  const server: Server = createServer((incoming, answer) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      if (String(incoming.headers['x-amz-target']).endsWith('.GetSecretValue')) {
        const { SecretId } = asked.parse(JSON.parse(Buffer.concat(parts).toString()));
        const found = secrets[SecretId];
        answer.writeHead(found === undefined ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
        answer.end(
          JSON.stringify(found === undefined ? { __type: 'ResourceNotFoundException' } : { SecretString: found }),
        );
      } else if (incoming.method === 'GET') {
        answer.writeHead(200, { 'content-type': 'application/xml' }).end(EMPTY);
      } else {
        writes.push(`${incoming.method} ${incoming.url}`);
        answer.writeHead(403).end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    writes,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
