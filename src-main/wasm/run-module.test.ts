/** What a module computes, what it costs and how it ends: by hand-written modules, hostile ones among them. */
import binaryen from 'binaryen';
import { describe, expect, it } from 'vitest';
import { instrumentModule } from './instrument-module.ts';
import { executePrepared, runModule, type RunInput, type RunOutcome } from './run-module.ts';
import { assemble, compactImports } from './testing/assemble.ts';

const input: Omit<RunInput, 'module'> = { args: [], stdin: new Uint8Array(0), taskId: '01J00000000000000000000000', taskTimeMs: 1_700_000_000_000, maxInstructions: 50_000_000n };
const run = (wat: string, over: Partial<RunInput> = {}): Promise<RunOutcome> => runModule({ ...input, ...over, module: assemble(wat) });
const command = (body: string, more = ''): string => `(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
  (memory (export "memory") 1)
  (table 4 4 funcref)
  ${more}
  (func (export "_start") ${body}))`;
/** Writes \`length\` bytes at \`at\` to stdout. */
const print = (at: number, length: number): string => `(i32.store (i32.const 8) (i32.const ${at})) (i32.store (i32.const 12) (i32.const ${length})) (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)))`;
const ended = (outcome: RunOutcome): Extract<RunOutcome, { kind: 'ended' }> => {
  if (outcome.kind !== 'ended') throw new Error(JSON.stringify(outcome));
  return outcome;
};

describe('a run', () => {
  it('counts what the decision says: each instruction but block, loop, else and end', async () => {
    // const, drop, nop, and the block around them: three.
    expect(ended(await run(command('(block (drop (i32.const 1)) (nop))'))).instructions).toBe(3n);
    // Ten rounds of const, get, add, tee, const, lt, br_if (7), and const, set before.
    expect(ended(await run(command('(local $i i32) (local.set $i (i32.const 0)) (loop $again (br_if $again (i32.lt_s (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10))))'))).instructions).toBe(2n + 10n * 7n);
    // Only the arm that is taken: const, if, nop; the other has three.
    expect(ended(await run(command('(if (i32.const 1) (then (nop)) (else (nop) (nop) (nop)))'))).instructions).toBe(3n);
    // A call is one, and what it calls is counted there.
    expect(ended(await run(command('(call $f)', '(func $f (nop) (return))'))).instructions).toBe(3n);
  });
  it('counts a block whole when it is entered, also when it traps half way', async () => {
    expect(ended(await run(command('(nop) (drop (i32.div_s (i32.const 1) (i32.const 0))) (nop) (nop)'))).instructions).toBe(7n);
  });
  it('gives stdin, arguments and streams', async () => {
    const body = `(i32.store (i32.const 0) (i32.const 100)) (i32.store (i32.const 4) (i32.const 50))
      (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 20)))
      (i32.store (i32.const 8) (i32.const 100)) (i32.store (i32.const 12) (i32.load (i32.const 20)))
      (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)))
      (drop (call $write (i32.const 2) (i32.const 8) (i32.const 1) (i32.const 16)))
      (call $exit (i32.const 7))`;
    const { stdout, stderr, exitCode, trap } = ended(await run(command(body), { stdin: Buffer.from('hello') }));
    expect([Buffer.from(stdout).toString(), Buffer.from(stderr).toString(), exitCode, trap]).toEqual(['hello', 'hello', 7, null]);
  });
  it('knows chance and time only from the task', async () => {
    const body = `(drop (call $random (i32.const 100) (i32.const 40))) (drop (call $clock (i32.const 0) (i64.const 0) (i32.const 140))) ${print(100, 48)}`;
    const [a, b, c] = [ended(await run(command(body))), ended(await run(command(body))), ended(await run(command(body), { taskId: '01J00000000000000000000001' }))];
    expect(a.stdout).toEqual(b.stdout);
    expect(a.stdout.subarray(0, 40)).not.toEqual(c.stdout.subarray(0, 40));
    expect(new Set(a.stdout.subarray(0, 40)).size).toBeGreaterThan(20);
    const time = Buffer.from(a.stdout).readBigUInt64LE(40);
    expect(time - 1_700_000_000_000_000_000n).toBeLessThan(10_000n);
  });
});

