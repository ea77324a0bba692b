/** Rewrites one function: a charge at the start of each basic block, a measure of the call depth, and one form for every NaN (decision on WASM functions). */
import { createReader, createWriter, positive, u32, WasmRefusal, type Reader } from './bytes.ts';
import { instructionOf, isStretch, op, type Immediates, type Instruction } from './opcodes.ts';
import { bounded, requireValueType, wasmLimits, type CodeBody, type FunctionType } from './parse-module.ts';

/** Indices of the globals and types that the injector added. */
export type Injected = {
  /** i64, instructions that are left. */
  fuel: number;
  /** i32, room that calls may still take, in slots. */
  room: number;
  /** i32, 1 once the fuel did not suffice, 2 once the room did not. */
  ended: number;
  /** The block type of a function's results. */
  blockType(results: readonly number[]): number[];
};

type Context = { body: CodeBody; injected: Injected; typeOfFunction(index: number): FunctionType | undefined; typeAt(index: number): FunctionType | undefined };

/** Slots that a call takes beside its locals and operands. */
const frameSlots = 16;
const nanBytes: Record<NonNullable<Instruction['nan']>, number[]> = {
  f32: [0x43, 0x00, 0x00, 0xc0, 0x7f],
  f64: [0x44, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f],
  f32x4: [0xfd, 0x0c, ...Array.from({ length: 4 }, () => [0x00, 0x00, 0xc0, 0x7f]).flat()],
  f64x2: [0xfd, 0x0c, ...Array.from({ length: 2 }, () => [0, 0, 0, 0, 0, 0, 0xf8, 0x7f]).flat()],
};
const nanTypes: Record<NonNullable<Instruction['nan']>, number> = { f32: 0x7d, f64: 0x7c, f32x4: 0x7b, f64x2: 0x7b };
const equal: Record<NonNullable<Instruction['nan']>, number[]> = { f32: [0x5b, 0x1b], f64: [0x61, 0x1b], f32x4: [0xfd, 0x41, 0xfd, 0x52], f64x2: [0xfd, 0x47, 0xfd, 0x52] };
const i32Type = 0x7f;

/** A rewritten body, with the length of its code before it left to the caller. */
export function instrumentFunction(context: Context): Uint8Array {
  const { body, injected } = context;
  const own = body.locals.reduce((sum, { count }) => sum + count, 0);
  const added = createAddedLocals(body.type.params + own);
  const rewritten = rewriteCode(context, added);
  const slots = frameSlots + body.type.params + own + rewritten.height;
  const out = createWriter(rewritten.code.length + 256);
  const groups = [...body.locals, ...added.types().map((type) => ({ count: 1, type }))];
  out.push(u32(groups.length));
  for (const { count, type } of groups) out.push([...u32(count), type]);
  out.push(enter(injected, slots));
  // The body stands in a block of its own: a return becomes a branch to its end, and so there is one way out.
  out.push([op.block, ...injected.blockType(body.type.results)]);
  out.push(rewritten.code);
  out.push([op.globalGet, ...u32(injected.room), op.i32Const, ...positive(slots), op.i32Add, op.globalSet, ...u32(injected.room), op.end]);
  return out.take();
}

/** Ends the run with a mark of why. */
const endWith = ({ ended }: Injected, mark: 1 | 2): number[] => [op.i32Const, mark, op.globalSet, ...u32(ended), op.unreachable];

/** Takes the room of a call, or ends the run. */
const enter = (injected: Injected, slots: number): number[] => [
  op.i32Const, ...positive(slots), op.globalGet, ...u32(injected.room), op.i32GtS, op.if, 0x40, ...endWith(injected, 2), op.end,
  op.globalGet, ...u32(injected.room), op.i32Const, ...positive(slots), op.i32Sub, op.globalSet, ...u32(injected.room),
];

/** Takes `count` from the fuel, or ends the run with the fuel untouched. */
const charge = (injected: Injected, count: number): number[] => [
  op.globalGet, ...u32(injected.fuel), op.i64Const, ...positive(count), op.i64LtS, op.if, 0x40, ...endWith(injected, 1), op.end,
  op.globalGet, ...u32(injected.fuel), op.i64Const, ...positive(count), op.i64Sub, op.globalSet, ...u32(injected.fuel),
];

/** Takes an eighth of the i32 on top of the stack, which stays there, from the fuel. */
function chargeStretch(injected: Injected, local: number): number[] {
  const eighth = [op.localGet, ...u32(local), op.i64ExtendI32U, op.i64Const, 3, op.i64ShrU];
  return [
    op.localTee, ...u32(local), op.globalGet, ...u32(injected.fuel), ...eighth, op.i64LtS, op.if, 0x40, ...endWith(injected, 1), op.end,
    op.globalGet, ...u32(injected.fuel), ...eighth, op.i64Sub, op.globalSet, ...u32(injected.fuel),
  ];
}

/** One NaN for all: x where x equals itself, else the positive quiet NaN without payload. */
function oneNan(kind: NonNullable<Instruction['nan']>, local: number): number[] {
  const get = [op.localGet, ...u32(local)];
  return [op.localTee, ...u32(local), ...nanBytes[kind], ...get, ...get, ...equal[kind]];
}

type AddedLocals = { of(type: number): number; types(): number[] };

function createAddedLocals(first: number): AddedLocals {
  const types: number[] = [];
  return {
    of(type) {
      if (!types.includes(type)) types.push(type);
      return first + types.indexOf(type);
    },
    types: () => types,
  };
}

