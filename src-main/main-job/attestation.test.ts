/** Sampling consensus with real parts: one composed node, the sandbox, and its second node in a process of its own; whom the contract draws is steered (coordinator.md 7; protocol.md 5.4, 5.7, 5.8, 6.4). */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contractOf, nodeSmallIdType, smallId, type Contract, type EventFields, type EventName, type Generation } from '../../src-shared/atoma/index.ts';
import type { Policies, SecondNodeMode } from '../../src-shared/bridge/views.ts';
import { silentLogger } from '../log/logger.ts';
import type { ConsoleNode } from '../console-node.ts';
import { forkChild } from '../platform/processes.ts';
import { planFunction } from '../sandbox/buyers/function-bodies.ts';
import type { Wallet } from '../sandbox/buyers/wallet.ts';
import { createSandbox, type Sandbox } from '../sandbox/create-sandbox.ts';
import { realSchedule } from '../sandbox/schedule.ts';
import { announcedBy, chainClient, makeVault, markStarted, openBuyer, openNode, passphrase, sign, until } from '../testing/whole-node.ts';

const sampled = 2n;
/** What buyers pay and the node asks, by what a price means in each generation; and the divisor of a node's fee (protocol.md 5.4). */
const terms = { G1: { price: 100n, asked: 80n, perFee: 1_000n }, G2: { price: 50_000_000n, asked: 40_000_000n, perFee: 1_000_000_000n } } as const;
/** Everything here waits on what the parts announce; this only ends a wait in vain. */
const limitMs = 120_000;
/** Units of a stack, more than its requests take. */
const plenty = 400n;

let contract: Contract;
let folder = '';
let sandbox: Sandbox;
let node: ConsoleNode;
let buyer: Wallet;
/** Numbers of the two nodes on chain. */
let own = 0n;
let second = 0n;

/** Whom the contract draws next: `selected` for a purchase, `attestors` for a settlement. */
const luck = { selected: 0n, attestors: [] as bigint[] };
const draws = (() => {
  let place: number | null = null;
  return {
    pick: (candidates: readonly bigint[]): number => {
      const wanted = place === null ? luck.selected : (luck.attestors[place] ?? luck.selected);
      if (place !== null) place = place + 1 < luck.attestors.length ? place + 1 : null;
      return Math.max(0, candidates.indexOf(wanted));
    },
    permille: (): bigint => {
      place = 0;
      return 1n;
    },
    nonce: () => 1n,
  };
})();

type Seen = { [K in EventName]: { name: K; fields: EventFields[K] } }[EventName];
const seen: Seen[] = [];
const names = ['StackTrySettleEvent', 'NewStackSettlementAttestationEvent', 'StackSettlementTicketEvent', 'StackAttestationDisputeEvent', 'StackSettlementTicketClaimedEvent'] as const;
const watchEvents = (): void =>
  void sandbox.chain.on((notice) => {
    if (notice.kind !== 'event') return;
    const name = names.find((one) => notice.type.endsWith(`::${one}`));
    if (name !== undefined) seen.push({ name, fields: contract.events[name].parse(notice.contents) } as Seen);
  });
const eventOf = <K extends (typeof names)[number]>(name: K, stackSmallId: bigint): Promise<EventFields[K]> =>
  until(announcedBy(sandbox), () => (seen.find((one) => one.name === name && 'stackSmallId' in one.fields && one.fields.stackSmallId === stackSmallId)?.fields as EventFields[K] | undefined) ?? null);
const countOf = (name: EventName, stackSmallId: bigint): number => seen.filter((one) => one.name === name && 'stackSmallId' in one.fields && one.fields.stackSmallId === stackSmallId).length;

const client = () => chainClient(sandbox);
const entryOf = async (nodeSmallId: bigint) => {
  const { object } = await client().getObject({ objectId: sandbox.info.atomaDbId, include: { content: true } });
  const { nodes } = contract.objects.AtomaDb.parse(object.content);
  const field = await client().getDynamicField({ parentId: nodes.id, name: { type: nodeSmallIdType(sandbox.info.packageId), bcs: smallId.serialize(nodeSmallId).toBytes() } });
  return contract.objects.NodeEntry.parse(field.dynamicField.value.bcs);
};
const setPolicies = async (change: Partial<Policies>): Promise<void> => {
  const { policies } = await node.handlers['settings.get']({});
  await node.handlers['settings.policies']({ policies: { ...policies, ...change } });
};
const secondIs = async (mode: SecondNodeMode): Promise<void> => {
  sandbox.control.setSecondNode({ mode });
  await until([sandbox.control.onChange], () => (sandbox.secondNode.view().state === 'running' ? true : null));
};

