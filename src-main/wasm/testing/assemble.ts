/** Assembles WebAssembly text for tests, with every feature on, so that refusals are the runner's own. */
import binaryen from 'binaryen';

/** Compact imports are another encoding of every import section, which toolchains do not write unless asked; the package's types do not name the flag. */
export const compactImports = 67_108_864;

/** The binary of a module in text form. */
export function assemble(wat: string): Uint8Array {
  const module = binaryen.parseText(wat);
  module.setFeatures(binaryen.Features.All - compactImports);
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}
