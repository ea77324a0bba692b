/** Attesting end to end over real rows, sealing and hashes: pages, verdicts, submitting once, yielding, restarts, every reason to wait or ask, decisions. */
import { readFileSync } from 'node:fs';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src-shared/errors.ts';
import { merkleRoot } from '../../src-shared/link/proof.ts';
import type { AttestStep } from '../core/attest-plan.ts';
import { historyItem, me, openAttestFixture, ticketFor, ticketOver, wasmItem, type Fixture } from './testing/attest-fixture.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await openAttestFixture(5);
});
afterEach(() => fixture.close());

const row = () => fixture.tables.rows.get(3n);
const step = (): AttestStep | undefined => fixture.driver.plan()[0]?.step;
const rootHex = (): string => bytesToHex(merkleRoot(fixture.coordinator.items.map(({ entry }) => hexToBytes(entry))));

describe('a ticket that names this node', () => {
  it('is found by walking the live tickets, re-run page by page, and attested with the root once everything agrees', async () => {
    await fixture.driver.advance();
    expect(fixture.coordinator.asked).toEqual([-1, 1, 3]);
    expect(fixture.engine.runs).toHaveLength(5);
    expect(fixture.chain.attested).toEqual([[3n, rootHex()]]);
    expect(row()).toMatchObject({ done: 5, complete: true, differing: 0, strangers: 0, digest: 'D1', penalty: 100n, reward: 570n });
    expect(step()).toEqual({ kind: 'none', why: 'attested' });
  });
  it('is answered once, also over restarts and when this node stands in it twice', async () => {
    fixture.tickets.set(3n, ticketOver(5, { requestedNodes: [me, 9n, me] }));
    await fixture.driver.advance();
    fixture.restart();
    await fixture.driver.advance();
    await fixture.driver.advance();
    expect(fixture.chain.attested).toHaveLength(1);
  });
  it('is answered from the envelopes that were kept when the stack is its own, without a coordinator', async () => {
    fixture.tickets.set(3n, ticketOver(5, { selectedNode: me }));
    fixture.coordinator.state = 'none';
    await fixture.driver.advance();
    expect([fixture.coordinator.asked, fixture.chain.attested]).toEqual([[], [[3n, rootHex()]]]);
  });
  it('of its own whose envelope is not there is answered from the coordinator’s history', async () => {
    fixture.tickets.set(3n, ticketOver(5, { selectedNode: me }));
    fixture.own = fixture.own.map((entry) => (entry.index === 3 ? { ...entry, envelope: null } : entry));
    await fixture.driver.advance();
    expect(fixture.coordinator.asked[0]).toBe(-1);
    expect(fixture.chain.attested).toHaveLength(1);
  });
  it('is found again in each epoch, read anew every time, and noted by an event before that', async () => {
    fixture.tickets.clear();
    await fixture.driver.advance();
    fixture.tickets.set(3n, ticketOver(5));
    await fixture.driver.advance();
    expect([fixture.chain.scans, row()]).toEqual([1, null]);
    fixture.driver.note(3n);
    await fixture.driver.advance();
    expect(fixture.chain.attested).toHaveLength(1);
    fixture.chain.epoch = 9n;
    await fixture.driver.advance();
    expect(fixture.chain.scans).toBe(2);
  });
});

