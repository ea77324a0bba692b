/** Every state of an attestation has its sentence; deadlines and nodes are written out. */
import { describe, expect, it } from 'vitest';
import {
  attestationSchema,
  attestReasonSchema,
  attestWaitSchema,
} from '../../../src-shared/bridge/attestation-calls.ts';
import type { AttestationView, OwnTicketView } from '../../../src-shared/bridge/attestation-calls.ts';
import { startText } from '../../text/i18n.ts';
import { deadlineText, inOrder, nodesText, ownState, progressText, stateText } from './attestation-text.ts';

const { t } = startText();
const one = (change: Partial<AttestationView>): AttestationView => ({
  stackSmallId: 3n,
  taskSmallId: 2n,
  selectedNode: 2n,
  ownStack: false,
  places: 1,
  requested: [7n],
  attested: [],
  phase: 'running',
  waitsFor: null,
  reason: null,
  urgent: false,
  disputeSettledAtEpoch: 10n,
  deadlineMs: null,
  penalty: 1n,
  reward: 1n,
  frozen: 1n,
  done: 0,
  total: null,
  differing: 0,
  strangers: 0,
  committedProof: null,
  ownProof: null,
  canAttest: false,
  canStaySilent: true,
  canRestart: false,
  canDispute: false,
  digest: null,
  lastError: null,
  dismissed: false,
  updatedMs: 1,
  ...change,
});

describe('the sentence of a state', () => {
  it.each(attestationSchema.shape.phase.options)('%s', (phase) =>
    expect(stateText(one({ phase, reason: 'difference', waitsFor: 'slot' }), t)).toMatch(/^[A-Z][^{}]+\.$/),
  );
  it.each(attestReasonSchema.options)('asks for %s', (reason) =>
    expect(stateText(one({ phase: 'asks', reason }), t)).toMatch(/^[A-Z][^{}]+\.$/),
  );
  it.each(attestWaitSchema.options)('waits for %s', (waitsFor) =>
    expect(stateText(one({ phase: 'waiting', waitsFor }), t)).toMatch(/^[A-Z][^{}]+\.$/),
  );
});

describe('a failure with a remedy', () => {
  it.each([
    ['inference.model_unavailable', 'Models'],
    ['attest.history_refused', 'coordinator'],
    ['link.down', 'tried again'],
  ])('%s', (code, word) =>
    expect(
      stateText(one({ phase: 'waiting', waitsFor: 'backoff', lastError: { code, message: 'm', atMs: 1 } }), t),
    ).toContain(word),
  );
});

describe('the deadline', () => {
  it.each([
    [one({}), 'the end of epoch 9'],
    [one({ deadlineMs: 1_000 + 2 * 3_600_000 }), /^the end of epoch 9 · .+ left$/],
    [one({ deadlineMs: 500 }), /passed/],
  ])('case %#', (given, text) => expect(deadlineText(given, 1_000, t)).toMatch(text));
  it('is not known before the ticket is', () =>
    expect(deadlineText(one({ disputeSettledAtEpoch: null }), 1, t)).toBeNull());
});

describe('the order', () => {
  it('puts what asks before what works, and that before what is decided', () => {
    const list = [
      one({ stackSmallId: 1n, phase: 'silent' }),
      one({ stackSmallId: 2n, phase: 'waiting' }),
      one({ stackSmallId: 3n, phase: 'asks' }),
      one({ stackSmallId: 4n, phase: 'running' }),
      one({ stackSmallId: 5n, phase: 'asks' }),
    ];
    expect(inOrder(list).map(({ stackSmallId }) => stackSmallId)).toEqual([5n, 3n, 4n, 2n, 1n]);
  });
});

describe('progress and nodes', () => {
  it.each([
    [one({}), 'Nothing was run again yet'],
    [one({ done: 1 }), '1 request run again, all of them agree so far'],
    [one({ done: 5, total: 5 }), 'All 5 requests were run again'],
    [one({ done: 3, differing: 1 }), '3 run again, 1 with another answer'],
  ])('case %#', (given, text) => expect(progressText(given, t)).toBe(text));
  it('counts a node that stands there twice and knows this one', () => {
    expect(nodesText([], 7n, t)).toBe('none');
    expect(nodesText([9n, 7n, 9n], 7n, t)).toBe(new Intl.ListFormat().format(['#9 ×2', 'this node']));
  });
  it.each<[Partial<OwnTicketView>, string]>([
    [{ isInDispute: true }, 'disputed'],
    [{ requested: [], missing: [] }, 'alone'],
    [{ missing: [] }, 'complete'],
    [{}, 'missing'],
  ])('own ticket %#', (change, state) =>
    expect(
      ownState({
        stackSmallId: 1n,
        taskSmallId: 1n,
        requested: [9n],
        attested: [],
        missing: [9n],
        isInDispute: false,
        disputeSettledAtEpoch: 3n,
        waitsUntilEpoch: 3n,
        ...change,
      }),
    ).toBe(state),
  );
});
