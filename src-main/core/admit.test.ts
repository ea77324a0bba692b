/** Admission: every code alone, the order among them as a property, and the header vectors (coordinator.md 3 and 4). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { declineCodeSchema, type DeclineCode } from '../../src-shared/link/codes.ts';
import vectors from '../../src-shared/vectors/coordinator.json' with { type: 'json' };
import { admit, type AdmitFacts } from './admit.ts';
import type { JobOrder } from './job.ts';

type Case = { order: JobOrder; envelope: string; facts: AdmitFacts };
const good: Case = {
  order: {
    taskId: vectors.envelope.task_id,
    taskSmallId: 1n,
    stackSmallId: 7n,
    workloadClass: 'ai.inference',
    model: 'm@1',
    maxComputeUnits: 100n,
    deadlineMs: 2_000,
    stream: false,
  },
  envelope: vectors.envelope.compact_jwe,
  facts: {
    nodeId: vectors.identities.node_id,
    nowMs: 1_000,
    leaving: false,
    paused: false,
    running: 0,
    maxParallel: 2,
    workloadClasses: ['ai.inference'],
    models: ['m@1'],
    subscribedTasks: new Set([1n]),
    stack: { taskSmallId: 1n, numComputeUnits: 1_000n, settling: false, mine: true },
    stackUnitsTaken: 900n,
  },
};
type Spoil = (value: Case) => Case;
const facts =
  (change: Partial<AdmitFacts>): Spoil =>
  (value) => ({ ...value, facts: { ...value.facts, ...change } });
const stack =
  (change: object): Spoil =>
  (value) => ({ ...value, facts: { ...value.facts, stack: value.facts.stack && { ...value.facts.stack, ...change } } });

/** One way to earn each code; the order of the keys is that of the document. */
const spoilers: Record<DeclineCode, Spoil> = {
  unstaking: facts({ leaving: true }),
  paused: facts({ paused: true }),
  busy: facts({ running: 2 }),
  unsupported_workload: facts({ workloadClasses: ['ai.embedding'] }),
  unknown_stack: facts({ stack: null }),
  not_my_stack: stack({ mine: false }),
  stack_settling: stack({ settling: true }),
  not_subscribed: facts({ subscribedTasks: new Set([2n]) }),
  model_unavailable: facts({ models: ['m@2'] }),
  deadline_passed: facts({ nowMs: 2_000 }),
  stack_exhausted: facts({ stackUnitsTaken: 901n }),
  bad_envelope: (value) => ({ ...value, envelope: 'a.b.c.d' }),
};
const codes = declineCodeSchema.options;
const decide = (value: Case) => admit(value.order, value.envelope, value.facts);

describe('admit', () => {
  it('accepts when nothing is against it', () => expect(decide(good)).toEqual({ kind: 'accept' }));
  it.each(codes)('declines %s', (code) => expect(decide(spoilers[code](good))).toEqual({ kind: 'decline', code }));
  it('names the first of several reasons in the order of the document', () => {
    fc.assert(
      fc.property(fc.subarray([...codes], { minLength: 1 }), fc.func(fc.nat()), (chosen, shuffle) => {
        const mixed = [...chosen]
          .sort((a, b) => shuffle(a) - shuffle(b))
          .reduce((value, code) => spoilers[code](value), good);
        expect(decide(mixed)).toEqual({ kind: 'decline', code: codes.find((code) => chosen.includes(code)) });
      }),
    );
  });
  it('declines a stack of another task as not_my_stack', () =>
    expect(decide(stack({ taskSmallId: 3n })(good))).toEqual({ kind: 'decline', code: 'not_my_stack' }));
  it('never locks more than the stack has left', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 2n ** 53n }),
        fc.bigInt({ min: 0n, max: 2n ** 53n }),
        fc.bigInt({ min: 0n, max: 2n ** 53n }),
        (asked, total, taken) => {
          const value = {
            ...stack({ numComputeUnits: total })(facts({ stackUnitsTaken: taken })(good)),
            order: { ...good.order, maxComputeUnits: asked },
          };
          expect(decide(value).kind).toBe(asked + taken <= total ? 'accept' : 'decline');
        },
      ),
    );
  });
  it.each(Object.entries(vectors.envelope.must_be_refused))('envelope %s', (_name, { code, compact_jwe }) => {
    // What the header does not show is found when the envelope is opened, after it was accepted.
    expect(decide({ ...good, envelope: compact_jwe })).toEqual(
      code === 'bad_envelope' ? { kind: 'decline', code } : { kind: 'accept' },
    );
  });
});
