/** The job machine: every pair of its table, every pair outside it, and random histories. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRunning, jobStageSchema } from '../../src-shared/domain/job-stage.ts';
import type { Job, JobAck, JobOrder, SigningRecord } from './job.ts';
import { jobTable, step, type JobEvent } from './job-machine.ts';
import { onAck } from './on-ack.ts';
import { retention } from './retention.ts';
import { failureCodeOf } from './failure-codes.ts';
import { errorTable, type ErrorCode } from '../../src-shared/errors.ts';

const order: JobOrder = {
  taskId: 'T',
  taskSmallId: 1n,
  stackSmallId: 7n,
  workloadClass: 'ai.inference',
  model: 'm@1',
  maxComputeUnits: 100n,
  deadlineMs: 9,
  stream: false,
};
const record: SigningRecord = {
  taskId: 'T',
  stackSmallId: 7n,
  poe: 'p',
  entry: 'e',
  computeUnits: 3n,
  inputUnits: 1n,
  outputUnits: 2n,
  fingerprint: 'f',
  timing: { queuedMs: 0, decryptMs: 0, executeMs: 0, totalMs: 0 },
};
const ack = (status: JobAck['status']): JobAck => ({
  coordinatorId: 'c',
  status,
  entryIndex: status === 'rejected' ? null : 0,
  reason: status === 'rejected' ? 'late' : null,
  sig: 's',
});
const events: Record<JobEvent['kind'], JobEvent> = {
  admitted: { kind: 'admitted', order, atMs: 1 },
  refused: { kind: 'refused', order, code: 'busy', atMs: 1 },
  started: { kind: 'started' },
  opened: { kind: 'opened' },
  answered: { kind: 'answered' },
  recorded: { kind: 'recorded', record, atMs: 5 },
  failed: { kind: 'failed', code: 'internal', detail: 'why', atMs: 6 },
  acknowledged: { kind: 'acknowledged', ack: ack('accepted'), atMs: 7 },
  failure_acknowledged: { kind: 'failure_acknowledged' },
  repeated: { kind: 'repeated' },
};
const kinds = Object.keys(events) as JobEvent['kind'][];
const stages = ['none', ...jobStageSchema.options] as const;
const jobIn = (stage: (typeof stages)[number]): Job | null =>
  stage === 'none' ? null : { ...order, stage, receivedMs: 1, finishedMs: null, code: null, detail: null };

describe('job machine', () => {
  it.each(stages.flatMap((stage) => kinds.map((kind) => [stage, kind] as const)))(
    '%s + %s is in the table, or a bug',
    (stage, kind) => {
      const target = jobTable[`${stage} ${kind}`];
      if (target === undefined) {
        expect(() => step(jobIn(stage), events[kind])).toThrowError(
          expect.objectContaining({ code: 'bug.unexpected' }),
        );
        return;
      }
      const result = step(jobIn(stage), events[kind]);
      expect(result.job.stage).toBe(target.to);
      expect(result.effects.map((effect) => effect.id)).toEqual(target.effects.map((name) => `T:${name}`));
    },
  );

  it.each(['accepted', 'duplicate', 'rejected'] as const)('takes the status %s from the receipt', (status) => {
    const { job, effects } = step(jobIn('proved'), { kind: 'acknowledged', ack: ack(status), atMs: 7 });
    expect(job).toMatchObject({ stage: status, code: status === 'rejected' ? 'late' : null });
    expect(effects.map((effect) => effect.name)).toEqual(['keep_ack', 'close_outbox', 'drop_result']);
    const again = step(job, { kind: 'acknowledged', ack: ack('accepted'), atMs: 8 });
    expect(again).toEqual({ job, effects: [] });
  });

  it('answers a repeat by what is known', () => {
    const names = (stage: Job['stage']) => step(jobIn(stage), events.repeated).effects.map((effect) => effect.name);
    for (const stage of jobStageSchema.options.filter(isRunning)) expect(names(stage)).toEqual(['answer_accepted']);
    expect(names('proved')).toEqual(['answer_accepted', 'send_result']);
    expect(names('failed')).toEqual(['send_failure']);
    expect(names('declined')).toEqual(['answer_declined']);
  });

  it('over any history runs once and ends with one answer at most: a result, a failure or a decline', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...kinds), { maxLength: 60 }), (history) => {
        let job: Job | null = null;
        const counts = new Map<string, number>();
        for (const kind of history) {
          if (jobTable[`${job?.stage ?? 'none'} ${kind}`] === undefined) continue;
          const result = step(job, events[kind]);
          job = result.job;
          if (kind !== 'repeated') for (const { name } of result.effects) counts.set(name, (counts.get(name) ?? 0) + 1);
        }
        const times = (name: string): number => counts.get(name) ?? 0;
        expect(times('run')).toBeLessThanOrEqual(1);
        expect(times('keep_record')).toBeLessThanOrEqual(1);
        expect(times('keep_ack')).toBeLessThanOrEqual(times('keep_record'));
        expect(times('send_result') + times('send_failure') + times('answer_declined')).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('judging an acknowledgement', () => {
  const judge = (
    stage: (typeof stages)[number],
    entryIndex: number | null,
    next: number,
    status: JobAck['status'] = 'accepted',
  ) => onAck(jobIn(stage), { status, entryIndex }, next).kind;
  it.each([
    ['proved', 3, 3, 'accepted', 'apply'],
    ['proved', 3, 3, 'duplicate', 'apply'],
    ['proved', 4, 3, 'accepted', 'violation'],
    ['proved', 2, 3, 'accepted', 'violation'],
    ['proved', null, 3, 'accepted', 'violation'],
    ['proved', null, 3, 'rejected', 'apply'],
    ['accepted', 9, 3, 'accepted', 'repeat'],
    ['rejected', null, 0, 'rejected', 'repeat'],
    ['none', 0, 0, 'accepted', 'violation'],
    ['executing', 0, 0, 'accepted', 'violation'],
    ['failed', 0, 0, 'rejected', 'violation'],
  ] as const)('%s, entry %s where %i is next, %s: %s', (stage, index, next, status, expected) =>
    expect(judge(stage, index, next, status)).toBe(expected),
  );
});

describe('retention', () => {
  it.each([
    ['declined', false, false, false],
    ['proved', false, true, true],
    ['accepted', false, true, false],
    ['accepted', true, false, false],
    ['failed', false, true, false],
  ] as const)('%s, claimed %s: envelope %s, bytes %s', (stage, claimed, envelope, resultBytes) =>
    expect(retention({ stage, claimed })).toEqual({ envelope, resultBytes }),
  );
});

describe('failure codes', () => {
  it('map every error, and what is nobody else’s doing to internal', () => {
    const mapped = Object.fromEntries(
      (Object.keys(errorTable) as ErrorCode[])
        .map((code) => [code, failureCodeOf(code)])
        .filter(([, wire]) => wire !== 'internal'),
    );
    expect(mapped).toEqual({
      'keys.decrypt_failed': 'decrypt_failed',
      'job.bad_envelope': 'decrypt_failed',
      'job.bad_payload': 'bad_payload',
      'job.result_too_large': 'result_too_large',
      'inference.input_too_large': 'bad_payload',
      'inference.model_unavailable': 'model_failed',
      'inference.model_failed': 'model_failed',
      'inference.process_died': 'model_failed',
      'inference.out_of_memory': 'out_of_memory',
      'inference.bad_input': 'bad_payload',
      'inference.no_pipeline': 'model_failed',
      'engine.unreachable': 'model_failed',
      'engine.busy': 'model_failed',
      'engine.failed': 'model_failed',
      'engine.bad_token': 'model_failed',
      'engine.refused': 'model_failed',
      'engine.bad_answer': 'model_failed',
      'engine.not_deterministic': 'model_failed',
      'wasm.module_unavailable': 'model_failed',
      'wasm.needs_tee': 'model_failed',
      'wasm.process_died': 'model_failed',
      'wasm.bad_module': 'bad_payload',
    });
  });
});