describe('a hostile module', () => {
  it('that never ends is ended by its instructions', async () => {
    const outcome = ended(await run(command('(loop $again (br $again))'), { maxInstructions: 1_000_000n }));
    expect(outcome).toMatchObject({ trap: 'instruction limit reached', exitCode: 134, instructions: 1_000_000n });
  });
  it('takes memory up to the limit, and is told no beyond', async () => {
    const body = `(local $n i32) (loop $again (local.set $n (memory.grow (i32.const 64))) (br_if $again (i32.ne (local.get $n) (i32.const -1)))) (i32.store (i32.const 100) (memory.size)) ${print(100, 4)}`;
    const { stdout } = ended(await run(command(body)));
    expect(Buffer.from(stdout).readUInt32LE()).toBeGreaterThan(4_096 - 64);
    expect(Buffer.from(stdout).readUInt32LE()).toBeLessThanOrEqual(4_096);
  });
  it('that fills memory pays for its length', async () => {
    const { instructions } = ended(await run(command('(memory.fill (i32.const 0) (i32.const 7) (i32.const 65536))')));
    expect(instructions).toBe(4n + 8_192n);
    const bomb = ended(await run(command('(drop (memory.grow (i32.const 400))) (loop $again (memory.fill (i32.const 0) (i32.const 7) (i32.const 26000000)) (br $again))'), { maxInstructions: 10_000_000n }));
    expect(bomb.trap).toBe('instruction limit reached');
  });
  it('that writes without end is stopped', async () => {
    expect(await run(command(`(loop $again ${print(0, 65_000)} (br $again))`))).toEqual({ kind: 'output_too_large' });
  });
  it('that points anywhere is answered, not obeyed', async () => {
    const body = `(i32.store (i32.const 100) (call $write (i32.const 1) (i32.const -8) (i32.const 1) (i32.const 0)))
      (i32.store (i32.const 104) (call $write (i32.const 1) (i32.const 8) (i32.const 2000000000) (i32.const 0)))
      (i32.store (i32.const 108) (call $random (i32.const 65530) (i32.const 100)))
      (i32.store (i32.const 112) (call $write (i32.const 9) (i32.const 8) (i32.const 1) (i32.const 0))) ${print(100, 16)}`;
    expect([...new Uint32Array(ended(await run(command(body))).stdout.buffer)]).toEqual([21, 21, 21, 8]);
  });
  it.each<[string, string, string]>([
    ['(unreachable)', '', 'unreachable'],
    ['(drop (i32.load (i32.const 70000)))', '', 'memory access out of bounds'],
    ['(drop (i32.div_s (i32.const 1) (i32.const 0)))', '', 'integer divide by zero'],
    ['(drop (i32.rem_u (i32.const 1) (i32.const 0)))', '', 'integer divide by zero'],
    ['(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))', '', 'integer overflow'],
    ['(drop (i32.trunc_f32_s (f32.const nan)))', '', 'invalid conversion to integer'],
    ['(call_indirect (i32.const 9))', '', 'table access out of bounds'],
    ['(call_indirect (i32.const 1))', '', 'indirect call of another function'],
    ['(memory.copy (i32.const 0) (i32.const 65000) (i32.const 1000))', '', 'memory access out of bounds'],
  ])('%s traps in words of our own', async (body, more, trap) => {
    expect(ended(await run(command(body, more)))).toMatchObject({ trap, exitCode: 134 });
  });
});

