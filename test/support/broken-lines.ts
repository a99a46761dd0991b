import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { onTestFinished } from 'vitest';

/** A way for a token call to find no answer; answers the address to call. */
export type BrokenLine = () => Promise<string>;

const ignore = (): void => undefined;
const reset = (socket: Socket): void => void socket.resetAndDestroy();
const cut = (socket: Socket): void => void socket.destroy();
/** Once what the other side says first is there. */
const then = (act: (socket: Socket) => void) => (socket: Socket) => void socket.once('data', () => act(socket));

const overHttp = (onSocket: (socket: Socket) => void): BrokenLine => {
  return async () => `http://127.0.0.1:${await portOf(createTcpServer(watched(onSocket)))}`;
};
/** The handshake is never ended: its first bytes are all that arrives. */
const inHandshake = (onSocket: (socket: Socket) => void): BrokenLine => {
  return async () => `https://127.0.0.1:${await portOf(createTcpServer(watched(onSocket)))}`;
};
const overTls = (onSocket: (socket: Socket) => void): BrokenLine => {
  return async () => {
    const server = createTlsServer({ key: KEY, cert: CERTIFICATE });
    server.on('secureConnection', watched(onSocket));
    server.on('tlsClientError', ignore);
    return `https://127.0.0.1:${await portOf(server)}`;
  };
};

/** Nothing of the request has left. */
export const UNSENT: Readonly<Record<string, BrokenLine>> = {
  'a port nobody listens on': async () => 'http://127.0.0.1:1',
  'a port nobody listens on, by https': async () => 'https://127.0.0.1:1',
  'a line reset while hands are shaken': inHandshake(then(reset)),
  'a line closed while hands are shaken': inHandshake(then((socket) => socket.end())),
  'silence while hands are shaken': inHandshake(ignore),
  'a server that speaks no TLS': inHandshake(then((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))),
};

/** A certificate nobody vouches for, unless the caller was told to trust it. */
export const untrusted: BrokenLine = overTls(ignore);

/** The request has left, or may have. */
export const SENT: Readonly<Record<string, BrokenLine>> = {
  'silence on a line that is open': overHttp(ignore),
  'a line reset after the request was read': overHttp(then(reset)),
  'a line closed after the request was read': overHttp(then((socket) => socket.end())),
  'an answer that is no HTTP': overHttp(then((socket) => socket.end('come back later'))),
};

/** The same over TLS, for a caller that trusts `CERTIFICATE`. */
export const SENT_OVER_TLS: Readonly<Record<string, BrokenLine>> = {
  'silence after hands were shaken': overTls(ignore),
  'a line cut as soon as hands were shaken': overTls(cut),
  'a line cut after the request was read over TLS': overTls(then(cut)),
};

function watched(onSocket: (socket: Socket) => void): (socket: Socket) => void {
  return (socket) => {
    // The other side may be gone before everything is said.
    socket.on('error', () => socket.destroy());
    onTestFinished(() => void socket.destroy());
    onSocket(socket);
  };
}

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return address.port;
}

/** Made for these tests alone: opens nothing anywhere. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgmo0mbXqH693ix0/r
ZLn8sQi+eIfTgY5sDboPj7OcYkyhRANCAAQ3rXlAgfyvw4ebQRnGjM9N2ssheqqf
MNb9WUfGF5m59rVd3rq50TuVWd9mpO/6ESu09q1wGV1/IocLTLUln3H7
-----END PRIVATE KEY-----`;
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBljCCATygAwIBAgIUDpjZ2BuUIOu70YBBidbW6tfQ3tQwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMZG9vci5leGFtcGxlMCAXDTI2MTEyMTE4NDA1OVoYDzIxMjYx
MDI4MTg0MDU5WjAXMRUwEwYDVQQDDAxkb29yLmV4YW1wbGUwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAAQ3rXlAgfyvw4ebQRnGjM9N2ssheqqfMNb9WUfGF5m59rVd
3rq50TuVWd9mpO/6ESu09q1wGV1/IocLTLUln3H7o2QwYjAdBgNVHQ4EFgQUuUNa
n5Dkfkpz2LWS+G3IdoUoH0wwHwYDVR0jBBgwFoAUuUNan5Dkfkpz2LWS+G3IdoUo
H0wwDwYDVR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMC
A0gAMEUCIQC9M36UkRpZcLZZC1oejK92myUWc522zD1YXyGuH4KddQIgAVc75o2n
Z6BM5UCh4AZ8V2hIz1Hxoeb0Kgy/B72n5Ig=
-----END CERTIFICATE-----`;
