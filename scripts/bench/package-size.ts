/** Size of what the console adds to Electron in an unpacked package (issue: native parts of other platforms and development-only packages are left out). */
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Benchmark } from './benchmark.ts';

const resources = join(import.meta.dirname, '../../dist/linux-unpacked/resources');
const bytesPerMb = 1_000_000;
/** The engine (46), the image library of the tokenizer's package (19), models of the sandbox (8), the keychain's (3), code (10), and room. */
const budgetMb = 95;

const sizeOf = (path: string): number => {
  const entry = lstatSync(path);
  return entry.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0) : entry.size;
};

export const packageSize: Benchmark = {
  name: 'package',
  run: async () => {
    const parts = ['app.asar', 'app.asar.unpacked'].map((name) => join(resources, name));
    if (!parts.every((part) => existsSync(part))) return { omitted: 'no package was built (npm run package -- --dir)' };
    const value = parts.reduce((sum, part) => sum + sizeOf(part), 0) / bytesPerMb;
    return [{ name: 'unpacked package without Electron', value, unit: 'MB', reference: null, budget: budgetMb, of: 'value', direction: 'below', note: 'package: archive and native parts, without Electron itself' }];
  },
};
