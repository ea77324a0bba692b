/** Replays every case and walk recorded from the contract's own source in a Move machine on the rules alone (contract-g1.json, contract-g2.json). */
import { describe, expect, it } from 'vitest';
import g1 from '../../../../src-shared/vectors/contract-g1.json' with { type: 'json' };
import g2 from '../../../../src-shared/vectors/contract-g2.json' with { type: 'json' };
import { recordedFileSchema, replayFile } from './replay-file.ts';
import type { RecordedFile, Verdict } from './replay-file.ts';

const files: Readonly<Record<'G1' | 'G2', RecordedFile>> = {
  G1: recordedFileSchema.parse(g1),
  G2: recordedFileSchema.parse(g2),
};

describe.each(Object.entries(files))('recorded %s', (generation, file) => {
  it('is all here', () => {
    const counts = { G1: [78, 3], G2: [44, 3] }[generation];
    expect([file.generation, file.cases.length, file.walks.length]).toEqual([generation, ...(counts ?? [])]);
  });
  it.each(replayFile(file).map((verdict) => [verdict.id, verdict] as const))('%s', (id, verdict) => {
    expect(verdict).toEqual({ id, kind: 'agree', lines: [] });
  });
});

describe('a replay tells', () => {
  const replayed = (steps: readonly object[], wanted: object = { state: {} }, generation = 'G2'): Verdict => {
    const file = { generation, cases: [{ id: 'one', steps, expect: wanted }], walks: [] };
    return replayFile(recordedFileSchema.parse(file))[0] as Verdict;
  };
  const register = { op: 'register_node', by: 'N1' };
  const mint = { op: 'mint', to: 'USER', amount: 1_000 };
  const task = { op: 'create_task', role: 0, security: 'none' };
  const subscribe = (by: string) => ({ op: 'subscribe', by, task: 1, price: 5 });
  const acquire = { op: 'acquire', by: 'USER', task: 1, units: 9, price: 7 };
  const sold = [task, register, subscribe('N1'), mint];
  const second = [{ ...register, by: 'N2' }, subscribe('N2')];
  const hashes = { proof: '01'.repeat(32), leaf: '02'.repeat(32) };
  const asked = { op: 'settle', by: 'N1', stack: 1, units: 1, ...hashes, sampled_attesters: [1] };
  const aborts = (code: number) => ({ abort: { code, module: 'atoma::db' } });

  it('a state that differs, field by field', () => {
    const verdict = replayed([mint], { state: { epoch: 1, wallets: { USER: 999 } } });
    expect(verdict.kind).toBe('differ');
    expect(verdict.lines).toContain('epoch: want 1, got 0');
    expect(verdict.lines).toContain('wallets.USER: want 999, got 1000');
  });
  it.each([
    ['an abort that does not come', [register], aborts(312_012_000), /^step 0 register_node: want .*, got "ok"/],
    [
      'another code',
      [register, { ...subscribe('N1'), task: 9 }],
      aborts(312_012_018),
      /^step 1 subscribe: .*312012018.*312012017/,
    ],
    ['an abort in the middle', [task, { ...task, role: 9 }, register], { state: {} }, /^step 1 create_task: want "ok"/],
    [
      'a draw of nobody in the list',
      [...sold, { ...acquire, sampled_node: 2 }],
      { state: {} },
      /^node 2 could not have been drawn/,
    ],
    ['a draw that is open', [...sold, ...second, acquire], { state: {} }, /^the draw is open between nodes 1, 2/],
    ['another stack number', [...sold, { ...acquire, new_stack: 2 }], { state: {} }, /^the new stack is 1/],
    ['attesters that nobody drew', [...sold, acquire, asked], { state: {} }, /^attesters 1 were told, \[\] were drawn/],
  ])('%s', (_what, steps, wanted, line) => {
    const verdict = replayed(steps, wanted);
    expect(verdict.kind).toBe('differ');
    expect(verdict.lines[0]).toMatch(line);
  });
  it.each([
    ['an operation it does not know', { op: 'burn', by: 'N1' }],
    ['a field it does not know', { ...register, coin: 3 }],
    ['a parameter it does not know', { op: 'set', param: 'toString', value: 1 }],
    ['a badge that nobody holds', { op: 'disable_node', by: 'N3' }],
    ["somebody else's task badge", { op: 'deprecate_task', by: 'USER', task: 1 }],
    ['a number beyond 64 bits', { op: 'mint', to: 'USER', amount: 2n ** 64n }],
    ['a capacity in G2', { ...subscribe('N1'), max_units: 5 }],
    ['collateral for no node', { op: 'put_collateral', node: 4, amount: 5 }],
  ])('%s as unsupported, never as agreeing', (_what, step) => {
    expect(replayed([task, step], aborts(312_012_017)).kind).toBe('unsupported');
  });
  it.each([
    ['whitelist', { op: 'whitelist', task: 1, node: 1 }],
    ['a private task', { ...task, public: false }],
    ['a subscription without capacity', subscribe('N1')],
  ])('%s as unsupported in G1', (_what, step) => {
    expect(replayed([step], undefined, 'G1').kind).toBe('unsupported');
  });
});
