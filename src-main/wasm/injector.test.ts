/** Any program computes and costs after injection what the definition says: compared with the engine's own run of the original and with a count kept beside an evaluation in JavaScript. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runModule } from './run-module.ts';
import { assemble } from './testing/assemble.ts';
import { webAssembly, type WasmMemory } from './web-assembly.ts';

type Expression =
  | { kind: 'const'; value: number }
  | { kind: 'get'; of: number }
  | { kind: 'op'; name: 'add' | 'sub' | 'mul' | 'xor' | 'lt_u'; a: Expression; b: Expression }
  | { kind: 'select'; a: Expression; b: Expression; if: Expression }
  | { kind: 'if'; if: Expression; a: Expression; b: Expression }
  | { kind: 'float'; a: Expression }
  | { kind: 'call'; a: Expression };
type Statement =
  | { kind: 'set'; of: number; to: Expression }
  | { kind: 'if'; if: Expression; then: Statement[]; else: Statement[] }
  | { kind: 'loop'; times: number; body: Statement[] }
  | { kind: 'block'; before: Statement[]; leaveIf: Expression; after: Statement[] }
  | { kind: 'switch'; on: Expression; first: Statement[]; second: Statement[] }
  | { kind: 'returnIf'; if: Expression };

const variables = 3;
const { statements } = fc.letrec<{ expression: Expression; statement: Statement; statements: Statement[] }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.record({ kind: fc.constant('const' as const), value: fc.integer() }),
    fc.record({ kind: fc.constant('get' as const), of: fc.nat(variables - 1) }),
    fc.record({ kind: fc.constant('op' as const), name: fc.constantFrom('add', 'sub', 'mul', 'xor', 'lt_u'), a: tie('expression'), b: tie('expression') }),
    fc.record({ kind: fc.constant('select' as const), a: tie('expression'), b: tie('expression'), if: tie('expression') }),
    fc.record({ kind: fc.constant('if' as const), if: tie('expression'), a: tie('expression'), b: tie('expression') }),
    fc.record({ kind: fc.constant('float' as const), a: tie('expression') }),
    fc.record({ kind: fc.constant('call' as const), a: tie('expression') }),
  ) as fc.Arbitrary<Expression>,
  statement: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.record({ kind: fc.constant('set' as const), of: fc.nat(variables - 1), to: tie('expression') }),
    fc.record({ kind: fc.constant('if' as const), if: tie('expression'), then: tie('statements'), else: tie('statements') }),
    fc.record({ kind: fc.constant('loop' as const), times: fc.integer({ min: 1, max: 3 }), body: tie('statements') }),
    fc.record({ kind: fc.constant('block' as const), before: tie('statements'), leaveIf: tie('expression'), after: tie('statements') }),
    fc.record({ kind: fc.constant('switch' as const), on: tie('expression'), first: tie('statements'), second: tie('statements') }),
    fc.record({ kind: fc.constant('returnIf' as const), if: tie('expression') }),
  ) as fc.Arbitrary<Statement>,
  statements: fc.array(tie('statement'), { maxLength: 4 }) as fc.Arbitrary<Statement[]>,
}));

/** Program text; loops count in locals of their own. */
function textOf(program: readonly Statement[]): string {
  let loops = 0;
  const value = (one: Expression): string => {
    switch (one.kind) {
      case 'const':
        return `(i32.const ${one.value})`;
      case 'get':
        return `(global.get ${one.of})`;
      case 'op':
        return `(i32.${one.name} ${value(one.a)} ${value(one.b)})`;
      case 'select':
        return `(select ${value(one.a)} ${value(one.b)} ${value(one.if)})`;
      case 'if':
        return `(if (result i32) ${value(one.if)} (then ${value(one.a)}) (else ${value(one.b)}))`;
      case 'float':
        return `(i32.trunc_sat_f64_s (f64.sqrt (f64.convert_i32_s ${value(one.a)})))`;
      case 'call':
        return `(call $twice ${value(one.a)})`;
    }
  };
  const list = (all: readonly Statement[]): string => all.map(act).join(' ');
  const act = (one: Statement): string => {
    switch (one.kind) {
      case 'set':
        return `(global.set ${one.of} ${value(one.to)})`;
      case 'if':
        return `(if ${value(one.if)} (then ${list(one.then)}) (else ${list(one.else)}))`;
      case 'loop': {
        const local = loops++;
        return `(local.set ${local} (i32.const ${one.times})) (loop $l${local} ${list(one.body)} (br_if $l${local} (local.tee ${local} (i32.sub (local.get ${local}) (i32.const 1)))))`;
      }
      case 'block':
        return `(block $out ${list(one.before)} (br_if $out ${value(one.leaveIf)}) ${list(one.after)})`;
      case 'switch':
        return `(block $b (block $a (br_table $a $b ${value(one.on)})) ${list(one.first)}) ${list(one.second)}`;
      case 'returnIf':
        return `(if ${value(one.if)} (then (return)))`;
    }
  };
  const body = list(program);
  return `(module
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    ${'(global (mut i32) (i32.const 0))'.repeat(variables)}
    (func $twice (param i32) (result i32) (if (i32.eqz (local.get 0)) (then (return (i32.const 1)))) (i32.shl (local.get 0) (i32.const 1)))
    (func $main ${'(local i32)'.repeat(loops)} ${body})
    (func (export "_start") (call $main)
      (i32.store (i32.const 0) (i32.const 16)) (i32.store (i32.const 4) (i32.const 12))
      ${[0, 1, 2].map((of) => `(i32.store (i32.const ${16 + of * 4}) (global.get ${of}))`).join(' ')}
      (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 64)))))`;
}