describe('a stop in the middle', () => {
  it('goes on behind the last verdict; nothing is run twice, nothing is sent twice', async () => {
    let runs = 0;
    // The process ends while the fourth request is generated.
    fixture.engine.before = () => (++runs === 4 ? new Promise(() => undefined) : Promise.resolve());
    void fixture.driver.advance();
    while (runs < 4) await new Promise((done) => setImmediate(done));
    expect(fixture.engine.runs).toHaveLength(3);
    fixture.engine.before = null;
    fixture.restart();
    await fixture.driver.advance();
    expect(fixture.coordinator.asked).toEqual([-1, 1, 2]);
    expect(fixture.engine.runs).toHaveLength(5);
    expect(fixture.chain.attested).toEqual([[3n, rootHex()]]);
  });
  it('between the last verdict and the submission sends it after the restart', async () => {
    fixture.chain.outcome = new AppError('chain.unreachable');
    await fixture.driver.advance();
    expect(row()).toMatchObject({ complete: true, digest: null, error: { code: 'chain.unreachable' }, attempts: 1 });
    fixture.chain.outcome = { digest: 'D2', status: 'success', gasMist: 1n, error: null, effects: null };
    fixture.restart();
    await fixture.driver.advance();
    expect(fixture.chain.attested).toHaveLength(1); // it waits its time
    fixture.clock.nowMs += 10_000;
    await fixture.driver.advance();
    expect([fixture.engine.runs.length, row()?.digest]).toEqual([5, 'D2']);
  });
  it('behind the operator’s decision: it is kept, and its answer goes out once', async () => {
    fixture.policies.autoAttest = false;
    await fixture.driver.advance();
    fixture.coordinator.state = 'down';
    fixture.driver.decide(3n, 'attest');
    await fixture.driver.advance();
    fixture.restart();
    expect([row()?.decision, step(), fixture.chain.attested]).toEqual(['attest', { kind: 'wait', for: 'link' }, []]);
    fixture.coordinator.state = 'up';
    await fixture.driver.advance();
    await fixture.driver.advance();
    expect(fixture.chain.attested).toEqual([[3n, rootHex()]]);
  });
  it('behind an answer that the chain has: nothing is sent again, and its transaction is found', async () => {
    fixture.tickets.set(3n, ticketOver(5, { attestedNodes: [me] }));
    fixture.store.db.run(
      `INSERT INTO chain_tx (digest, wallet, intent, kind, origin, bytes, signature, expires_after_epoch, status, created_ms) VALUES ('D9', '0x1', '{"kind":"attest","stackSmallId":"3","root":"00"}', 'attest', 'policy', x'00', 's', 9, 'success', 1)`,
    );
    await fixture.driver.advance();
    expect([row()?.digest, step(), fixture.chain.attested]).toEqual(['D9', { kind: 'none', why: 'attested' }, []]);
  });
  it('keeps no clear text: neither prompt nor answer stands in the database', async () => {
    await fixture.driver.advance();
    const path = String(fixture.store.db.get("SELECT file FROM pragma_database_list WHERE name = 'main'")?.['file']);
    const stored = [path, `${path}-wal`].map((file) => readFileSync(file, 'latin1')).join('');
    expect(stored).toContain('01M7XPG0PVERF7HENE4K5H0004');
    expect(stored).not.toContain('secret question');
    expect(stored).not.toContain('answer to');
  });
});

describe('paid work', () => {
  it('comes first: nothing starts while all slots are taken, and goes on when one is free', async () => {
    fixture.load.running = 2;
    await fixture.driver.advance();
    expect([fixture.engine.runs, step()]).toEqual([[], { kind: 'wait', for: 'slot' }]);
    fixture.load.running = 1;
    await fixture.driver.advance();
    expect(fixture.chain.attested).toHaveLength(1);
  });
  it('that comes meanwhile interrupts the request that runs; it is run again later', async () => {
    let release: () => void = () => undefined;
    fixture.engine.before = () => new Promise((done) => (release = done));
    const advancing = fixture.driver.advance();
    while (fixture.coordinator.asked.length === 0) await new Promise((done) => setImmediate(done));
    await new Promise((done) => setImmediate(done));
    fixture.load.running = 2;
    fixture.driver.loadChanged();
    release();
    fixture.engine.before = null;
    await advancing;
    expect([fixture.engine.runs, row()?.done, row()?.error]).toEqual([[], 0, null]);
    fixture.load.running = 0;
    await fixture.driver.advance();
    expect(fixture.chain.attested).toHaveLength(1);
  });
  it('does not come first in the second half of the window', async () => {
    fixture.load.running = 2;
    fixture.chain.chainMs = 9_600;
    await fixture.driver.advance();
    expect(fixture.chain.attested).toHaveLength(1);
  });
});

