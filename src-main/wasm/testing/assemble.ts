/** Assembles WebAssembly text for tests, with every feature on, so that refusals are the runner's own. */
import binaryen from 'binaryen';

/** The binary of a module in text form. */
export function assemble(wat: string): Uint8Array {
  const module = binaryen.parseText(wat);
  // Compact imports are another encoding of every import section; toolchains do not write it unless asked.
  module.setFeatures(binaryen.Features.All - binaryen.Features.CompactImports);
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}
