import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { modelFiles } from './models.mjs';

/** What modules read while they run, beside themselves; the same paths below a function's folder. */
export const READ = {
  'app/metrics.ts': ['models/metrics.csv'],
  'handlers/transform-runtime.ts': modelFiles().map((name) => `models/${name}`),
  'ports/engine/duckdb/database.ts': ['ports/engine/duckdb/prelude.sql'],
  'dashboard/assets.ts': [
    'dashboard/assets/base.css',
    'dashboard/assets/cards.css',
    'dashboard/assets/connections.css',
    'dashboard/assets/page.js',
    'dashboard/assets/text.css',
    'node_modules/uplot/dist/uPlot.iife.min.js',
    'node_modules/uplot/dist/uPlot.min.css',
  ],
};

/** A bundle is one file, yet a module that reads what lies beside it finds it from its own place in the tree. */
export const places = {
  name: 'places',
  setup({ onLoad }) {
    onLoad({ filter: /\/(app|dashboard|handlers|models|ports|providers)\/[^.]+\.tsx?$/ }, ({ path }) => {
      const place = relative(process.cwd(), path).split(sep).join('/');
      const text = readFileSync(path, 'utf8');
      if (place.startsWith('..') || place.includes('node_modules/') || !text.includes('import.meta.url'))
        return undefined;
      if (READ[place] === undefined)
        throw new Error(
          `${place} asks where it is: say in ${import.meta.url.split('/').slice(-3).join('/')} what it reads.`,
        );
      const contents = text.replaceAll('import.meta.url', `new URL('${place}', import.meta.url).href`);
      return { contents, loader: place.endsWith('x') ? 'tsx' : 'ts' };
    });
  },
};
