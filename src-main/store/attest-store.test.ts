/** Rows of attestations and self-audits in a real database: progress that survives, counters and root that move together, what a restart forgets. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesToHex } from '@noble/hashes/utils.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blake2b256, merkleRoot } from '../../src-shared/link/proof.ts';
import type { Reexecution, TicketFact } from '../core/attest-rows.ts';
import { silentLogger } from '../log/logger.ts';
import { createAttestStore, type AttestStore } from './attest-store.ts';
import { openStore, type Store } from './open.ts';

let dataDir = '';
let store: Store;
let attest: AttestStore;
let nowMs = 1_000;
const open = (): void => {
  store = openStore({ dataDir }, { now: () => nowMs, log: silentLogger });
  attest = createAttestStore(store);
};
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'attest-'));
  nowMs = 1_000;
  open();
});
afterEach(() => {
  store.close();
  rmSync(dataDir, { recursive: true });
});

const hash = (seed: number): string => bytesToHex(blake2b256(Uint8Array.of(seed)));
const entry = (index: number, verdict: Reexecution['verdict'] = 'agrees'): Reexecution => ({
  index, taskId: `T${index}`, model: 'm@1', entry: hash(index), fingerprint: 'f', ownEntry: hash(verdict === 'differs' ? 100 + index : index), ownFingerprint: 'f', runs: 1, verdict,
});
const ticket: TicketFact = {
  stackSmallId: 3n, selectedNode: 2n, requestedNodes: [7n, 9n], attestedNodes: [], disputeSettledAtEpoch: 10n, isInDispute: false,
  committedProof: blake2b256(Uint8Array.of(1)), leaves: new Uint8Array(96), claimedUnits: 2n ** 63n, stack: { taskSmallId: 2n, price: 5n, numComputeUnits: 2n ** 64n - 1n },
};

describe('an attestation', () => {
  it('is noted once, keeps the ticket as read, and ends when it is gone', () => {
    attest.rows.note(3n, 7n);
    attest.rows.note(3n, 8n);
    expect(attest.rows.get(3n)).toMatchObject({ nodeSmallId: 7n, ticket: null, done: 0, root: null, end: null });
    attest.rows.putTicket(3n, ticket, { penalty: 100n, reward: null, chainMs: 55.5 });
    nowMs = 2_000;
    attest.rows.putTicket(3n, { ...ticket, attestedNodes: [9n] }, { penalty: 90n, reward: 4n, chainMs: 99 });
    expect(attest.rows.get(3n)).toMatchObject({ ticket: { ...ticket, attestedNodes: [9n] }, penalty: 90n, reward: 4n, firstSeenChainMs: 55, firstSeenMs: 1_000, updatedMs: 2_000 });
    attest.rows.end(3n, 'slashed');
    expect([attest.rows.open(7n), attest.rows.list(7n, 5).map(({ end, dismissed }) => [end, dismissed])]).toEqual([[], [['slashed', false]]]);
    attest.rows.dismiss(3n);
    expect(attest.rows.get(3n)?.dismissed).toBe(true);
  });
  it('says that something changed only when it did', () => {
    const topics: string[] = [];
    attest.rows.note(3n, 7n);
    attest.rows.putTicket(3n, ticket, { penalty: 1n, reward: 1n, chainMs: 5 });
    store.onTopic((topic) => topics.push(topic));
    attest.rows.note(3n, 7n);
    attest.rows.putTicket(3n, ticket, { penalty: 1n, reward: 1n, chainMs: 6 });
    expect(topics).toEqual([]);
    attest.rows.keepEntry(3n, entry(0));
    expect(topics).toEqual(['attestations']);
  });
  it('goes on over a restart: counters, root and verdicts are one commit each', () => {
    attest.rows.note(3n, 7n);
    const given = [entry(0), entry(1, 'stranger'), entry(2, 'differs')];
    for (const one of given) {
      attest.rows.keepEntry(3n, one);
      attest.rows.keepEntry(3n, one); // out of turn: it was kept already
      store.close();
      open();
    }
    const row = attest.rows.get(3n);
    expect(row).toMatchObject({ done: 3, strangers: 1, differing: 1, complete: false });
    expect(row?.root).toEqual(merkleRoot(given.map(({ ownEntry }) => Uint8Array.from(Buffer.from(ownEntry, 'hex')))));
    expect(attest.entries(3n, 10)).toEqual(given);
    expect(attest.entries(3n, 10, 'differs')).toEqual([given[2]]);
    attest.rows.keepEntry(3n, entry(5));
    expect(attest.rows.get(3n)?.done).toBe(3);
  });
  it('forgets everything that was run when it is run again', () => {
    attest.rows.note(3n, 7n);
    attest.rows.putTicket(3n, ticket, { penalty: 1n, reward: 1n, chainMs: 5 });
    attest.rows.keepEntry(3n, entry(0, 'differs'));
    attest.rows.setHold(3n, 'bad_history');
    attest.rows.decide(3n, 'silent');
    attest.rows.setError(3n, { code: 'link.down', message: 'm', atMs: 1 }, { attempts: 3, notBeforeMs: 9 });
    attest.rows.restart(3n);
    expect(attest.rows.get(3n)).toMatchObject({ done: 0, differing: 0, root: null, hold: null, decision: null, error: null, attempts: 0, notBeforeMs: 0, ticket });
    expect(attest.entries(3n, 10)).toEqual([]);
  });
  it('counts what it attested and nobody claimed yet', () => {
    for (const [id, attestedNodes] of [[3n, [7n]], [4n, []], [5n, [9n, 7n]]] as const) {
      attest.rows.note(id, 7n);
      attest.rows.putTicket(id, { ...ticket, stackSmallId: id, attestedNodes }, { penalty: null, reward: null, chainMs: null });
    }
    expect(attest.rows.attestedUnclaimed(7n)).toBe(2);
    // One in dispute is never claimed: leaving would wait for it for ever.
    attest.rows.note(6n, 7n);
    attest.rows.putTicket(6n, { ...ticket, stackSmallId: 6n, attestedNodes: [7n], isInDispute: true }, { penalty: null, reward: null, chainMs: null });
    expect(attest.rows.attestedUnclaimed(7n)).toBe(2);
    for (const neverClaimed of [true, false]) {
      attest.rows.putTicket(3n, { ...ticket, stackSmallId: 3n, attestedNodes: [7n], neverClaimed }, { penalty: null, reward: null, chainMs: null });
      expect([attest.rows.attestedUnclaimed(7n), attest.rows.get(3n)?.ticket?.neverClaimed]).toEqual([neverClaimed ? 1 : 2, neverClaimed]);
    }
    attest.rows.end(5n, 'attested');
    expect(attest.rows.attestedUnclaimed(7n)).toBe(1);
  });
  it('that was gone before it was read is forgotten', () => {
    attest.rows.note(3n, 7n);
    attest.rows.forget(3n);
    expect(attest.rows.get(3n)).toBeNull();
  });
  it('whose row was damaged is set aside and shown', () => {
    attest.rows.note(3n, 7n);
    store.db.run("UPDATE attestations SET ticket = 'x'");
    expect(attest.rows.open(7n)).toEqual([]);
    expect(store.parked()).toEqual([expect.objectContaining({ table: 'attestations', id: '3' })]);
  });
});

describe('this node’s own history', () => {
  it('has what was stored with each receipt, in its order, from any place on', () => {
    store.transaction(() => {
      for (const index of [0, 1, 2]) {
        const task = `T${index}`;
        store.db.run("INSERT INTO jobs (task_id, task_small_id, stack_small_id, workload_class, model, max_compute_units, deadline_ms, stream, stage, received_ms, envelope) VALUES (?, 2, 3, 'ai.inference', 'm@1', 50, 1, 0, 'accepted', 1, ?)", task, `sealed ${index}`);
        store.db.run('INSERT INTO signing_records (task_id, stack_small_id, poe, entry, compute_units, input_units, output_units, fingerprint, queued_ms, decrypt_ms, execute_ms, total_ms, recorded_ms) VALUES (?, 3, ?, ?, 7, 3, 4, ?, 1, 1, 1, 3, 1)', task, hash(50), hash(index), 'f');
        store.db.run("INSERT INTO acks (task_id, stack_small_id, coordinator_id, status, entry_index, sig, received_ms) VALUES (?, 3, '0x1', 'accepted', ?, 's', 1)", task, BigInt(index));
      }
    });
    expect(attest.ownHistory(3n, 0, 1)).toEqual([{ index: 1, taskId: 'T1', workloadClass: 'ai.inference', model: 'm@1', maxComputeUnits: 50, envelope: 'sealed 1', entry: hash(1), fingerprint: 'f' }]);
    expect(attest.ownHistory(3n, -1, 9).map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(attest.entryHashes(3n, 0, 9).map((bytes) => bytesToHex(bytes))).toEqual([hash(1), hash(2)]);
    expect(attest.keptRoot(3n)).toEqual(merkleRoot(attest.entryHashes(3n, -1, 9)));
    expect(attest.keptRoot(4n)).toBeNull();
  });
  it('tells settled stacks under sampling consensus with who was asked', () => {
    const add = (id: bigint, state: string, sampling: bigint): void => {
      store.db.run("INSERT INTO stacks (stack_small_id, task_small_id, node_small_id, owner, price, num_compute_units, sampling_consensus, state, first_seen_ms, updated_ms) VALUES (?, 2, 7, '0x1', '5', '9', ?, ?, 1, 1)", id, sampling, state);
      store.db.run("INSERT INTO tickets (stack_small_id, claimed_units, dispute_settled_at_epoch, is_in_dispute, requested_nodes, attested_nodes, updated_ms) VALUES (?, '9', 4, 0, '[\"9\"]', '[]', 1)", id);
    };
    add(3n, 'settled', 1n);
    add(4n, 'settled', 0n);
    add(5n, 'claimed', 1n);
    expect(attest.ownTickets(7n)).toEqual([{ stackSmallId: 3n, taskSmallId: 2n, requestedNodes: [9n], attestedNodes: [], disputeSettledAtEpoch: 4n, isInDispute: false }]);
    expect(attest.ownTickets(8n)).toEqual([]);
  });
});

describe('a self-audit', () => {
  it('over the same entries goes on; over more it begins anew', () => {
    attest.audits.want(3n, 4);
    attest.audits.setRoots(3n, { found: hash(1), kept: hash(1), sampleSize: 2 });
    attest.audits.keepEntry(3n, entry(2));
    attest.audits.want(3n, 4);
    expect(attest.audits.wanted()).toMatchObject([{ stackSmallId: 3n, entries: 4, checked: 1, sampleSize: 2 }]);
    attest.audits.want(3n, 5);
    expect([attest.audits.get(3n)?.checked, attest.audits.entries(3n, 9)]).toEqual([0, []]);
  });
  it('ends, and its verdict is listed', () => {
    attest.audits.want(3n, 4);
    attest.audits.keepEntry(3n, entry(1, 'differs'));
    attest.audits.finish(3n, 'failed');
    expect(attest.audits.wanted()).toEqual([]);
    expect(attest.audits.failed()).toMatchObject([{ stackSmallId: 3n, differing: 1 }]);
    expect(attest.audits.entries(3n, 9)).toEqual([entry(1, 'differs')]);
  });
});