/** A stack of the sampled task that falls to `selected`, with this many requests answered and acknowledged. */
const served = async (selected: bigint, requests: number, units = plenty): Promise<bigint> => {
  luck.selected = selected;
  const { stackSmallId, nodeSmallId } = await buyer.buyStack({ taskSmallId: sampled, units, price: terms[contract.generation].price, samplingConsensus: true });
  expect(nodeSmallId).toBe(selected);
  await sandbox.coordinator.openStack(stackSmallId);
  const { accepted } = sandbox.coordinator.totals();
  for (let number = 0; number < requests; number += 1) {
    const body = JSON.stringify({ messages: [{ role: 'user', content: `How many letters has cup number ${number}?` }], max_tokens: 24 });
    expect(sandbox.coordinator.submit({ stackSmallId, body, replyTo: null, maxComputeUnits: Number(units < plenty ? units : 120n), windowMs: 60_000, stream: number % 2 === 1 })).toHaveProperty('requestId');
    await until(announcedBy(sandbox), () => (sandbox.coordinator.totals().accepted === accepted + number + 1 ? true : null));
  }
  return stackSmallId;
};
/** One of the buyers' functions on a stack, answered and acknowledged; both nodes offer to run such. */
const servedFunction = async (stackSmallId: bigint): Promise<void> => {
  await until(announcedBy(sandbox), () => ([own, second].every((node) => sandbox.coordinator.serves(node, 'wasm.run')) ? true : null));
  const { accepted } = sandbox.coordinator.totals();
  const planned = planFunction({ number: 0, unitsLeft: Number(plenty), unitsLocked: 0 });
  if (planned.kind !== 'send') throw new Error('no function fits');
  expect(sandbox.coordinator.submit({ stackSmallId, body: planned.body, replyTo: null, maxComputeUnits: planned.maxComputeUnits, windowMs: 60_000, stream: false, workloadClass: 'wasm.run' })).toHaveProperty('requestId');
  await until(announcedBy(sandbox), () => (sandbox.coordinator.totals().accepted === accepted + 1 ? true : null));
};
/** Lets the node settle by itself; the ticket names these attestors. */
const settled = async (stackSmallId: bigint, attestors: bigint[]): Promise<void> => {
  luck.attestors = attestors;
  await sandbox.control.setAttestations({ probabilityPermille: 1_000, extraNodes: attestors.length });
  await setPolicies({ autoSettle: true, settleAtPercent: 1 });
  expect((await eventOf('StackTrySettleEvent', stackSmallId)).requestedAttestationNodes).toEqual(attestors);
  await setPolicies({ autoSettle: false });
};
const nodeFee = async (stackSmallId: bigint): Promise<bigint> => {
  const { price, perFee } = terms[contract.generation];
  return ((await eventOf('StackTrySettleEvent', stackSmallId)).numClaimedComputeUnits * price * 1_200n) / perFee;
};

const open = async (generation: Generation): Promise<void> => {
  contract = contractOf(generation);
  seen.length = 0;
  folder = mkdtempSync(join(tmpdir(), 'attestation-'));
  sandbox = await createSandbox(
    { dataDir: join(folder, 'network'), accounts: 1, epochLengthMs: null, seedDemand: false, generation },
    { now: Date.now, random: () => randomBytes(32), schedule: realSchedule, log: silentLogger, draws, secondNode: { module: resolve(import.meta.dirname, '../second-node.ts'), spawn: forkChild } },
  );
  watchEvents();
  expect(sandbox.secondNode.view().state).toBe('waiting');
  const dataDir = join(folder, 'node');
  await makeVault(dataDir);
  markStarted(dataDir, sandbox.profile.id, { autoSettle: false });
  node = await openNode({ dataDir, profile: sandbox.profile });
  await node.secure.unlock(passphrase);
  await node.handlers['setup.faucet']({});
  await sign(node, { kind: 'register' });
  // A subscription to a task under sampling consensus brings the second node.
  await sign(node, { kind: 'subscribe', taskSmallId: sampled, price: terms[generation].asked, maxComputeUnits: 1_000_000n });
  own = (await node.handlers['node.get']({})).nodeSmallId ?? 0n;
  second = await until([sandbox.control.onChange], () => (sandbox.secondNode.view().state === 'running' ? sandbox.secondNode.view().nodeSmallId : null));
  buyer = openBuyer(sandbox);
  await until(announcedBy(sandbox), () => (sandbox.coordinator.nodes().filter(({ heartbeat }) => heartbeat?.state === 'READY').length === 2 ? true : null));
};
const close = async (): Promise<void> => {
  await node?.stop('now');
  await sandbox?.stop();
  rmSync(folder, { recursive: true, force: true });
};

const isPaid = async (): Promise<void> => {
  await secondIs('honest');
  const before = await entryOf(second);
  const { epoch } = sandbox.control.state();
  const stack = await served(own, 3);
  await settled(stack, [second]);
  expect((await eventOf('NewStackSettlementAttestationEvent', stack)).attestationNodeId).toBe(second);
  await eventOf('StackSettlementTicketEvent', stack);
  expect(sandbox.control.state().epoch).toBe(epoch);
  await until([sandbox.control.onChange], () => (sandbox.secondNode.view().stacksAttested > 0 ? true : null));
  sandbox.control.skipEpochs({ epochs: Number(contract.constants.disputeDelayEpochs) });
  await eventOf('StackSettlementTicketClaimedEvent', stack);
  expect((await entryOf(second)).availableFeeAmount - before.availableFeeAmount).toBe(await nodeFee(stack));
  expect(countOf('StackAttestationDisputeEvent', stack)).toBe(0);
};

