import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Hono } from 'hono';
import { sha256Hex } from '../app/keys.ts';

const resolve = createRequire(import.meta.url).resolve;

const here = (name: string): URL => new URL(`assets/${name}`, import.meta.url);

const FILES = {
  style: {
    files: [here('base.css'), here('cards.css'), here('connections.css'), here('text.css')],
    type: 'text/css; charset=utf-8',
    ending: 'css',
  },
  page: { files: [here('page.js')], type: 'text/javascript; charset=utf-8', ending: 'js' },
  uplot: { files: [resolve('uplot/dist/uPlot.iife.min.js')], type: 'text/javascript; charset=utf-8', ending: 'js' },
  chart: { files: [resolve('uplot/dist/uPlot.min.css')], type: 'text/css; charset=utf-8', ending: 'css' },
} as const;

const assets = Object.entries(FILES).map(([name, { files, type, ending }]) => {
  const text = files.map((file) => readFileSync(file, 'utf8')).join('\n');
  return { name, type, text, path: `/assets/${name}.${sha256Hex(text).slice(0, 12)}.${ending}` };
});

/** The address of an asset; it names the content, so a browser may keep it for ever. */
export function assetPath(name: keyof typeof FILES): string {
  const found = assets.find((asset) => asset.name === name);
  return found?.path ?? '/';
}

/** Serves styles and scripts from this origin alone; they hold nothing of anybody, so they need no session. */
export function createAssets(): Hono {
  const app = new Hono();
  for (const { path, type, text } of assets) {
    app.get(path, (c) =>
      c.body(text, 200, { 'Content-Type': type, 'Cache-Control': 'public, max-age=31536000, immutable' }),
    );
  }
  return app;
}