describe('an entry that differs', () => {
  it('is run alone once more, and is no difference when it agrees then', async () => {
    fixture.engine.wrong = (text, run) => text.endsWith('2') && run === 1;
    await fixture.driver.advance();
    expect(fixture.tables.entries(3n, 9).map(({ runs, verdict }) => [runs, verdict])).toEqual([[1, 'agrees'], [1, 'agrees'], [2, 'agrees'], [1, 'agrees'], [1, 'agrees']]);
    expect([fixture.load.quiets, fixture.chain.attested.length]).toEqual([1, 1]);
  });
  it('twice stops and asks; nothing is attested, nothing disputed, by decision neither', async () => {
    fixture.engine.wrong = (text) => text.endsWith('2');
    await fixture.driver.advance();
    expect(step()).toEqual({ kind: 'ask', reason: 'difference' });
    expect(row()).toMatchObject({ done: 3, differing: 1 });
    expect(fixture.tables.entries(3n, 9, 'differs')).toMatchObject([{ index: 2, runs: 2, entry: fixture.coordinator.items[2]?.entry }]);
    expect(() => fixture.driver.decide(3n, 'attest')).toThrow(AppError);
    fixture.driver.decide(3n, 'silent');
    await fixture.driver.advance();
    expect([step(), fixture.chain.attested]).toEqual([{ kind: 'none', why: 'silent' }, []]);
  });
  it('and was mended is run again from the first on', async () => {
    fixture.engine.wrong = (text) => text.endsWith('2');
    await fixture.driver.advance();
    fixture.engine.wrong = () => false;
    fixture.driver.restart(3n);
    await fixture.driver.advance();
    expect(fixture.chain.attested).toEqual([[3n, rootHex()]]);
  });
  it('by a lying history, whose entries agree while the commitment does not, asks too', async () => {
    fixture.tickets.set(3n, { ...ticketOver(4) });
    await fixture.driver.advance();
    expect([step(), fixture.chain.attested]).toEqual([{ kind: 'ask', reason: 'commitment' }, []]);
  });
});

describe('a coordinator that tells two histories', () => {
  it('one per asking: what agrees entry by entry and is not what was committed asks, and nothing is sent', async () => {
    fixture.engine.before = async () => {
      // The page behind this one is another, just as honestly computed.
      fixture.coordinator.items[3] = { ...(await historyItem(8)), index: 3 };
    };
    await fixture.driver.advance();
    expect(row()).toMatchObject({ done: 5, complete: true, differing: 0 });
    expect([step(), fixture.chain.attested]).toEqual([{ kind: 'ask', reason: 'commitment' }, []]);
  });
  it('one before a restart and one after it: no entry is taken twice, none of another length is believed', async () => {
    fixture.coordinator.pageSize = 3;
    let runs = 0;
    fixture.engine.before = () => (++runs === 3 ? new Promise(() => undefined) : Promise.resolve());
    void fixture.driver.advance();
    while (runs < 3) await new Promise((done) => setImmediate(done));
    fixture.engine.before = null;
    fixture.restart();
    fixture.coordinator.items.splice(3);
    await fixture.driver.advance();
    expect([row()?.done, step(), fixture.chain.attested]).toEqual([3, { kind: 'ask', reason: 'commitment' }, []]);
  });
});

describe('another engine', () => {
  it('asks although every entry agrees, and attests at the operator’s word', async () => {
    fixture.engine.fingerprint = 'engine/2';
    await fixture.driver.advance();
    expect([step(), row()?.strangers]).toEqual([{ kind: 'ask', reason: 'fingerprint' }, 5]);
    fixture.driver.decide(3n, 'attest');
    await fixture.driver.advance();
    expect(fixture.chain.attested).toEqual([[3n, rootHex()]]);
  });
});

