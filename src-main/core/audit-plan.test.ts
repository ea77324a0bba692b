/** The self-audit's choice and its gate, and the comparison of entries and pages. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge, pageFault } from './attest-verdict.ts';
import { auditGate, auditSample, type AuditRow } from './audit-plan.ts';

describe('the sample', () => {
  it('has distinct indices of the stack, ascending, as many as wanted or all, and is the same every time', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }), fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 50 }), (stack, entries, size) => {
        const sample = auditSample(stack, entries, size);
        expect(sample).toEqual([...new Set(sample)].sort((a, b) => a - b));
        expect(sample.length).toBe(Math.min(size, entries));
        expect(sample.every((index) => index >= 0 && index < entries)).toBe(true);
        expect(auditSample(stack, entries, size)).toEqual(sample);
      }),
    );
  });
  it('reaches every entry over many stacks', () => {
    const hit = new Set(Array.from({ length: 400 }, (_, stack) => auditSample(BigInt(stack + 1), 20, 2)).flat());
    expect(hit.size).toBe(20);
  });
});

describe('the gate', () => {
  const row = (status: AuditRow['status'], entries = 4): AuditRow => ({ status, entries });
  it.each<[string, AuditRow | null, number, string]>([
    ['nothing was served', null, 0, 'open'],
    ['nothing was audited', null, 4, 'wanted'],
    ['an audit is under way', row('wanted'), 4, 'wanted'],
    ['it passed', row('passed'), 4, 'open'],
    ['it passed and more was served', row('passed'), 5, 'wanted'],
    ['it failed', row('failed'), 4, 'failed'],
    ['the operator overruled', row('overruled'), 4, 'open'],
    ['the operator overruled and more was served', row('overruled'), 5, 'wanted'],
  ])('%s', (_, given, entries, expected) => expect(auditGate(given, entries)).toBe(expected));
});

describe('verdicts', () => {
  const [a, b] = [{ entry: 'a', fingerprint: 'f' }, { entry: 'b', fingerprint: 'f' }];
  it.each([
    ['agrees', judge(a, a, 1), 'agrees'],
    ['agrees at the second run', judge(a, a, 2), 'agrees'],
    ['agrees with another engine', judge(a, { ...a, fingerprint: 'g' }, 1), 'stranger'],
    ['differs once', judge(a, b, 1), 'again'],
    ['differs twice', judge(a, b, 2), 'differs'],
    ['differs twice with another engine', judge(a, { entry: 'b', fingerprint: 'g' }, 2), 'differs'],
  ])('%s', (_, verdict, expected) => expect(verdict).toBe(expected));
});

describe('pages of a history', () => {
  const items = (...indices: number[]) => indices.map((index) => ({ index, taskId: `T${index}` }));
  it.each<[string, number, ReturnType<typeof items>, number | null, boolean]>([
    ['the first', -1, items(0, 1), 1, true],
    ['the last', 1, items(2, 3), null, true],
    ['an end that says so with nothing', 3, [], null, true],
    ['an empty stack', -1, [], null, true],
    ['a gap', -1, items(0, 2), 2, false],
    ['a repeat', 1, items(1, 2), 2, false],
    ['a page that leads elsewhere', -1, items(0, 1), 5, false],
    ['a page that leads nowhere', 1, [], 1, false],
    ['a task twice', -1, [{ index: 0, taskId: 'T' }, { index: 1, taskId: 'T' }], null, false],
  ])('%s', (_, after, page, next, fine) => expect(pageFault(after, page, next) === null).toBe(fine));
});
