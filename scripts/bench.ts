/**
 * Measures the budgets of product.md that exist so far: `npm run bench -- [--json FILE] [--only NAME[,NAME]]`.
 * Exit code 0 when every measured figure keeps its budget, 1 when one misses it or could not be measured, 2 for arguments that cannot be read.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArguments } from './bench/arguments.ts';
import { benchmarks } from './bench/all.ts';
import { judge, tableOf, type Figure } from './bench/figure.ts';
import { assertNode } from './lib/assert-node.ts';

assertNode();
const given = readArguments(process.argv.slice(2), benchmarks.map(({ name }) => name));
if (typeof given === 'string') {
  console.error(given);
  process.exit(2);
}

const root = mkdtempSync(join(tmpdir(), 'bench-'));
const folder = (name: string): string => {
  const path = join(root, name);
  mkdirSync(path, { mode: 0o700 });
  return path;
};
const figures: Figure[] = [];
let failed = false;
try {
  for (const { name, run } of benchmarks.filter((benchmark) => given.only?.includes(benchmark.name) ?? true)) {
    const startedAt = performance.now();
    try {
      const measured = await run({ folder, log: (line) => console.log(`  ${line}`) });
      if ('omitted' in measured) console.log(`${name}: left out, ${measured.omitted}`);
      else {
        figures.push(...measured.map(judge));
        console.log(`${name}: measured in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
      }
    } catch (caught) {
      failed = true;
      console.error(`${name}: could not be measured: ${caught instanceof Error ? (caught.stack ?? caught.message) : String(caught)}`);
    }
  }
} finally {
  rmSync(root, { recursive: true, force: true, maxRetries: 3 });
}
console.log(['', ...tableOf(figures)].join('\n'));
if (given.jsonFile !== null) writeFileSync(given.jsonFile, `${JSON.stringify({ figures }, null, 2)}\n`);
// Whatever a failed benchmark left open must not keep the command from ending.
process.exit(!failed && figures.every(({ ok }) => ok) ? 0 : 1);