describe('what is missing', () => {
  it.each<[string, (given: Fixture) => void, AttestStep]>([
    ['no coordinator', (given) => (given.coordinator.state = 'none'), { kind: 'wait', for: 'no_coordinator' }],
    ['no link', (given) => (given.coordinator.state = 'down'), { kind: 'wait', for: 'link' }],
    ['the switch', (given) => (given.policies.autoAttest = false), { kind: 'wait', for: 'policy' }],
    ['the history', (given) => (given.coordinator.refuse = 'no_history'), { kind: 'ask', reason: 'no_history' }],
    ['a coordinator that has seen the ticket', (given) => (given.coordinator.refuse = 'not_requested'), { kind: 'wait', for: 'backoff' }],
    ['the model', (given) => (given.models = []), { kind: 'wait', for: 'backoff' }],
    ['a working engine', (given) => (given.engine.fail = new AppError('inference.out_of_memory')), { kind: 'wait', for: 'backoff' }],
  ])('%s: waits or asks, and says why', async (_, take, expected) => {
    take(fixture);
    await fixture.driver.advance();
    expect([step(), fixture.chain.attested, fixture.engine.runs]).toEqual([expected, [], []]);
    if (expected.kind === 'wait' && expected.for === 'backoff') expect(row()?.error).not.toBeNull();
  });
  it('and comes is used at the next change', async () => {
    fixture.coordinator.state = 'down';
    await fixture.driver.advance();
    fixture.coordinator.state = 'up';
    await fixture.driver.advance();
    expect(fixture.chain.attested).toHaveLength(1);
  });
  it.each<[string, (given: Fixture) => Promise<void>]>([
    ['a gap', async (given) => void given.coordinator.items.splice(1, 1)],
    ['an envelope of another task', async (given) => void (given.coordinator.items[0] = await historyItem(0, { envelope: (await historyItem(4)).envelope }))],
    ['an envelope that is none', async (given) => void (given.coordinator.items[0] = await historyItem(0, { envelope: 'a.b.c.d.e' }))],
  ])('a history with %s cannot be judged and asks', async (_, spoil) => {
    await spoil(fixture);
    await fixture.driver.advance();
    expect([step(), fixture.chain.attested]).toEqual([{ kind: 'ask', reason: 'bad_history' }, []]);
  });
  it('a kind of work this node does not run asks', async () => {
    fixture.coordinator.items[0] = await historyItem(0, { workload_class: 'wasm.run' });
    await fixture.driver.advance();
    expect(step()).toEqual({ kind: 'ask', reason: 'unsupported' });
  });
});

describe('a WASM function', () => {
  beforeEach(async () => {
    const { items } = fixture.coordinator;
    items[1] = await wasmItem(1);
    fixture.own[1] = { ...fixture.own[1]!, workloadClass: 'wasm.run', model: '', envelope: items[1].envelope, entry: items[1].entry };
    fixture.commitment = { entries: items.map(({ entry }) => hexToBytes(entry)), keptRoot: merkleRoot(items.map(({ entry }) => hexToBytes(entry))) };
    fixture.tickets.set(3n, ticketFor(items.map(({ entry }) => entry)));
  });
  it('is run again without a model, and attested with the chat requests around it', async () => {
    fixture.wasm.there = true;
    await fixture.driver.advance();
    expect([fixture.wasm.runs, fixture.engine.runs.length]).toEqual([[fixture.coordinator.items[1]?.task_id], 4]);
    expect(fixture.chain.attested).toEqual([[3n, rootHex()]]);
  });
  it('of another answer is run twice, and asks', async () => {
    fixture.wasm.there = true;
    fixture.coordinator.items[1] = { ...fixture.coordinator.items[1]!, entry: 'ab'.repeat(32) };
    await fixture.driver.advance();
    expect([fixture.wasm.runs.length, step(), fixture.chain.attested]).toEqual([2, { kind: 'ask', reason: 'difference' }, []]);
  });
  it('asks where this machine runs none', async () => {
    await fixture.driver.advance();
    expect([step(), fixture.chain.attested]).toEqual([{ kind: 'ask', reason: 'unsupported' }, []]);
  });
  it('of an own stack is run again before settling, and holds it back while none runs here', async () => {
    fixture.tickets.clear();
    fixture.policies.selfAuditSample = 5;
    fixture.driver.settleGate(3n, 5);
    await fixture.driver.advance();
    expect(fixture.tables.audits.get(3n)).toMatchObject({ status: 'wanted', error: { code: 'attest.cannot_rerun' } });
    fixture.wasm.there = true;
    fixture.clock.nowMs += 60_000;
    await fixture.driver.advance();
    expect(fixture.tables.audits.get(3n)).toMatchObject({ status: 'passed', checked: 5 });
    expect(fixture.wasm.runs).toHaveLength(1);
  });
});

