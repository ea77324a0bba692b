/** The coordinator's decisions by tables: hello, result, heartbeat, what follows an attempt, history. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterAttempt, maxAttempts, type AttemptEnd } from './after-attempt.ts';
import { judgeHistory } from './history.ts';
import { heartbeatFault, silenceLimitMs } from './judge-heartbeat.ts';
import { isOlder, judgeBinding, judgeHello, judgeManifest, judgeStanding } from './judge-hello.ts';
import { judgeResult, type ResultFacts } from './judge-result.ts';

const hour = 3_600_000;
const nowMs = 1_795_219_261_000;
const manifest = { schemaFault: null, nodeIdDerives: true, signatureHolds: true, walletSignatureHolds: true, issuedAtMs: nowMs, nowMs };

describe('hello', () => {
  it.each([
    ['good', {}, null],
    ['schema', { schemaFault: 'region' }, 'bad_manifest'],
    ['node_id', { nodeIdDerives: false }, 'bad_manifest'],
    ['signature', { signatureHolds: false }, 'bad_manifest'],
    ['wallet_sig', { walletSignatureHolds: false }, 'bad_manifest'],
    ['24 h old', { issuedAtMs: nowMs - 24 * hour }, null],
    ['older', { issuedAtMs: nowMs - 24 * hour - 1 }, 'bad_manifest'],
    ['90 s ahead', { issuedAtMs: nowMs + 90_000 }, null],
    ['further ahead', { issuedAtMs: nowMs + 90_001 }, 'bad_manifest'],
  ])('manifest: %s', (_, change, code) => expect(judgeManifest({ ...manifest, ...change })?.code ?? null).toBe(code));

  it.each([
    ['good', {}, null],
    ['ts at the edge', { ts: nowMs - 90_000 }, null],
    ['ts behind', { ts: nowMs - 90_001 }, 'clock_skew'],
    ['ts ahead and a wrong nonce: the first applies', { ts: nowMs + 90_001, nonceFits: false }, 'clock_skew'],
    ['nonce', { nonceFits: false }, 'bad_signature'],
    ['signature', { signatureHolds: false }, 'bad_signature'],
  ])('proof: %s', (_, change, code) => expect(judgeHello({ ts: nowMs, nowMs, nonceFits: true, signatureHolds: true, ...change })?.code ?? null).toBe(code));

  it.each(['not_registered', 'disabled', 'in_cooldown'] as const)('standing %s is its own refusal', (kind) => expect(judgeStanding({ kind })?.code).toBe(kind));

  const binding = { nodeId: 'a', boundNodeId: null, boundIsActive: false, clientVersion: '1.2.3', oldestVersion: '1.2.0' };
  it.each([
    ['new wallet', {}, null],
    ['same node', { boundNodeId: 'a', boundIsActive: true }, null],
    ['another node, idle', { boundNodeId: 'b' }, null],
    ['another node, active', { boundNodeId: 'b', boundIsActive: true }, 'sybil'],
    ['sybil comes before version', { boundNodeId: 'b', boundIsActive: true, clientVersion: '0.0.1' }, 'sybil'],
    ['old client', { clientVersion: '1.1.9' }, 'version_unsupported'],
  ])('binding: %s', (_, change, code) => expect(judgeBinding({ ...binding, ...change })?.code ?? null).toBe(code));

  it.each([['0.1.0', '0.1.0', false], ['0.0.9', '0.1.0', true], ['0.10.0', '0.9.9', false], ['1.0.0-rc.1', '1.0.0', false], ['0.9.9+x', '1.0.0', true]])('%s older than %s: %s', (a, b, older) => expect(isOlder(a, b)).toBe(older));
});

const open: ResultFacts = {
  task: { stackSmallId: 12n, state: { kind: 'open' }, maxComputeUnits: 100, deadlineMs: nowMs },
  stackSmallId: 12n, signatureHolds: true, proofHolds: true, entryHolds: true, computeUnits: 40, usage: { input: 30, output: 10 }, receivedMs: nowMs,
};
const inState = (state: NonNullable<ResultFacts['task']>['state']): ResultFacts => ({ ...open, task: { ...open.task!, state } });
const allWrong = { signatureHolds: false, proofHolds: false, entryHolds: false, computeUnits: 1_000, receivedMs: nowMs + hour };

describe('result', () => {
  it.each([
    ['good', open, { kind: 'accept' }],
    ['not dispatched', { ...open, task: null }, { reason: 'unknown_task', known: false }],
    ['another stack', { ...open, stackSmallId: 13n }, { reason: 'unknown_task', known: false }],
    ['over', inState({ kind: 'over' }), { reason: 'unknown_task', known: false }],
    ['again, everything wrong', { ...inState({ kind: 'accepted', entryIndex: 4 }), ...allWrong }, { kind: 'duplicate', entryIndex: 4 }],
    ['again after a rejection', inState({ kind: 'rejected', reason: 'late' }), { reason: 'late', known: false }],
    ['everything wrong', { ...open, ...allWrong }, { reason: 'bad_signature', known: true }],
    ['all but the signature', { ...open, ...allWrong, signatureHolds: true }, { reason: 'bad_poe' }],
    ['entry, units, time', { ...open, ...allWrong, signatureHolds: true, proofHolds: true }, { reason: 'bad_entry' }],
    ['units, time', { ...open, ...allWrong, signatureHolds: true, proofHolds: true, entryHolds: null }, { reason: 'over_budget' }],
    ['units that usage does not say', { ...open, computeUnits: 39 }, { reason: 'over_budget' }],
    ['at the grace period’s end', { ...open, receivedMs: nowMs + 5_000 }, { kind: 'accept' }],
    ['after it', { ...open, receivedMs: nowMs + 5_001 }, { reason: 'late', known: true }],
  ] as const)('%s', (_, facts, verdict) => expect(judgeResult(facts)).toMatchObject(verdict));
});

describe('heartbeat', () => {
  const facts = { expectedSeq: 3, seq: 3, ts: nowMs, nowMs, signatureHolds: true };
  it.each([['good', {}, true], ['repeated', { seq: 2 }, false], ['skipped', { seq: 4 }, false], ['old', { ts: nowMs - 90_001 }, false], ['forged', { signatureHolds: false }, false]])('%s', (_, change, fine) =>
    expect(heartbeatFault({ ...facts, ...change }) === null).toBe(fine));
  it('waits half an interval longer than allowed', () => expect(silenceLimitMs(30_000, 2)).toBe(75_000));
});

describe('after an attempt', () => {
  const rows: [AttemptEnd, string, boolean?][] = [
    [{ kind: 'declined', code: 'busy' }, 'retry'],
    [{ kind: 'declined', code: 'paused' }, 'retry'],
    [{ kind: 'declined', code: 'stack_settling' }, 'drop', true],
    [{ kind: 'declined', code: 'unstaking' }, 'drop', true],
    [{ kind: 'declined', code: 'bad_envelope' }, 'retry'],
    [{ kind: 'failed', code: 'cancelled' }, 'drop', false],
    [{ kind: 'failed', code: 'bad_payload' }, 'drop', false],
    [{ kind: 'failed', code: 'result_too_large' }, 'drop', false],
    [{ kind: 'failed', code: 'deadline_passed' }, 'drop', false],
    [{ kind: 'failed', code: 'internal' }, 'retry'],
    [{ kind: 'failed', code: 'model_failed' }, 'retry'],
    [{ kind: 'failed', code: 'out_of_memory' }, 'retry'],
    [{ kind: 'failed', code: 'decrypt_failed' }, 'retry'],
    [{ kind: 'given_up', code: 'no_answer' }, 'retry'],
    [{ kind: 'given_up', code: 'abandoned' }, 'drop', false],
  ];
  it.each(rows)('%j', (end, kind, closeStack) => expect(afterAttempt(end, 1)).toMatchObject({ kind, ...(closeStack === undefined ? {} : { closeStack }) }));
  it('ends: only waiting for a node goes on for ever', () => {
    fc.assert(fc.property(fc.constantFrom(...rows.map(([end]) => end)), (end) => {
      const waits = end.kind === 'declined' && (end.code === 'busy' || end.code === 'paused');
      expect(afterAttempt(end, maxAttempts).kind).toBe(waits ? 'retry' : 'drop');
    }));
  });
});

describe('history', () => {
  it.each([
    ['no ticket', { namedBy: null }, 'not_requested'],
    ['others named', { namedBy: [8n] }, 'not_requested'],
    ['unknown here', { stackKnown: false, historyKept: false }, 'unknown_stack'],
    ['sealed by the buyer', { historyKept: false }, 'no_history'],
    ['good', {}, null],
  ])('%s', (_, change, code) => expect(judgeHistory({ namedBy: [7n, 8n], nodeSmallIds: [7n], stackKnown: true, historyKept: true, ...change })).toBe(code));
});
