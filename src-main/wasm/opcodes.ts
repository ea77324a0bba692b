/** The instructions that may run here, with their immediates and what they do to the operand stack (WebAssembly core specification 5.4; decision on WASM functions). */

/** What follows an opcode in the binary. */
export type Immediates = 'none' | 'block' | 'label' | 'labels' | 'call' | 'indirect' | 'u32' | 'u32x2' | 'memory' | 'memoryLane' | 'zero' | 'lane' | 'i32' | 'i64' | 'f32' | 'f64' | 'v128' | 'shuffle' | 'refType' | 'types';

/** An instruction: `grows` is how many operands it leaves more than it takes (an upper bound for vectors), `nan` the float whose NaN it may make. */
export type Instruction = { immediates: Immediates; grows: number; nan: 'f32' | 'f64' | 'f32x4' | 'f64x2' | null };

const one = (immediates: Immediates, grows: number, nan: Instruction['nan'] = null): Instruction => ({ immediates, grows, nan });
const table: (Instruction | undefined)[] = [];
const put = (from: number, to: number, instruction: Instruction): void => {
  for (let code = from; code <= to; code += 1) table[code] = instruction;
};
/** Opcodes of control flow, by their name. */
export const op = {
  unreachable: 0x00, nop: 0x01, block: 0x02, loop: 0x03, if: 0x04, else: 0x05, end: 0x0b, br: 0x0c, brIf: 0x0d, brTable: 0x0e, return: 0x0f, call: 0x10, callIndirect: 0x11,
  drop: 0x1a, select: 0x1b, localGet: 0x20, localSet: 0x21, localTee: 0x22, globalGet: 0x23, globalSet: 0x24, i32Const: 0x41, i64Const: 0x42, i64LtS: 0x53, i32Add: 0x6a, i32Sub: 0x6b,
  i64Sub: 0x7d, i64ShrU: 0x88, i64ExtendI32U: 0xad, i32GtS: 0x4a,
} as const;

put(0x00, 0x01, one('none', 0));
put(0x02, 0x03, one('block', 0));
put(0x04, 0x04, one('block', -1));
put(0x05, 0x05, one('none', 0));
put(0x0b, 0x0b, one('none', 0));
put(0x0c, 0x0c, one('label', 0));
put(0x0d, 0x0d, one('label', -1));
put(0x0e, 0x0e, one('labels', -1));
put(0x0f, 0x0f, one('none', 0));
put(0x10, 0x10, one('call', 0));
put(0x11, 0x11, one('indirect', -1));
put(0x1a, 0x1a, one('none', -1));
put(0x1b, 0x1b, one('none', -2));
put(0x1c, 0x1c, one('types', -2));
put(0x20, 0x20, one('u32', 1));
put(0x21, 0x21, one('u32', -1));
put(0x22, 0x22, one('u32', 0));
put(0x23, 0x23, one('u32', 1));
put(0x24, 0x24, one('u32', -1));
put(0x25, 0x25, one('u32', 0)); // table.get
put(0x26, 0x26, one('u32', -2)); // table.set
put(0x28, 0x35, one('memory', 0)); // loads
put(0x36, 0x3e, one('memory', -2)); // stores
put(0x3f, 0x3f, one('zero', 1)); // memory.size
put(0x40, 0x40, one('zero', 0)); // memory.grow
put(0x41, 0x41, one('i32', 1));
put(0x42, 0x42, one('i64', 1));
put(0x43, 0x43, one('f32', 1));
put(0x44, 0x44, one('f64', 1));
put(0x45, 0x45, one('none', 0)); // i32.eqz
put(0x46, 0x4f, one('none', -1));
put(0x50, 0x50, one('none', 0)); // i64.eqz
put(0x51, 0x66, one('none', -1)); // comparisons
put(0x67, 0x69, one('none', 0));
put(0x6a, 0x78, one('none', -1));
put(0x79, 0x7b, one('none', 0));
put(0x7c, 0x8a, one('none', -1));
put(0x8b, 0x8c, one('none', 0)); // f32.abs, neg: bits only
put(0x8d, 0x91, one('none', 0, 'f32')); // ceil, floor, trunc, nearest, sqrt
put(0x92, 0x97, one('none', -1, 'f32')); // add, sub, mul, div, min, max
put(0x98, 0x98, one('none', -1)); // copysign
put(0x99, 0x9a, one('none', 0));
put(0x9b, 0x9f, one('none', 0, 'f64'));
put(0xa0, 0xa5, one('none', -1, 'f64'));
put(0xa6, 0xa6, one('none', -1));
put(0xa7, 0xb5, one('none', 0));
put(0xb6, 0xb6, one('none', 0, 'f32')); // f32.demote_f64
put(0xb7, 0xba, one('none', 0));
put(0xbb, 0xbb, one('none', 0, 'f64')); // f64.promote_f32
put(0xbc, 0xc4, one('none', 0)); // reinterpretations, sign extensions
put(0xd0, 0xd0, one('refType', 1));
put(0xd1, 0xd1, one('none', 0));
put(0xd2, 0xd2, one('u32', 1));

