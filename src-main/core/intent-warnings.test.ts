/** Each operation that breaks something says so, on the generation where it does, and the harmless ones are silent. */
import { describe, expect, it } from 'vitest';
import { G1, G2, type Contract } from '../../src-shared/atoma/index.ts';
import { parkedPrice, type Intent } from '../../src-shared/bridge/intents.ts';
import { intentWarnings, type WarningFacts } from './intent-warnings.ts';

const facts = (contract: Contract, change: Partial<WarningFacts> = {}): WarningFacts => ({
  contract, task: { samplingConsensus: true, subscribers: 3 }, openStacks: 0, settings: contract.constants, opensDispute: false, startingReputation: 50, ...change,
});
const offer = (price: bigint): Intent => ({ kind: 'update_subscription', taskSmallId: 1n, price, maxComputeUnits: 1_000_000n });
const attest: Intent = { kind: 'attest', stackSmallId: 1n, root: '00'.repeat(32) };
const task = (minimumReputation: number): Intent => ({ kind: 'create_task', role: 0, modelName: null, securityLevel: 'none', minimumReputation, isPublic: true });

describe('a warning', () => {
  it.each<[string, Intent, WarningFacts, RegExp[]]>([
    ['that unsubscribing on G1 makes the task unbuyable', { kind: 'unsubscribe', taskSmallId: 7n }, facts(G1), [/task #7 unbuyable, for the 2 other nodes.*Park/]],
    ['of open stacks beside it', { kind: 'unsubscribe', taskSmallId: 7n }, facts(G1, { openStacks: 2, task: null }), [/other nodes too/, /2 stacks .* are still open/]],
    ['of open stacks only on G2', { kind: 'unsubscribe', taskSmallId: 7n }, facts(G2, { openStacks: 1 }), [/One stack .* is still open/]],
    ['of a price that can be bought and never claimed', offer(15_372_286_729n), facts(G2), [/highest safe price is 15372286728/]],
    ['that any ticket can be frozen on G1', { kind: 'dispute', stackSmallId: 1n, commitment: '' }, facts(G1), [/frozen for ever/, /does not check/]],
    ['that a dispute is for ever on G2', { kind: 'dispute', stackSmallId: 1n, commitment: '' }, facts(G2), [/frozen for ever/]],
    ['that an attestation differs', attest, facts(G1, { opensDispute: true }), [/opens a dispute/]],
    ['that a removed task strands stacks', { kind: 'remove_task', taskSmallId: 1n }, facts(G1), [/never be settled/]],
    ['that a retired task can be bought', { kind: 'deprecate_task', taskSmallId: 1n }, facts(G1), [/still be bought/]],
    ['of a task nobody can serve', task(51), facts(G2), [/No node can subscribe/]],
  ])('%s', (_, intent, given, expected) => {
    const found = intentWarnings(intent, given);
    expect(found.length).toBe(expected.length);
    expected.forEach((pattern, index) => expect(found[index]).toMatch(pattern));
  });
  it.each<[string, Intent, WarningFacts]>([
    ['unsubscribing on G2', { kind: 'unsubscribe', taskSmallId: 7n }, facts(G2)],
    ['a price that can be claimed', offer(15_372_286_728n), facts(G2)],
    ['the same price without sampling consensus', offer(15_372_286_729n), facts(G2, { task: { samplingConsensus: false, subscribers: 1 } })],
    ['parking', offer(parkedPrice), facts(G1)],
    ['an attestation that agrees', attest, facts(G2)],
    ['a task for everybody', task(50), facts(G1)],
    ['a claim', { kind: 'claim', stackSmallIds: [1n] }, facts(G1)],
  ])('is not given for %s', (_, intent, given) => expect(intentWarnings(intent, given)).toEqual([]));
});
