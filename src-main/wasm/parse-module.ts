/** Takes a module apart into its sections and refuses what must not run here; the functions' code is left to the injector (WebAssembly core specification 5.5). */
import { createReader, WasmRefusal, type Reader } from './bytes.ts';

export type FunctionType = { params: number; results: number[] };
export type Section = { id: number; content: Uint8Array };
export type CodeBody = { type: FunctionType; locals: { count: number; type: number }[]; code: Uint8Array };

/** A module, so far as the injector needs it. */
export type ParsedModule = {
  sections: Section[];
  types: FunctionType[];
  /** Type index of every function, imported ones first. */
  functionTypes: number[];
  importedFunctions: { name: string; type: FunctionType & { paramTypes: number[] } }[];
  globals: number;
  exportNames: Set<string>;
  bodies: CodeBody[];
};

/** Fixed for everybody: what a result may depend on cannot be one node's setting (decision on WASM functions). */
export const wasmLimits = {
  moduleBytes: 16 * 1024 * 1024,
  memoryPages: 4_096,
  tableElements: 100_000,
  functions: 100_000,
  localsInFunction: 50_000,
  nesting: 1_000,
} as const;

const valueTypes = [0x7f, 0x7e, 0x7d, 0x7c, 0x7b, 0x70, 0x6f];
const magic = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const wasi = 'wasi_snapshot_preview1';
/** Order of sections; the data count stands before the code. */
const order = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11];

/** @throws WasmRefusal with a sentence's end for the operator: "it …" */
export function parseModule(bytes: Uint8Array): ParsedModule {
  if (bytes.length > wasmLimits.moduleBytes) throw new WasmRefusal('it is too large');
  const reader = createReader(bytes);
  if (magic.some((byte, index) => bytes[index] !== byte)) throw new WasmRefusal('it is not a WebAssembly module of version 1');
  reader.bytes(magic.length);
  const module: ParsedModule = { sections: [], types: [], functionTypes: [], importedFunctions: [], globals: 0, exportNames: new Set(), bodies: [] };
  const paramTypes: number[][] = [];
  let last = -1;
  while (!reader.done()) {
    const id = reader.byte();
    const part = reader.part(reader.u32());
    if (id === 0) continue; // custom: names and debugging, dropped
    const place = order.indexOf(id);
    if (place <= last) throw new WasmRefusal(`it has a section (${id}) that is unknown here or out of order`);
    last = place;
    module.sections.push({ id, content: bytes.subarray(part.at, part.end) });
    readSection(id, part, module, paramTypes);
  }
  const own = module.functionTypes.length - module.importedFunctions.length;
  if (own !== module.bodies.length) throw new WasmRefusal('its functions and their code differ in number');
  if (!module.exportNames.has('_start') || !module.exportNames.has('memory')) throw new WasmRefusal('it does not export _start and memory, as a WASI command does');
  return module;
}

function readSection(id: number, part: Reader, module: ParsedModule, paramTypes: number[][]): void {
  switch (id) {
    case 1:
      return vector(part, () => {
        if (part.byte() !== 0x60) throw new WasmRefusal('it has a type that is no function type');
        const params = valueTypesOf(part);
        paramTypes.push(params);
        module.types.push({ params: params.length, results: valueTypesOf(part) });
      });
    case 2:
      return vector(part, () => {
        const [from, name] = [part.name(), part.name()];
        if (from !== wasi || part.byte() !== 0x00) throw new WasmRefusal(`it imports ${from.slice(0, 40)}.${name.slice(0, 40)}; there is only ${wasi}`);
        const index = part.u32();
        module.functionTypes.push(index);
        module.importedFunctions.push({ name, type: { ...typeAt(module, index), paramTypes: paramTypes[index]! } });
      });
    case 3:
      return vector(part, () => {
        const index = part.u32();
        typeAt(module, index);
        module.functionTypes.push(index);
        if (module.functionTypes.length > wasmLimits.functions) throw new WasmRefusal('it has too many functions');
      });
    case 6:
      module.globals = part.u32();
      return;
    case 7:
      return vector(part, () => {
        module.exportNames.add(part.name());
        part.byte();
        part.u32();
      });
    case 8:
      throw new WasmRefusal('it has a start function, which a WASI command has not');
    case 10: {
      let index = module.importedFunctions.length;
      return vector(part, () => void module.bodies.push(readBody(part.part(part.u32()), typeAt(module, module.functionTypes[index++]))));
    }
    default:
      return; // checked by the engine's own validation, or rewritten by the injector
  }
}

function vector(part: Reader, each: () => void): void {
  for (let count = part.u32(); count > 0; count -= 1) each();
  if (!part.done()) throw new WasmRefusal('a section is longer than its content');
}

function valueTypesOf(part: Reader): number[] {
  return Array.from({ length: bounded(part.u32(), 1_000, 'a type is too long') }, () => requireValueType(part.byte()));
}

function typeAt(module: ParsedModule, index: number | undefined): FunctionType {
  const type = index === undefined ? undefined : module.types[index];
  if (type === undefined) throw new WasmRefusal('it names a type that is not there');
  return type;
}

function readBody(part: Reader, type: FunctionType): CodeBody {
  const locals = Array.from({ length: bounded(part.u32(), wasmLimits.localsInFunction, 'a function has too many locals') }, () => ({ count: part.u32(), type: part.byte() }));
  const total = locals.reduce((sum, { count }) => sum + count, 0);
  bounded(total, wasmLimits.localsInFunction, 'a function has too many locals');
  for (const local of locals) requireValueType(local.type);
  return { type, locals, code: part.bytes(part.end - part.at) };
}

/** Numbers, vectors, and references to functions and host values as they were first specified. @throws WasmRefusal for every other type */
export function requireValueType(type: number): number {
  if (!valueTypes.includes(type)) throw new WasmRefusal('it uses a value type that is not allowed here');
  return type;
}

/** @throws WasmRefusal above the limit */
export function bounded(value: number, limit: number, otherwise: string): number {
  if (value > limit) throw new WasmRefusal(otherwise);
  return value;
}
