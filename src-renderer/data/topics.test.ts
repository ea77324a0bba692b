/** Every topic repeats something, only reads are repeated, and a gap repeats everything. */
import { describe, expect, it } from 'vitest';
import { calls, topicSchema } from '../../src-shared/bridge/index.ts';
import { readsToRepeat } from './topics.ts';

describe('readsToRepeat', () => {
  it.each(topicSchema.options)('%s repeats reads that exist', (topic) => {
    const names = [...(readsToRepeat([topic]) ?? [])];
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      expect(Object.keys(calls)).toContain(name);
      expect(name).toMatch(/\.(get|list|series|history|timeline|alerts|whyIdle|providers)$/);
    }
  });
  it('joins topics', () =>
    expect([...(readsToRepeat(['sandbox', 'logs']) ?? [])].sort()).toEqual(['logs.list', 'sandbox.get']));
  it('repeats everything after a gap', () => expect(readsToRepeat(['jobs', null])).toBeNull());
  it('repeats nothing for nothing', () => expect(readsToRepeat([])?.size).toBe(0));
});
