/** Every stage belongs to one filter, stack numbers are read strictly, CSV keeps rows and runs no formula. */
import { describe, expect, it } from 'vitest';
import type { JobView } from '../../../src-shared/bridge/views.ts';
import { jobStageSchema } from '../../../src-shared/domain/job-stage.ts';
import { csvOf, jobFilters, readStackFilter, stagesOf } from './job-filter.ts';

const job: JobView = {
  taskId: '01M7XPG0PVERF7HENE4K5HTVH9',
  stackSmallId: 12n,
  taskSmallId: 1n,
  workloadClass: 'chat',
  model: 'sandbox/tiny-chat@abc',
  stage: 'accepted',
  receivedMs: 0,
  finishedMs: 40,
  promptTokens: 12,
  completionTokens: 30,
  computeUnits: 42n,
  timing: { queuedMs: 1, decryptMs: 2, executeMs: 30, totalMs: 40 },
  proof: 'ab',
  entryIndex: 0,
  acknowledged: 'accepted',
  code: null,
  detail: null,
};

describe('filters', () => {
  it('cover every stage once', () => {
    const stages = jobFilters.flatMap((filter) => stagesOf(filter) ?? []);
    expect(stages.toSorted()).toEqual(jobStageSchema.options.toSorted());
    expect(stagesOf('all')).toBeNull();
  });
  it.each([
    ['', null],
    [' #12 ', 12n],
    ['12', 12n],
    ['12a', undefined],
    ['-1', undefined],
  ])('reads %j', (text, expected) => expect(readStackFilter(text)).toBe(expected));
});

describe('csvOf', () => {
  it('writes a heading and a row per job with exact numbers', () => {
    const rows = csvOf([job, { ...job, computeUnits: null, timing: null }]).split('\r\n');
    expect(rows).toHaveLength(4);
    expect(rows[0]?.split(',')[0]).toBe('task_id');
    expect(rows[1]).toContain(',42,40,ab,0,accepted,');
    expect(rows[2]).toContain(',,,ab,0,accepted,');
  });
  it('quotes separators and disarms formulas', () => {
    const row = csvOf([{ ...job, model: '=cmd,"x"', code: '@sum' }]).split('\r\n')[1];
    expect(row).toContain(`"'=cmd,""x"""`);
    expect(row).toContain(",'@sum");
  });
});
