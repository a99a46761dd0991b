import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type Server as TcpServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A provider's side on loopback, as far as HTTP allows; ended with the test. Answers its base address. */
export async function openOrigin(listener: RequestListener): Promise<string> {
  return listen(createServer(listener));
}

/** A provider's side that speaks whatever bytes it likes. */
export async function openLine(onSocket: (socket: Socket) => void): Promise<string> {
  const server = createTcpServer((socket) => {
    // The other side may be gone before everything is said.
    socket.on('error', () => socket.destroy());
    onTestFinished(() => void socket.destroy());
    onSocket(socket);
  });
  return listen(server);
}

async function listen(server: Server | TcpServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return `http://127.0.0.1:${address.port}`;
}
