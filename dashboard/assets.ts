import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Hono } from 'hono';
import { sha256Hex } from '../app/keys.ts';

const resolve = createRequire(import.meta.url).resolve;

const FILES = {
  style: { file: new URL('assets/style.css', import.meta.url), type: 'text/css; charset=utf-8', ending: 'css' },
  page: { file: new URL('assets/page.js', import.meta.url), type: 'text/javascript; charset=utf-8', ending: 'js' },
  uplot: { file: resolve('uplot/dist/uPlot.iife.min.js'), type: 'text/javascript; charset=utf-8', ending: 'js' },
  chart: { file: resolve('uplot/dist/uPlot.min.css'), type: 'text/css; charset=utf-8', ending: 'css' },
} as const;

const assets = Object.entries(FILES).map(([name, { file, type, ending }]) => {
  const text = readFileSync(file, 'utf8');
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
