import { connect, createServer, type Socket } from 'node:net';

/** A way to a server that can be made to stand still: what is sent arrives nowhere, and nothing comes back. */
export interface Gateway {
  readonly url: string;
  stall(isStalled: boolean): void;
  stop(): Promise<void>;
}

/** Opens a TCP way on this machine to the server at `url`. */
export async function openGateway(url: string): Promise<Gateway> {
  const { hostname, port } = new URL(url);
  let isStalled = false;
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.on('data', (bytes) => isStalled || to.write(bytes));
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    stall: (yes) => void (isStalled = yes),
    stop() {
      for (const socket of open) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