describe('the end of a ticket', () => {
  const claimAway = async (): Promise<void> => {
    fixture.tickets.delete(3n);
    fixture.chain.epoch = 11n;
    await fixture.driver.advance();
  };
  it('after attesting', async () => {
    await fixture.driver.advance();
    await claimAway();
    expect(row()).toMatchObject({ end: 'attested' });
  });
  it('in silence is a slash with what it cost', async () => {
    fixture.policies.autoAttest = false;
    await fixture.driver.advance();
    await claimAway();
    expect(row()).toMatchObject({ end: 'slashed', penalty: 100n });
  });
  it('that shows before it can be, is a full node that lags', async () => {
    fixture.policies.autoAttest = false;
    await fixture.driver.advance();
    fixture.tickets.delete(3n);
    await fixture.driver.advance();
    expect(row()?.end).toBeNull();
  });
  it('cannot be decided any more', async () => {
    await fixture.driver.advance();
    await claimAway();
    expect(() => fixture.driver.decide(3n, 'silent')).toThrow(AppError);
    expect(() => fixture.driver.restart(3n)).toThrow(AppError);
  });
});

describe('the self-audit', () => {
  const audit = () => fixture.tables.audits.get(3n);
  beforeEach(() => fixture.tickets.clear());

  it('holds settling until root and sample agree, then lets it go', async () => {
    expect(fixture.driver.settleGate(3n, 5)).toBe(false);
    await fixture.driver.advance();
    expect(audit()).toMatchObject({ status: 'passed', checked: 2, differing: 0, rootFound: rootHex(), rootKept: rootHex() });
    expect([fixture.driver.settleGate(3n, 5), fixture.chain.hints, fixture.engine.runs.length]).toEqual([true, 1, 2]);
  });
  it('runs again when more was served since', async () => {
    fixture.driver.settleGate(3n, 4);
    await fixture.driver.advance();
    expect(audit()).toMatchObject({ status: 'passed', entries: 5 });
    expect([fixture.driver.settleGate(3n, 5), fixture.driver.settleGate(3n, 6)]).toEqual([true, false]);
  });
  it('fails on another root, with both as evidence, and runs nothing', async () => {
    fixture.commitment = { ...fixture.commitment, keptRoot: new Uint8Array(32) };
    fixture.driver.settleGate(3n, 5);
    await fixture.driver.advance();
    expect(audit()).toMatchObject({ status: 'failed', rootFound: rootHex(), rootKept: '0'.repeat(64), checked: 0 });
    expect(fixture.driver.settleGate(3n, 5)).toBe(false);
  });
  it('fails on an entry that differs twice; the operator may overrule it', async () => {
    fixture.engine.wrong = () => true;
    fixture.driver.settleGate(3n, 5);
    await fixture.driver.advance();
    expect(audit()).toMatchObject({ status: 'failed', differing: 2 });
    expect(fixture.driver.settleGate(3n, 5)).toBe(false);
    fixture.driver.overrule(3n);
    expect(fixture.driver.settleGate(3n, 5)).toBe(true);
    expect(() => fixture.driver.overrule(3n)).toThrow(AppError);
  });
  it('waits for paid work, but not for ever, and survives a restart', async () => {
    fixture.load.running = 2;
    fixture.driver.settleGate(3n, 5);
    await fixture.driver.advance();
    expect(audit()?.status).toBe('wanted');
    fixture.restart();
    fixture.clock.nowMs += 600_000;
    await fixture.driver.advance();
    expect(audit()?.status).toBe('passed');
  });
  it('without a sample compares the root alone; an envelope that is gone is told', async () => {
    fixture.policies.selfAuditSample = 0;
    fixture.driver.settleGate(3n, 5);
    await fixture.driver.advance();
    expect([audit()?.status, fixture.engine.runs]).toEqual(['passed', []]);
    fixture.policies.selfAuditSample = 5;
    fixture.own = fixture.own.map((entry) => ({ ...entry, envelope: null }));
    fixture.tables.audits.want(3n, 5);
    await fixture.driver.advance();
    expect(audit()).toMatchObject({ status: 'passed', checked: 0, missing: 5 });
  });
  it('without the model waits and says so', async () => {
    fixture.models = [];
    fixture.driver.settleGate(3n, 5);
    await fixture.driver.advance();
    expect(audit()).toMatchObject({ status: 'wanted', error: { code: 'inference.model_unavailable' } });
  });
});
