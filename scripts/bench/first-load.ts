/** Scripts that the window loads before it can show anything: the entry and what index.html preloads, gzip (product.md, Budgets). */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Benchmark } from './benchmark.ts';
import { firstScripts } from './first-scripts.ts';

const renderer = join(import.meta.dirname, '../../out/renderer');
const bytesPerKb = 1000;

export const firstLoad: Benchmark = {
  name: 'first-load',
  run: async () => {
    const page = join(renderer, 'index.html');
    if (!existsSync(page)) return { omitted: 'the renderer is not built (npm run build)' };
    const files = firstScripts(readFileSync(page, 'utf8'), (file) => readFileSync(join(renderer, file), 'utf8'));
    const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(renderer, file)), { level: 9 }).length, 0);
    return [
      { name: 'first-load script of the renderer, gzip', value: bytes / bytesPerKb, unit: 'kB', reference: null, budget: 200, of: 'value', direction: 'below', note: `first load: ${files.length} files, the entry, its static imports and modulepreload links` },
    ];
  },
};
