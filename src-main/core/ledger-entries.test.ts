/** Entries add up to what the wallet gained or lost, for every kind of transaction. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { G1 } from '../../src-shared/atoma/index.ts';
import type { Intent } from '../../src-shared/bridge/intents.ts';
import { entriesFrom, type ExecutedTransaction, type LedgerContext } from './ledger-entries.ts';

const settings = { samplingConsensusChargePermille: 1_200n, crossValidationExtraNodesChargePermille: 12n };
const stacks = new Map([[1n, { taskSmallId: 4n, price: 10n, samplingConsensus: false }], [2n, { taskSmallId: 4n, price: 7n, samplingConsensus: true }]]);
const context = (intent: Intent | null, change: Partial<LedgerContext> = {}): LedgerContext => ({
  intent, contract: G1, suiType: 'SUI', coinType: 'TOMA', settings, stack: (id) => stacks.get(id) ?? null, collateralBefore: null, ...change,
});
const tx = (toma: bigint, change: Partial<ExecutedTransaction> = {}): ExecutedTransaction => ({
  digest: 'd', success: true, epoch: 3n, atMs: 5, gasMist: 11n, events: [], balanceChanges: [{ coinType: 'SUI', amount: -11n }, { coinType: 'TOMA', amount: toma }], ...change,
});
const claimed = (index: number, stackSmallId: bigint, units: bigint) => ({
  index, name: 'StackSettlementTicketClaimedEvent',
  contents: G1.events.StackSettlementTicketClaimedEvent.serialize({ stackSmallId, selectedNodeId: 1n, attestationNodes: [], numClaimedComputeUnits: units, userRefundAmount: 0n }).toBytes(),
});
const short = (entries: ReturnType<typeof entriesFrom>) => entries.map(({ kind, amount, eventIndex, stackSmallId, coinType }) => [kind, amount, eventIndex, stackSmallId, coinType]);
const gas = ['gas', -11n, -1, null, 'SUI'];
const claim: Intent = { kind: 'claim', stackSmallIds: [1n, 2n] };
const to = `0x${'1'.repeat(64)}`;

describe('entries', () => {
  it.each<[string, Intent | null, ExecutedTransaction, unknown[]]>([
    ['register', { kind: 'register' }, tx(-1_000n), [['collateral', -1_000n, -2, null, 'TOMA']]],
    ['faucet', { kind: 'faucet', amount: 5n }, tx(5n), [['faucet', 5n, -2, null, 'TOMA']]],
    ['transfer of the coin', { kind: 'transfer', coin: 'network', amount: 9n, to }, tx(-9n), [['transfer', -9n, -2, null, 'TOMA']]],
    ['transfer of SUI', { kind: 'transfer', coin: 'SUI', amount: 9n, to }, tx(0n, { balanceChanges: [{ coinType: 'SUI', amount: -20n }] }), [['transfer', -9n, -2, null, 'SUI']]],
    ['subscribe', { kind: 'subscribe', taskSmallId: 1n, price: 1n, maxComputeUnits: 1n }, tx(0n), []],
    ['unknown', null, tx(77n), []],
    ['failed', claim, tx(0n, { success: false }), []],
    ['claim of two', claim, tx(1_000n + 840n, { events: [claimed(0, 1n, 100n), claimed(2, 2n, 100n)] }), [['claim', 1_000n, 0, 1n, 'TOMA'], ['claim', 840n, 2, 2n, 'TOMA']]],
    ['claim with attestation fees', claim, tx(1_005n, { events: [claimed(0, 1n, 100n)] }), [['claim', 1_000n, 0, 1n, 'TOMA'], ['fee', 5n, -3, null, 'TOMA']]],
    ['claim of nothing', claim, tx(0n, { events: [claimed(0, 1n, 0n)] }), [['claim', 0n, 0, 1n, 'TOMA']]],
    ['claim of one unknown stack', claim, tx(1_300n, { events: [claimed(0, 1n, 100n), claimed(1, 9n, 30n)] }), [['claim', 1_000n, 0, 1n, 'TOMA'], ['claim', 300n, 1, 9n, 'TOMA']]],
    ['claim of two unknown stacks', claim, tx(1_300n, { events: [claimed(0, 8n, 100n), claimed(1, 9n, 30n)] }), [['claim', 1_300n, -4, null, 'TOMA']]],
    ['claim that paid less than the rows say', claim, tx(999n, { events: [claimed(0, 1n, 100n)] }), [['claim', 999n, -4, null, 'TOMA']]],
  ])('%s', (_, intent, executed, expected) => expect(short(entriesFrom(executed, context(intent)))).toEqual([gas, ...expected]));
  it('tell returned collateral from fees', () => {
    expect(short(entriesFrom(tx(1_005n), context({ kind: 'destroy' }, { collateralBefore: 1_000n })))).toEqual([gas, ['collateral_returned', 1_000n, -2, null, 'TOMA'], ['fee', 5n, -3, null, 'TOMA']]);
    expect(short(entriesFrom(tx(1_005n), context({ kind: 'destroy' })))).toEqual([gas, ['collateral_returned', 1_005n, -2, null, 'TOMA']]);
  });
  it('of a claim add up to what came in, whatever the rows say', () => {
    const event = fc.record({ id: fc.bigInt({ min: 1n, max: 4n }), units: fc.bigInt({ min: 0n, max: 1_000n }) });
    fc.assert(fc.property(fc.uniqueArray(event, { selector: (one) => one.id }), fc.bigInt({ min: 0n, max: 100_000n }), (events, received) => {
      const entries = entriesFrom(tx(received, { events: events.map(({ id, units }, index) => claimed(index, id, units)) }), context(claim));
      expect(entries.filter(({ coinType }) => coinType === 'TOMA').reduce((sum, { amount }) => sum + amount, 0n)).toBe(received);
      expect(new Set(entries.map(({ eventIndex }) => eventIndex)).size).toBe(entries.length);
    }));
  });
});
