/** Makes a module that counts, measures its calls, keeps to its memory and computes the same as the original everywhere (decision on WASM functions). */
import { createReader, createWriter, sized, u32, WasmRefusal, type Reader, type Writer } from './bytes.ts';
import { instrumentFunction, type Injected } from './instrument-function.ts';
import { bounded, parseModule, requireValueType, wasmLimits, type ParsedModule } from './parse-module.ts';

/** The module to run, and the names of the globals that the host reads and writes. */
export type Instrumented = { bytes: Uint8Array; fuel: string; room: string; ended: string; imports: ParsedModule['importedFunctions'] };

const i32Mutable = [0x7f, 0x01, 0x41, 0x00, 0x0b];
const i64Mutable = [0x7e, 0x01, 0x42, 0x00, 0x0b];
const globalKind = 0x03;

/**
 * Rewrites a module. The original must have passed the engine's validation; so must the answer before it is run.
 * @throws WasmRefusal
 */
export function instrumentModule(bytes: Uint8Array): Instrumented {
  const module = parseModule(bytes);
  const extraTypes: number[][] = [];
  const injected: Injected = {
    fuel: module.globals,
    room: module.globals + 1,
    ended: module.globals + 2,
    blockType: (results) => blockType(results, module.types.length, extraTypes),
  };
  const context = { injected, typeAt: (index: number) => module.types[index], typeOfFunction: (index: number) => module.types[module.functionTypes[index] ?? -1] };
  const bodies = module.bodies.map((body) => sized(instrumentFunction({ ...context, body })));
  const names = { fuel: freeName('fuel', module), room: freeName('room', module), ended: freeName('ended', module) };

  const out = createWriter(bytes.length * 2);
  out.push([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
  for (const [id, content] of withGlobals(module)) {
    out.push([id]);
    out.push(sized(rewriteSection(id, content)));
  }
  return { bytes: out.take(), ...names, imports: module.importedFunctions };

  function rewriteSection(id: number, content: Uint8Array): Uint8Array {
    switch (id) {
      case 1:
        return appended(content, extraTypes);
      case 4:
        return mapVector(content, table);
      case 5:
        return mapVector(content, memory, 1);
      case 6:
        return appended(content, [i64Mutable, i32Mutable, i32Mutable]);
      case 7:
        return appended(content, [names.fuel, names.room, names.ended].map((name, index) => [...named(name), globalKind, ...u32(module.globals + index)]));
      case 10:
        return vector(bodies);
      default:
        return content;
    }
  }
}

/** The sections in their order, with one for globals where the module has none. */
function withGlobals({ sections }: ParsedModule): [id: number, content: Uint8Array][] {
  const pairs = sections.map(({ id, content }): [number, Uint8Array] => [id, content]);
  if (pairs.some(([id]) => id === 6)) return pairs;
  const at = pairs.findIndex(([id]) => ![1, 2, 3, 4, 5].includes(id));
  pairs.splice(at === -1 ? pairs.length : at, 0, [6, Uint8Array.of(0)]);
  return pairs;
}

/** No result, one, or a type of their own for several. */
function blockType(results: readonly number[], known: number, extra: number[][]): number[] {
  if (results.length === 0) return [0x40];
  if (results.length === 1) return [results[0]!];
  const type = [0x60, 0, ...u32(results.length), ...results];
  let index = extra.findIndex((one) => one.join() === type.join());
  if (index === -1) index = extra.push(type) - 1;
  return signedIndex(known + index);
}

/** A type index is a signed number of 33 bits in a block type. */
function signedIndex(index: number): number[] {
  const out = u32(index);
  if ((out.at(-1)! & 0x40) === 0) return out;
  return [...out.slice(0, -1), out.at(-1)! | 0x80, 0];
}

const named = (name: string): number[] => {
  const text = new TextEncoder().encode(name);
  return [...u32(text.length), ...text];
};

function freeName(base: string, { exportNames }: ParsedModule): string {
  let name = `metering.${base}`;
  while (exportNames.has(name)) name += '_';
  return name;
}

function appended(content: Uint8Array, added: readonly (readonly number[])[]): Uint8Array {
  const reader = createReader(content);
  const count = reader.u32();
  const out = createWriter(content.length + 64);
  out.push(u32(count + added.length));
  out.push(content.subarray(reader.at));
  for (const one of added) out.push(one);
  return out.take();
}

function vector(entries: readonly Uint8Array[]): Uint8Array {
  const out = createWriter(entries.reduce((sum, entry) => sum + entry.length, 8));
  out.push(u32(entries.length));
  for (const entry of entries) out.push(entry);
  return out.take();
}

function mapVector(content: Uint8Array, each: (reader: Reader, out: Writer) => void, most = 100): Uint8Array {
  const reader = createReader(content);
  const count = bounded(reader.u32(), most, 'it has too many memories or tables');
  const out = createWriter(content.length + 32);
  out.push(u32(count));
  for (let left = count; left > 0; left -= 1) each(reader, out);
  if (!reader.done()) throw new WasmRefusal('a section is longer than its content');
  return out.take();
}

/** A memory may grow as far as everybody's limit and no further: the same answer of memory.grow on every machine. */
const memory = (reader: Reader, out: Writer): void => limits(reader, out, wasmLimits.memoryPages, 'it asks for more memory than there is');

function table(reader: Reader, out: Writer): void {
  out.push([requireValueType(reader.byte())]);
  limits(reader, out, wasmLimits.tableElements, 'it asks for a table that is too large');
}

function limits(reader: Reader, out: Writer, most: number, otherwise: string): void {
  const flags = bounded(reader.byte(), 1, 'it shares its memory or uses 64-bit addresses, which is not allowed here');
  const minimum = bounded(reader.u32(), most, otherwise);
  const maximum = Math.min(most, flags === 1 ? reader.u32() : most);
  out.push([0x01, ...u32(minimum), ...u32(Math.max(minimum, maximum))]);
}
