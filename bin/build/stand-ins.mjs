import { dirname } from 'node:path';
import { lineage } from './lineage.mjs';

/** What takes the place of another module in every bundle, as text. */
const STAND_INS = [
  {
    // The keys of a function's role are in its environment; the chain that looks for them in files, consoles and other services is as big as a client.
    of: /^@aws-sdk\/credential-provider-node$/,
    text: "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';",
  },
  {
    // With `DEBUG` set it prints what simple-oauth2 sends, client secrets too.
    of: /^debug$/,
    text: 'const silent = () => () => {};module.exports = silent;silent.debug = silent;silent.enable = silent;silent.disable = () => "";',
  },
  {
    // It looks for the library's own copy of `debug` on disk to silence it; here there is none.
    of: /[\\/]oauth[\\/]library\.ts$|^\.\/library\.ts$/,
    text: "export const loadLibrary = async () => (await import('simple-oauth2')).AuthorizationCode;",
  },
  {
    of: /^\.\.\/models\/lineage\.ts$/,
    text: lineage(),
  },
];

export const standIns = {
  name: 'stand-ins',
  setup({ onResolve, onLoad }) {
    for (const [at, { of }] of STAND_INS.entries()) {
      onResolve({ filter: of }, ({ importer }) => ({
        path: String(at),
        namespace: 'stand-in',
        pluginData: dirname(importer),
      }));
    }
    onLoad({ filter: /./, namespace: 'stand-in' }, ({ path, pluginData: resolveDir }) => ({
      contents: STAND_INS[Number(path)].text,
      loader: 'js',
      resolveDir,
    }));
  },
};