describe('a stack under sampling consensus', () => {
  beforeAll(() => open('G1'), limitMs);
  afterAll(close, limitMs);

  it('is run again and attested by the second node before the window ends, claimed, and the attestor is credited', isPaid, limitMs);

  it('is attested with the functions in it: the module is run again like every other request', async () => {
    await secondIs('honest');
    const stack = await served(own, 1);
    await servedFunction(stack);
    await settled(stack, [second]);
    expect((await eventOf('NewStackSettlementAttestationEvent', stack)).attestationNodeId).toBe(second);
    expect(countOf('StackAttestationDisputeEvent', stack)).toBe(0);
    const { audits } = await node.handlers['attestations.list']({});
    expect(audits.find((audit) => audit.stackSmallId === stack)).toMatchObject({ status: 'passed', checked: 2, differing: 0 });
    sandbox.control.skipEpochs({ epochs: 2 });
    await eventOf('StackSettlementTicketClaimedEvent', stack);
  }, limitMs);

  it('agrees with several attestors, the node that served it among them', async () => {
    await secondIs('honest');
    // The credit of a node that attests its own stack is paid out of what others have put into the treasury (protocol.md 5.4).
    await served(own, 0);
    const stack = await served(own, 2);
    await settled(stack, [second, own]);
    const closed = await eventOf('StackSettlementTicketEvent', stack);
    expect(closed.requestedAttestationNodes).toEqual([second, own]);
    expect(countOf('NewStackSettlementAttestationEvent', stack)).toBe(2);
    const before = await entryOf(second);
    sandbox.control.skipEpochs({ epochs: 2 });
    await eventOf('StackSettlementTicketClaimedEvent', stack);
    expect((await entryOf(second)).availableFeeAmount - before.availableFeeAmount).toBe((await nodeFee(stack)) / 2n);
  }, limitMs);

  it('slashes an attestor that keeps silent', async () => {
    await secondIs('silent');
    const before = await entryOf(second);
    const stack = await served(own, 1);
    await settled(stack, [second]);
    sandbox.control.skipEpochs({ epochs: 3 });
    await eventOf('StackSettlementTicketClaimedEvent', stack);
    const after = await entryOf(second);
    expect(countOf('NewStackSettlementAttestationEvent', stack)).toBe(0);
    expect(before.collateral - after.collateral).toBe((before.collateral * 100n + 999n) / 1_000n);
    expect(after.availableFeeAmount).toBe(before.availableFeeAmount);
  }, limitMs);

  it('ends in a dispute when the attestor is wrong, and is never claimed', async () => {
    await secondIs('wrong');
    const stack = await served(own, 2);
    await settled(stack, [second]);
    const { attestationNodeId, attestationCommitment, originalCommitment } = await eventOf('StackAttestationDisputeEvent', stack);
    expect(attestationNodeId).toBe(second);
    expect(attestationCommitment).not.toEqual(originalCommitment);
    await secondIs('honest');
    const other = await served(own, 1);
    await settled(other, [second]);
    await eventOf('StackSettlementTicketEvent', other);
    sandbox.control.skipEpochs({ epochs: 3 });
    await eventOf('StackSettlementTicketClaimedEvent', other);
    expect(countOf('StackSettlementTicketClaimedEvent', stack)).toBe(0);
  }, limitMs);

  it('asks the operator, and sends nothing, when the node that served it was wrong', async () => {
    await secondIs('honest');
    const measured = await served(own, 1);
    const used = sandbox.coordinator.stackUse(measured)?.acceptedUnits ?? 0n;
    await secondIs('wrong');
    luck.attestors = [own];
    await sandbox.control.setAttestations({ probabilityPermille: 1_000, extraNodes: 1 });
    // Used up to the last unit by the same question, so that the second node settles it by itself.
    const stack = await served(second, 1, used);
    const asked = await until([node.onTopic], async () => (await node.handlers['attestations.list']({})).asked.find((one) => one.stackSmallId === stack && one.phase === 'asks') ?? null);
    expect(asked).toMatchObject({ selectedNode: second, requested: [own], attested: [], reason: 'difference', differing: 1, canAttest: false });
    expect(asked.penalty).toBe(((await entryOf(own)).collateral * 100n + 999n) / 1_000n);
    expect([countOf('NewStackSettlementAttestationEvent', stack), countOf('StackAttestationDisputeEvent', stack)]).toEqual([0, 0]);
    expect((await node.handlers['node.alerts']({})).some(({ message }) => message.includes(`#${stack}`))).toBe(true);
  }, limitMs);
});

describe('on generation G2', () => {
  beforeAll(() => open('G2'), limitMs);
  afterAll(close, limitMs);

  it('is attested within the one epoch there is, claimed, and the attestor is credited', isPaid, limitMs);
});
