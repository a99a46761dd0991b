// Loaded before a function: providers are on this machine, so requests to their hosts go there. The function itself asks for the real addresses.
import http from 'node:http';
import https from 'node:https';

const hosts = JSON.parse(process.env.PROVIDERS_AT);
const direct = https.request;

https.request = (first, ...rest) => {
  const isAddress = typeof first === 'string' || first instanceof URL;
  const options = isAddress ? rest.find((one) => typeof one === 'object') : first;
  const host = isAddress ? new URL(first).host : (options.hostname ?? options.host);
  const base = hosts[host];
  if (base === undefined) return direct(first, ...rest);
  const path = isAddress ? `${new URL(first).pathname}${new URL(first).search}` : options.path;
  const there = new URL(base);
  const { agent: _, lookup: __, host: ___, ...kept } = options ?? {};
  const moved = { ...kept, protocol: 'http:', hostname: there.hostname, port: there.port };
  return http.request(
    { ...moved, path: `${there.pathname}${path}` },
    ...rest.filter((one) => typeof one === 'function'),
  );
};