/** What is open around an instruction: its results, the stack's height below it, and whether code can reach this place. */
type Frame = { results: number; height: number; params: number; dead: boolean };

/** The code with its injections; its last `end` closes the block around it. `height` is the most operands at once. */
function rewriteCode(context: Context, added: AddedLocals): { code: Uint8Array; height: number } {
  const { body, injected } = context;
  const reader = createReader(body.code);
  const out = createWriter(body.code.length * 2);
  const frames: Frame[] = [{ results: body.type.results.length, height: 0, params: 0, dead: false }];
  let height = 0;
  let most = 0;
  const block = createWriter();
  let count = 0;
  const flush = (): void => {
    if (count > 0) out.push(charge(injected, count));
    block.moveTo(out);
    count = 0;
  };
  while (frames.length > 0) {
    if (reader.done()) throw new WasmRefusal('a function ends too early');
    const start = reader.at;
    const opcode = reader.byte();
    const sub = opcode === 0xfc || opcode === 0xfd ? reader.u32() : null;
    const instruction = instructionOf(opcode, sub);
    if (instruction === undefined) throw new WasmRefusal(`it uses an instruction that is not allowed here (0x${opcode.toString(16)}${sub === null ? '' : ` ${sub}`})`);
    const top = frames.at(-1)!;
    const read = readImmediates(instruction.immediates, reader, context);
    const structure = opcode === op.block || opcode === op.loop || opcode === op.else || opcode === op.end;
    if (!structure && !top.dead) count += 1;
    if (opcode === 0xfc && isStretch(sub!) && !top.dead) block.push(chargeStretch(injected, added.of(i32Type)));
    if (opcode === op.return) block.push([op.br, ...u32(frames.length - 1)]);
    else block.push(body.code.subarray(start, reader.at));
    if (instruction.nan !== null && !top.dead) block.push(oneNan(instruction.nan, added.of(nanTypes[instruction.nan])));
    height = Math.max(0, height + instruction.grows + read.grows);
    most = Math.max(most, height);
    if (opcode === op.block || opcode === op.loop || opcode === op.if) {
      bounded(frames.length, wasmLimits.nesting, 'its blocks are nested too deep');
      frames.push({ results: read.results, height: Math.max(0, height - read.params), params: read.params, dead: false });
    }
    if (opcode === op.else) [height, top.dead] = [top.height + top.params, false];
    if (opcode === op.end) {
      frames.pop();
      height = top.height + top.results;
      most = Math.max(most, height);
    }
    if (opcode === op.br || opcode === op.brTable || opcode === op.return || opcode === op.unreachable) top.dead = true;
    // Where control can come from elsewhere, or go elsewhere, a basic block ends.
    if (opcode !== op.block && (structure || opcode === op.if || instruction.immediates === 'label' || instruction.immediates === 'labels' || opcode === op.return || opcode === op.unreachable)) flush();
  }
  if (!reader.done()) throw new WasmRefusal('a function has code behind its end');
  flush();
  return { code: out.take(), height: most };
}

type Read = { grows: number; params: number; results: number };
const nothing: Read = { grows: 0, params: 0, results: 0 };
const effect = (type: FunctionType): Read => ({ grows: type.results.length - type.params, params: type.params, results: type.results.length });

function readImmediates(kind: Immediates, reader: Reader, { typeOfFunction, typeAt }: Context): Read {
  switch (kind) {
    case 'none':
      return nothing;
    case 'block':
      return readBlockType(reader, typeAt);
    case 'label':
    case 'u32':
      reader.u32();
      return nothing;
    case 'labels':
      for (let left = reader.u32() + 1; left > 0; left -= 1) reader.u32();
      return nothing;
    case 'call':
      return effect(known(typeOfFunction(reader.u32())));
    case 'indirect': {
      const type = known(typeAt(reader.u32()));
      reader.u32();
      return effect(type);
    }
    case 'u32x2':
      reader.u32();
      reader.u32();
      return nothing;
    case 'memory':
    case 'memoryLane':
      // A larger number here would name another memory.
      bounded(reader.u32(), 4, 'it aligns in a way that is not allowed here');
      reader.u32();
      if (kind === 'memoryLane') reader.byte();
      return nothing;
    case 'zero':
      bounded(reader.byte(), 0, 'it names a second memory');
      return nothing;
    case 'lane':
      reader.byte();
      return nothing;
    case 'refType':
      requireValueType(reader.byte());
      return nothing;
    case 'i32':
      reader.skipSigned(32);
      return nothing;
    case 'i64':
      reader.skipSigned(64);
      return nothing;
    case 'f32':
      reader.bytes(4);
      return nothing;
    case 'f64':
      reader.bytes(8);
      return nothing;
    case 'v128':
    case 'shuffle':
      reader.bytes(16);
      return nothing;
    case 'types':
      for (let left = reader.u32(); left > 0; left -= 1) requireValueType(reader.byte());
      return nothing;
  }
}

/** Empty, one result, or a type with parameters, whose index is a signed number of 33 bits. */
function readBlockType(reader: Reader, typeAt: Context['typeAt']): Read {
  const start = reader.peek();
  if (start === 0x40) {
    reader.byte();
    return nothing;
  }
  if (start >= 0x40 && start < 0x80) {
    requireValueType(reader.byte());
    return { grows: 0, params: 0, results: 1 };
  }
  return { ...effect(known(typeAt(reader.u32()))), grows: 0 };
}

function known(type: FunctionType | undefined): FunctionType {
  if (type === undefined) throw new WasmRefusal('it names a function or type that is not there');
  return type;
}
