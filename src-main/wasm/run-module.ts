/** Runs one instrumented module to its end, its trap or its limit, and says what it did; the same on every machine (coordinator.md 4, wasm.run). */
import { WasmRefusal } from './bytes.ts';
import { instrumentModule, type Instrumented } from './instrument-module.ts';
import { webAssembly, type WasmGlobal, type WasmInstance, type WasmMemory } from './web-assembly.ts';
import { createWasi, Exited, OutputTooLarge, wasiSignatures, type WasiInput } from './wasi.ts';

export type RunInput = WasiInput & {
  module: Uint8Array;
  /** The run ends before the instruction after these. */
  maxInstructions: bigint;
};

/** What came of it; `failed` is nobody's result: it may differ on another machine. */
export type RunOutcome =
  | { kind: 'ended'; exitCode: number; stdout: Uint8Array; stderr: Uint8Array; trap: string | null; instructions: bigint }
  | { kind: 'refused'; detail: string }
  | { kind: 'output_too_large' }
  | { kind: 'failed'; reason: 'out_of_memory' | 'stack' | 'engine' };

/** Slots of all calls under way together: 8 bytes each, 16 for vectors; far below what the thread's stack holds. */
const callSlots = 1_000_000;
/** What a shell would say of a program that was aborted. */
const trapExitCode = 134;

/** Words for traps, by what the engine says; one that it words otherwise is just a trap. */
const traps: readonly (readonly [RegExp, string])[] = [
  [/unreachable/, 'unreachable'],
  [/memory access out of bounds/, 'memory access out of bounds'],
  [/table (index|access)|out of bounds table|index is out of bounds/, 'table access out of bounds'],
  [/divide by zero|remainder by zero/, 'integer divide by zero'],
  [/divide result unrepresentable/, 'integer overflow'],
  [/unrepresentable in integer range/, 'invalid conversion to integer'],
  [/null function|signature mismatch|function signature/, 'indirect call of another function'],
];

class OutOfFuel extends Error {}

/** Never rejects because of what the module does. */
export async function runModule(input: RunInput): Promise<RunOutcome> {
  let prepared: Instrumented;
  try {
    prepared = prepare(input.module);
  } catch (error) {
    if (error instanceof WasmRefusal) return { kind: 'refused', detail: error.message };
    throw error;
  }
  return executePrepared(prepared, input);
}

/** @throws WasmRefusal */
export function prepare(module: Uint8Array): Instrumented {
  const prepared = instrumentModule(module);
  // The injector is no validator: the original must be valid by itself, else its own code could ride on what was injected.
  if (!webAssembly.validate(module) || !webAssembly.validate(prepared.bytes)) throw new WasmRefusal('it is not valid');
  for (const { name, type } of prepared.imports) {
    const expected = Object.hasOwn(wasiSignatures, name) ? wasiSignatures[name] : undefined;
    const found = type.paramTypes.map((one) => ({ 0x7f: 'i', 0x7e: 'I' })[one] ?? '?').join('');
    const results = name === 'proc_exit' ? [] : [0x7f];
    if (found !== expected || type.results.join() !== results.join()) throw new WasmRefusal(`it imports ${name.slice(0, 40)}, which WASI preview 1 has not, or not like that`);
  }
  return prepared;
}

/** Runs a prepared module. */
export async function executePrepared({ bytes, fuel, room, ended }: Instrumented, input: RunInput): Promise<RunOutcome> {
  let instance: WasmInstance | null = null;
  const exported = <T>(name: string): T => instance!.exports[name] as T;
  const left = (): bigint => exported<WasmGlobal<bigint>>(fuel).value;
  const instructions = (): bigint => input.maxInstructions - left();
  const wasi = createWasi(input, {
    memory: () => exported<WasmMemory>('memory').buffer,
    instructions,
    charge(count) {
      if (left() < BigInt(count)) throw new OutOfFuel();
      exported<WasmGlobal<bigint>>(fuel).value = left() - BigInt(count);
    },
  });
  const done = (exitCode: number, trap: string | null): RunOutcome => ({ kind: 'ended', exitCode, ...wasi.output(), trap, instructions: instructions() });
  try {
    ({ instance } = await webAssembly.instantiate(bytes, { wasi_snapshot_preview1: wasi.functions }));
  } catch (error) {
    if (error instanceof webAssembly.LinkError || error instanceof webAssembly.RuntimeError) return { kind: 'refused', detail: 'its data or elements do not fit into its memory or tables' };
    return { kind: 'failed', reason: 'out_of_memory' };
  }
  const start = exported<unknown>('_start');
  if (typeof start !== 'function' || start.length !== 0 || !(exported<unknown>('memory') instanceof webAssembly.Memory)) return { kind: 'refused', detail: 'its _start is no function, or its memory no memory' };
  exported<WasmGlobal<bigint>>(fuel).value = input.maxInstructions;
  exported<WasmGlobal<number>>(room).value = callSlots;
  try {
    start();
    return done(0, null);
  } catch (error) {
    const mark = exported<WasmGlobal<number>>(ended).value;
    if (error instanceof Exited) return done(error.code, null);
    if (error instanceof OutOfFuel || mark === 1) return done(trapExitCode, 'instruction limit reached');
    if (mark === 2) return done(trapExitCode, 'call stack exhausted');
    if (error instanceof OutputTooLarge) return { kind: 'output_too_large' };
    if (error instanceof webAssembly.RuntimeError) return done(trapExitCode, traps.find(([pattern]) => pattern.test(error.message))?.[1] ?? 'trap');
    // The thread's own stack: our measure is meant to come first.
    if (error instanceof RangeError) return { kind: 'failed', reason: 'stack' };
    return { kind: 'failed', reason: 'engine' };
  }
}
