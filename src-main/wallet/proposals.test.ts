/** A proposal is executed at most once, only while it waits, and only when the chain would accept it. */
import { describe, expect, it } from 'vitest';
import type { Intent, Outcome } from '../../src-shared/bridge/intents.ts';
import { createProposals } from './proposals.ts';

const outcome: Outcome = { digest: 'd', status: 'success', gasMist: 1n, error: null, effects: null };
const intent: Intent = { kind: 'register' };

function room(possible = true) {
  const executed: Intent[] = [];
  let nowMs = 0;
  let ids = 0;
  const proposals = createProposals({
    preview: async (wanted) => ({ intent: wanted, terms: { priceUnit: 1n, takesCollateral: true }, possible, problem: possible ? null : { code: 'chain.aborted', message: 'no' }, changes: [], gasMist: 1n, irreversible: false, warnings: [] }),
    execute: async (wanted) => {
      executed.push(wanted);
      return outcome;
    },
    now: () => nowMs,
    newId: () => `p${(ids += 1)}`,
  });
  return { proposals, executed, pass: (ms: number) => (nowMs += ms) };
}

describe('proposals', () => {
  it('executes on approval, once', async () => {
    const { proposals, executed } = room();
    const { proposalId } = await proposals.propose(intent);
    proposals.approve(proposalId);
    expect(() => proposals.approve(proposalId)).toThrow(expect.objectContaining({ code: 'intent.unknown' }));
    expect(await proposals.outcome(proposalId)).toEqual(outcome);
    expect(executed).toEqual([intent]);
    expect(proposals.get(proposalId)).toBeNull();
  });
  it('sends nothing when declined', async () => {
    const { proposals, executed } = room();
    const { proposalId } = await proposals.propose(intent);
    proposals.decline(proposalId);
    await expect(proposals.outcome(proposalId)).rejects.toMatchObject({ code: 'intent.declined' });
    expect(executed).toEqual([]);
  });
  it('expires', async () => {
    const { proposals, executed, pass } = room();
    const { proposalId } = await proposals.propose(intent);
    const ended = proposals.outcome(proposalId);
    pass(10 * 60_000);
    expect(() => proposals.approve(proposalId)).toThrow(expect.objectContaining({ code: 'intent.unknown' }));
    await expect(ended).rejects.toMatchObject({ code: 'intent.expired' });
    expect(executed).toEqual([]);
  });
  it('refuses what the chain would abort, and ids nobody proposed', async () => {
    const { proposals, executed } = room(false);
    const { proposalId } = await proposals.propose(intent);
    expect(() => proposals.approve(proposalId)).toThrow(expect.objectContaining({ code: 'chain.rejected' }));
    expect(() => proposals.decline('other')).toThrow(expect.objectContaining({ code: 'intent.unknown' }));
    expect(executed).toEqual([]);
  });
  it('ends what nobody decided when the session ends', async () => {
    const { proposals, executed } = room();
    const { proposalId } = await proposals.propose(intent);
    const ended = expect(proposals.outcome(proposalId)).rejects.toMatchObject({ code: 'intent.expired' });
    proposals.close();
    await ended;
    expect(() => proposals.approve(proposalId)).toThrow(expect.objectContaining({ code: 'intent.unknown' }));
    expect(executed).toEqual([]);
  });
});
