import { readFileSync } from 'node:fs';

/** `export var PutObject$ = [9, n0, _PO, { … }, …];` on one line or several. */
const SHAPE = /^export var (\w+\$) = (\[.*\]|\[[^]*?\n\]);$/gm;

/**
 * The AWS SDK describes each shape of a service in an array whose computed keys keep a bundler from leaving out those nobody asks for:
 * of S3 alone 55 kB that every cold start would read. As a call that is marked pure each goes unless it is used.
 */
export const schemas = {
  name: 'schemas',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]client-[\w-]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(SHAPE, 'export var $1 = /* @__PURE__ */ (() => $2)();'),
      loader: 'js',
    }));
  },
};