/** Saturating conversions and operations on whole stretches of memory and tables, behind 0xfc. */
export const bulk = { memoryInit: 8, dataDrop: 9, memoryCopy: 10, memoryFill: 11, tableInit: 12, elemDrop: 13, tableCopy: 14, tableGrow: 15, tableSize: 16, tableFill: 17 } as const;
const bulkTable: Instruction[] = [
  ...Array.from({ length: 8 }, () => one('none', 0)),
  one('u32x2', -3), one('u32', 0), one('u32x2', -3), one('u32', -3), one('u32x2', -3), one('u32', 0), one('u32x2', -3), one('u32', -1), one('u32', 1), one('u32', -3),
];
/** Bulk operations whose work is as long as their last operand. */
export const isStretch = (code: number): boolean => code === bulk.memoryInit || code === bulk.memoryCopy || code === bulk.memoryFill || code === bulk.tableInit || code === bulk.tableCopy || code === bulk.tableGrow || code === bulk.tableFill;

/** Vector instructions that need more than their opcode, or make a NaN. Relaxed ones (from 0x100) are no instructions here. */
function vector(code: number): Instruction | undefined {
  if (code > 0xff || [0x9a, 0xa2, 0xa5, 0xa6, 0xaf, 0xb0, 0xb2, 0xb3, 0xb4, 0xbb, 0xc2, 0xc5, 0xc6, 0xcf, 0xd0, 0xd2, 0xd3, 0xd4, 0xe2, 0xee].includes(code)) return undefined;
  if (code <= 0x0a || code === 0x5c || code === 0x5d) return one('memory', 0);
  if (code === 0x0b) return one('memory', -2);
  if (code === 0x0c) return one('v128', 1);
  if (code === 0x0d) return one('shuffle', -1);
  if (code >= 0x15 && code <= 0x22) return one('lane', 0);
  if (code >= 0x54 && code <= 0x57) return one('memoryLane', -1);
  if (code >= 0x58 && code <= 0x5b) return one('memoryLane', -2);
  if (code === 0x5e || (code >= 0x67 && code <= 0x6a) || code === 0xe3 || (code >= 0xe4 && code <= 0xe9)) return one('none', 0, 'f32x4');
  if (code === 0x5f || code === 0x74 || code === 0x75 || code === 0x7a || code === 0x94 || code === 0xef || (code >= 0xf0 && code <= 0xf5)) return one('none', 0, 'f64x2');
  return one('none', 0);
}

/** The instruction of an opcode, `sub` behind a prefix; undefined for what is not allowed: threads, tail calls, exceptions, references to functions, relaxed vectors. */
export function instructionOf(opcode: number, sub: number | null): Instruction | undefined {
  if (opcode === 0xfc) return sub === null ? undefined : bulkTable[sub];
  if (opcode === 0xfd) return sub === null ? undefined : vector(sub);
  return table[opcode];
}