/** Values and instructions by the definition, kept by hand. */
function evaluate(program: readonly Statement[]): { values: number[]; count: bigint } {
  const values = Array.from({ length: variables }, () => 0);
  let count = 0;
  const value = (one: Expression): number => {
    switch (one.kind) {
      case 'const':
        count += 1;
        return one.value;
      case 'get':
        count += 1;
        return values[one.of]!;
      case 'op': {
        const [a, b] = [value(one.a), value(one.b)];
        count += 1;
        return { add: () => (a + b) | 0, sub: () => (a - b) | 0, mul: () => Math.imul(a, b), xor: () => a ^ b, lt_u: () => Number(a >>> 0 < b >>> 0) }[one.name]();
      }
      case 'select': {
        const [a, b, chosen] = [value(one.a), value(one.b), value(one.if)];
        count += 1;
        return chosen !== 0 ? a : b;
      }
      case 'if': {
        const chosen = value(one.if);
        count += 1;
        return chosen !== 0 ? value(one.a) : value(one.b);
      }
      case 'float': {
        const root = Math.sqrt(value(one.a));
        count += 3;
        return Number.isNaN(root) ? 0 : Math.trunc(root);
      }
      case 'call': {
        const a = value(one.a);
        // call; get, eqz, if; then const and return, or get, const, shl.
        count += a === 0 ? 6 : 7;
        return a === 0 ? 1 : a << 1;
      }
    }
  };
  const list = (all: readonly Statement[]): void => all.forEach(act);
  const act = (one: Statement): void => {
    switch (one.kind) {
      case 'set':
        values[one.of] = value(one.to);
        count += 1;
        return;
      case 'if': {
        const chosen = value(one.if);
        count += 1;
        return list(chosen !== 0 ? one.then : one.else);
      }
      case 'loop':
        count += 2;
        for (let left = one.times; left > 0; left -= 1) {
          list(one.body);
          count += 5;
        }
        return;
      case 'block': {
        list(one.before);
        const leave = value(one.leaveIf);
        count += 1;
        if (leave === 0) list(one.after);
        return;
      }
      case 'switch': {
        const on = value(one.on);
        count += 1;
        if (on === 0) list(one.first);
        return list(one.second);
      }
      case 'returnIf':
        if (value(one.if) !== 0) {
          count += 2;
          throw returned;
        }
        count += 1;
    }
  };
  try {
    list(program);
  } catch (error) {
    if (error !== returned) throw error;
  }
  return { values, count: BigInt(count) };
}
const returned = new Error('returned');

/** What the host counts for writing twelve bytes in one part, and the instructions of _start. */
const around = 1n + 6n + 9n + 6n + 32n + 2n + 32n;

async function original(module: Uint8Array): Promise<Uint8Array> {
  let memory: WasmMemory | null = null;
  let out = new Uint8Array(0);
  const write = (): number => {
    out = new Uint8Array(memory!.buffer).slice(16, 28);
    return 0;
  };
  const { instance } = await webAssembly.instantiate(module, { wasi_snapshot_preview1: { fd_write: write } });
  memory = instance.exports['memory'] as WasmMemory;
  (instance.exports['_start'] as () => void)();
  return out;
}

describe('the injector', () => {
  it('changes no result and counts by the definition', async () => {
    await fc.assert(
      fc.asyncProperty(statements, async (program) => {
        const module = assemble(textOf(program));
        const outcome = await runModule({ module, args: [], stdin: new Uint8Array(0), taskId: 'T', taskTimeMs: 0, maxInstructions: 10_000_000n });
        const expected = evaluate(program);
        expect(outcome).toMatchObject({ kind: 'ended', exitCode: 0, trap: null });
        if (outcome.kind !== 'ended') return;
        expect(outcome.stdout).toEqual(await original(module));
        expect([...new Int32Array(outcome.stdout.slice().buffer)]).toEqual(expected.values);
        expect(outcome.instructions).toBe(expected.count + around);
      }),
      { numRuns: 300 },
    );
  });
  it('keeps every budget, wherever it ends', async () => {
    await fc.assert(
      fc.asyncProperty(statements, fc.bigInt({ min: 0n, max: 200n }), async (program, maxInstructions) => {
        const outcome = await runModule({ module: assemble(textOf(program)), args: [], stdin: new Uint8Array(0), taskId: 'T', taskTimeMs: 0, maxInstructions });
        const needed = evaluate(program).count + around;
        if (outcome.kind !== 'ended') throw new Error(outcome.kind);
        expect(outcome.trap).toBe(needed > maxInstructions ? 'instruction limit reached' : null);
        expect(outcome.instructions).toBeLessThanOrEqual(maxInstructions);
      }),
      { numRuns: 100 },
    );
  });
});