describe('what is refused', () => {
  it.each<[string, string, RegExp]>([
    ['shared memory', '(module (memory (export "memory") 1 2 shared) (func (export "_start")))', /shares its memory/],
    ['atomics', command('(drop (i32.atomic.load (i32.const 0)))'), /not allowed here \(0xfe/],
    ['relaxed vectors', command('(drop (f32x4.relaxed_madd (v128.const i32x4 0 0 0 0) (v128.const i32x4 0 0 0 0) (v128.const i32x4 0 0 0 0)))'), /not allowed here \(0xfd 261/],
    ['tail calls', command('(return_call $f)', '(func $f)'), /not allowed here \(0x12/],
    ['exceptions', command('(throw $e)', '(tag $e)'), /section \(13\)/],
    ['64-bit memory', '(module (memory (export "memory") i64 1) (func (export "_start")))', /64-bit/],
    ['too much memory at once', '(module (memory (export "memory") 5000) (func (export "_start")))', /more memory/],
    ['two memories', '(module (memory (export "memory") 1) (memory 1) (func (export "_start")))', /too many memories/],
    ['a start function', command('', '(func $s) (start $s)'), /start function/],
    ['another import', '(module (import "env" "f" (func)) (memory (export "memory") 1) (func (export "_start")))', /env\.f/],
    ['an imported memory', '(module (import "wasi_snapshot_preview1" "m" (memory 1)) (export "memory" (memory 0)) (func (export "_start")))', /imports/],
    ['a function that WASI has not', '(module (import "wasi_snapshot_preview1" "magic" (func)) (memory (export "memory") 1) (func (export "_start")))', /magic/],
    ['a WASI function of another type', '(module (import "wasi_snapshot_preview1" "proc_exit" (func (param i64))) (memory (export "memory") 1) (func (export "_start")))', /proc_exit/],
    ['no _start', '(module (memory (export "memory") 1))', /_start/],
    ['a _start with parameters', '(module (memory (export "memory") 1) (func (export "_start") (param i32)))', /_start/],
    ['data beyond the memory', '(module (memory (export "memory") 1) (data (i32.const 70000) "x") (func (export "_start")))', /do not fit/],
  ])('%s', async (_, wat, detail) => {
    const outcome = await run(wat);
    expect(outcome.kind).toBe('refused');
    expect(outcome.kind === 'refused' && outcome.detail).toMatch(detail);
  });
  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['text', new TextEncoder().encode('(module)')],
    ['a module cut short', assemble(command('(nop)')).subarray(0, 100)],
    ['an invalid body', Uint8Array.from([...assemble(command('(nop)')).slice(0, -1), 0x6a])],
  ])('%s', async (_, module) => expect((await runModule({ ...input, module })).kind).toBe('refused'));
  it('any bytes, without anything worse', async () => {
    const module = assemble(command(`(drop (call $random (i32.const 0) (i32.const 4))) ${print(0, 4)}`));
    for (let at = 8; at < module.length; at += 1) {
      const broken = module.slice();
      broken[at] = (broken[at]! + 1 + ((at * 7) % 254)) & 0xff;
      const outcome = await runModule({ ...input, module: broken, maxInstructions: 10_000n });
      expect(['refused', 'ended', 'output_too_large']).toContain(outcome.kind);
    }
  });
});

describe('the injected module', () => {
  const sieve = command(
    `(local $i i32) (local $j i32) (local $count i32) (local $x f64)
     (local.set $i (i32.const 2))
     (loop $outer
       (if (i32.eqz (i32.load8_u (i32.add (i32.const 1000) (local.get $i)))) (then
         (local.set $count (i32.add (local.get $count) (i32.const 1)))
         (local.set $x (f64.add (local.get $x) (call $inverse (local.get $i))))
         (local.set $j (local.get $i))
         (loop $inner
           (i32.store8 (i32.add (i32.const 1000) (local.get $j)) (i32.const 1))
           (br_if $inner (i32.lt_u (local.tee $j (i32.add (local.get $j) (local.get $i))) (i32.const 2000))))))
       (br_if $outer (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 2000))))
     (i32.store (i32.const 100) (local.get $count)) (f64.store (i32.const 104) (local.get $x)) ${print(100, 12)}`,
    '(func $inverse (param $n i32) (result f64) (if (i32.eq (local.get $n) (i32.const 3)) (then (return (f64.const 0.25)))) (f64.div (f64.const 1) (f64.convert_i32_u (local.get $n))))',
  );
  it('counts the same however it is optimised afterwards', async () => {
    const { bytes } = instrumentModule(assemble(sieve));
    const plain = ended(await run(sieve));
    expect(Buffer.from(plain.stdout).readUInt32LE()).toBe(303);
    for (const level of [0, 2, 3]) {
      const module = binaryen.readBinary(bytes);
      module.setFeatures(binaryen.Features.All - compactImports - binaryen.Features.RelaxedSIMD);
      binaryen.setOptimizeLevel(level);
      module.optimize();
      const optimised = module.emitBinary();
      module.dispose();
      expect(await executeInstrumented(optimised)).toEqual({ stdout: plain.stdout, instructions: plain.instructions });
    }
  });
  it('counts the same over two runs', async () => {
    expect(ended(await run(sieve)).instructions).toBe(ended(await run(sieve)).instructions);
  });
  it('has one NaN', async () => {
    const body = `(f32.store (i32.const 100) (f32.div (f32.const 0) (f32.const 0)))
      (f64.store (i32.const 104) (f64.add (f64.const nan:0x123) (f64.const 1)))
      (f64.store (i32.const 112) (f64.neg (f64.sqrt (f64.const -1))))
      (v128.store (i32.const 120) (f32x4.add (v128.const f32x4 nan:0x1 1 2 3) (v128.const f32x4 1 1 1 nan:0x5)))
      (v128.store (i32.const 136) (f64x2.sqrt (v128.const f64x2 -1 4))) ${print(100, 52)}`;
    const out = Buffer.from(ended(await run(command(body))).stdout);
    expect(out.toString('hex')).toBe(['0000c07f', '000000000000f87f', '000000000000f8ff', '0000c07f', '00000040', '00004040', '0000c07f', '000000000000f87f', '0000000000000040'].join(''));
  });
});

/** The optimised module keeps the globals' names; it is run as the runner would. */
async function executeInstrumented(bytes: Uint8Array): Promise<{ stdout: Uint8Array; instructions: bigint }> {
  const outcome = ended(await executePrepared({ bytes, fuel: 'metering.fuel', room: 'metering.room', ended: 'metering.ended', imports: [] }, { ...input, module: bytes }));
  return { stdout: outcome.stdout, instructions: outcome.instructions };
}
