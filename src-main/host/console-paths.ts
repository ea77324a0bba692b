/** Where the parts of the console lie beside an entry, in the source tree, in the build and in a package (architecture.md, folder layout). */
import { basename, dirname, extname, join, sep } from 'node:path';

/** Absolute paths, except where noted. */
export type ConsolePaths = {
  /** Module of the embedded network's process. */
  sandboxModule: string;
  /** Module of that network's second node. */
  secondNodeModule: string;
  /** Module of the inference process. */
  inferenceModule: string;
  /** Module of the process of a WASM function. */
  wasmModule: string;
  /** The built window. */
  rendererDir: string;
  /** The built preload. */
  preload: string;
  /** Models that ship with the console. */
  modelsDir: string;
  /** Icons of application and tray. */
  iconsDir: string;
  /** package.json, for the version. */
  packageFile: string;
};

/**
 * Paths for an entry such as `out/main/main.cjs` (built) or `src-main/headless.ts` (source, run by Node itself).
 * Native code cannot read models inside a package's archive, so there they lie beside it.
 */
export function consolePaths(entryFile: string): ConsolePaths {
  const folder = dirname(entryFile);
  const isSource = extname(basename(entryFile)) === '.ts';
  const root = isSource ? join(folder, '..') : join(folder, '..', '..');
  return {
    sandboxModule: isSource ? join(folder, 'sandbox', 'main.ts') : join(folder, 'sandbox.cjs'),
    secondNodeModule: isSource ? join(folder, 'second-node.ts') : join(folder, 'second-node.cjs'),
    inferenceModule: isSource ? join(folder, 'inference', 'process.ts') : join(folder, 'inference.cjs'),
    wasmModule: isSource ? join(folder, 'wasm', 'process.ts') : join(folder, 'wasm.cjs'),
    rendererDir: join(root, 'out', 'renderer'),
    preload: join(root, 'out', 'preload', 'preload.cjs'),
    modelsDir: join(root, 'resources', 'models').replace(`app.asar${sep}`, `app.asar.unpacked${sep}`),
    iconsDir: join(root, 'resources', 'icons'),
    packageFile: join(root, 'package.json'),
  };
}
