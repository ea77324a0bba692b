/** Tickets that name this node on a real sandbox chain: told by the event, found by the walk, read as they are, attested once, gone with the claim; settling waits for the self-audit. */
import { bytesToHex } from '@noble/hashes/utils.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blake2b256, committedProof } from '../../src-shared/link/proof.ts';
import { agreesWithProof, wouldDispute } from '../core/attest-plan.ts';
import type { Chain } from './create-chain.ts';
import { noWork, startChainFixture, type ChainFixture } from './testing/chain-fixture.ts';

let fixture: ChainFixture;
let chain: Chain;
let named: bigint[] = [];
let audited = true;
const sampled = 2n;
const root = blake2b256(Uint8Array.of(1));

beforeEach(async () => {
  fixture = await startChainFixture();
  [named, audited] = [[], true];
  chain = fixture.open({ attestation: { named: (id) => void named.push(id), maySettle: () => audited } });
  const { administer } = fixture.test.chain;
  await administer({ kind: 'set', parameter: 'set_cross_validation_probability_permille', value: 1_000n });
  expect(await chain.execute({ kind: 'register' })).toMatchObject({ status: 'success' });
  expect(await chain.execute({ kind: 'subscribe', taskSmallId: sampled, price: 7n, maxComputeUnits: 5_000n })).toMatchObject({ status: 'success' });
  await fixture.buy(100n, 10n, sampled);
  fixture.work.set(1n, { ...noWork, acceptedUnits: 100n, root });
});
afterEach(() => fixture.stop());

describe('a ticket that names this node', () => {
  it('is told by its event, found by the walk, read with its proof and slots, attested once, and gone with the claim', async () => {
    await chain.reconcile();
    expect(named).toEqual([1n]);
    expect(await chain.ticketsNaming(1n)).toEqual([1n]);
    expect(await chain.ticketsNaming(9n)).toEqual([]);
    const [ticket] = await chain.ticketFacts([1n, 99n]);
    expect(ticket).toMatchObject({ stackSmallId: 1n, selectedNode: 1n, requestedNodes: [1n], attestedNodes: [], disputeSettledAtEpoch: 2n, isInDispute: false, claimedUnits: 100n, stack: { taskSmallId: sampled, price: 10n, numComputeUnits: 100n } });
    expect(ticket?.leaves).toHaveLength(64);
    expect([agreesWithProof(ticket!, root), wouldDispute(ticket!, 1n, root)]).toEqual([true, false]);
    expect(await chain.execute({ kind: 'attest', stackSmallId: 1n, root: bytesToHex(root) })).toMatchObject({ status: 'success' });
    expect((await chain.ticketFacts([1n]))[0]).toMatchObject({ attestedNodes: [1n], isInDispute: false });
    await expect(chain.execute({ kind: 'attest', stackSmallId: 1n, root: bytesToHex(root) })).rejects.toMatchObject({ code: 'chain.rejected' });
    await fixture.buy(100n, 10n, sampled); // the credit of an own attestation is paid out of what others paid in
    fixture.test.chain.advanceEpoch(2);
    await chain.reconcile();
    expect(chain.stackViews().find(({ stackSmallId }) => stackSmallId === 1n)?.phase).toBe('claimed');
    expect([await chain.ticketsNaming(1n), await chain.ticketFacts([1n])]).toEqual([[], [null]]);
  });
  it('with another root would dispute, as the plan foretells', async () => {
    await chain.reconcile();
    const other = blake2b256(Uint8Array.of(2));
    const [ticket] = await chain.ticketFacts([1n]);
    expect(wouldDispute(ticket!, 1n, other)).toBe(true);
    await chain.execute({ kind: 'attest', stackSmallId: 1n, root: bytesToHex(other) });
    expect((await chain.ticketFacts([1n]))[0]).toMatchObject({ isInDispute: true, attestedNodes: [] });
    // Who says what is in the event alone.
    expect(await chain.disputesOf(1n)).toEqual([{ node: 1n, commitment: bytesToHex(committedProof(other, 1)), original: bytesToHex(committedProof(root, 1)) }]);
    expect(await chain.disputesOf(2n)).toEqual([]);
  });
});

describe('money under sampling consensus', () => {
  it('is not settled before the self-audit lets it', async () => {
    audited = false;
    await chain.reconcile();
    expect(chain.stackViews()[0]?.phase).toBe('working');
    audited = true;
    await chain.reconcile();
    expect(chain.stackViews()[0]?.phase).toBe('challenge');
  });
  it('is claimed in the epoch after D while an attestor is missing, and in epoch D with the switch off', async () => {
    await chain.reconcile();
    fixture.test.chain.advanceEpoch(2);
    await chain.reconcile();
    expect(chain.stackViews()[0]?.phase).toBe('claimable');
    fixture.policies = { ...fixture.policies, waitForAttestors: false };
    await chain.reconcile();
    expect(chain.stackViews()[0]?.phase).toBe('claimed');
    expect(chain.snapshot().registration).toMatchObject({ node: { collateral: 900n } });
  });
});
