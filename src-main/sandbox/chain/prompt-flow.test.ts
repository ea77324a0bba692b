/** The dormant prompt flow as signed transactions: a prompt sent, its ticket and parameters as objects, commitments, settlement, time that passes, and every module that aborts (protocol.md 2.5, 2.6, 3, 4.1). */
import { blake2b } from '@noble/hashes/blake2.js';
import { bcs } from '@mysten/sui/bcs';
import { Inputs, Transaction } from '@mysten/sui/transactions';
import type { TransactionArgument } from '@mysten/sui/transactions';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  LEGACY_EVENTS,
  LEGACY_TICKET,
  TEXT_PROMPT,
  coinObjectType,
  nodeBadgeType,
} from '../../../src-shared/atoma/index.ts';
import type { LegacyEventName } from '../../../src-shared/atoma/index.ts';
import { coinBalance } from './machine/chain-object.ts';
import { createObjectStore } from './machine/object-store.ts';
import { readWorld } from './machine/read-world.ts';
import { publisherObjects } from './node/genesis.ts';
import { createReplayChain } from './replay-chain.ts';
import type { ReplayChain } from './replay-chain.ts';
import type { Abort } from './rules/index.ts';

let replay: ReplayChain;
/** What the next draws give; zeros after that. */
let luck: bigint[] = [];
const MONEY = 10_000n;
const PACKAGE_ADDRESS = `0x${'2'.padStart(64, '0')}`;

const verdict = (abort: Abort | null): string => {
  if (!abort) return 'ok';
  return abort.kind === 'move' ? `${abort.module} ${abort.code % 1_000n}` : abort.kind;
};
const state = () => replay.core.state;
const objectInput = (tx: Transaction, id: string) => {
  const object = state().store.get(id);
  if (!object) throw new Error(`no object ${id}`);
  return tx.object(Inputs.ObjectRef({ objectId: id, version: String(object.version), digest: object.digest }));
};
const random = (tx: Transaction) =>
  tx.object(Inputs.SharedObjectRef({ objectId: '0x8', initialSharedVersion: 1, mutable: false }));
const call = async (who: string, name: string, make: (tx: Transaction) => TransactionArgument[]): Promise<string> => {
  const { packageId, atomaDbId } = state().deployment;
  const tx = new Transaction();
  const db = tx.object(Inputs.SharedObjectRef({ objectId: atomaDbId, initialSharedVersion: 1, mutable: true }));
  tx.moveCall({ target: `${packageId}::${name}`, arguments: [db, ...make(tx)] });
  return verdict(await replay.submit(who, tx));
};
const admin = (name: string, model: string, ...values: number[]) =>
  call('SYS', `db::${name}`, (tx) => [
    objectInput(tx, publisherObjects(replay.core.chainId).badge),
    tx.pure.string(model),
    ...values.map((value) => tx.pure.u64(value)),
  ]);
const coins = (who: string) => replay.owned(who, coinObjectType(state().deployment.coinType));
const moneyOf = (who: string): bigint => coins(who).reduce((sum, coin) => sum + coinBalance(coin), 0n);
const badge = (tx: Transaction, who: string) =>
  objectInput(tx, replay.owned(who, nodeBadgeType(state().deployment.packageId))[0]?.id ?? '');
const bytes = (tx: Transaction, value: Uint8Array | string) =>
  tx.pure.vector('u8', [...(typeof value === 'string' ? Buffer.from(value) : value)]);

/** 4 tokens and a prompt of 5 bytes at 2, up to 100 tokens at 3: 318 a node. */
const send = (over: { readonly model?: string; readonly nodes?: number | null; readonly cap?: number } = {}) =>
  call('USER', 'prompts::send_prompt', (tx) => [
    objectInput(tx, coins('USER')[0]?.id ?? ''),
    tx.pure.string(over.model ?? 'llama'),
    bytes(tx, 'out'),
    tx.pure(bcs.vector(bcs.u32()).serialize([1, 2, 3, 4_000_000_000])),
    tx.pure.bool(true),
    tx.pure.u64(over.cap ?? 3),
    bytes(tx, 'Hello'),
    tx.pure.bool(false),
    tx.pure.u64(100),
    tx.pure.u64(64),
    tx.pure.u32(1_065_353_216),
    tx.pure.u32(7),
    tx.pure.u64(40),
    tx.pure.u32(8),
    tx.pure.option('u64', over.nodes === undefined ? 2 : over.nodes),
    random(tx),
  ]);
const draw = (model = 'painter', cap = 3) =>
  call('USER', 'prompts::send_image_prompt', (tx) => [
    objectInput(tx, coins('USER')[0]?.id ?? ''),
    tx.pure.string(model),
    bytes(tx, 'out'),
    tx.pure.u64(cap),
    tx.pure.u64(cap),
    bytes(tx, 'a cat'),
    bytes(tx, ''),
    random(tx),
  ]);
const hash = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const root = (...leaves: readonly number[]): Uint8Array =>
  blake2b(Uint8Array.from(leaves.flatMap((byte) => [...hash(byte)])), { dkLen: 32 });
const commit = (who: string, ticketId: string, merkleRoot: Uint8Array, leaf: number) =>
  call(who, 'settlement::submit_commitment', (tx) => [
    badge(tx, who),
    tx.pure.address(ticketId),
    tx.pure.u64(9),
    tx.pure.u64(20),
    bytes(tx, merkleRoot),
    bytes(tx, hash(leaf)),
    random(tx),
  ]);
const settle = (ticketId: string) =>
  call('USER', 'settlement::try_to_settle', (tx) => [tx.pure.address(ticketId), random(tx)]);

/** The events of the last transaction: module, and fields as their layouts read them. */
const told = () =>
  replay.events().map((event) => {
    const [, module, name] = event.eventType?.split('::') ?? [];
    return {
      module,
      name,
      fields: LEGACY_EVENTS[name as LegacyEventName].parse(event.contents?.value ?? new Uint8Array()),
    };
  });
const sentTicket = async (): Promise<string> => {
  expect(await send()).toBe('ok');
  const [event] = told();
  if (!event || !('ticketId' in event.fields)) throw new Error('nothing was sent');
  return event.fields.ticketId;
};

describe.each(['G1', 'G2'] as const)('%s', (generation) => {
  beforeEach(async () => {
    luck = [];
    replay = await createReplayChain(generation, {
      pick: () => 0,
      permille: () => 1n,
      nonce: () => luck.shift() ?? 0n,
    });
    for (const [model, modality] of [['llama', 0] as const, ['painter', 1] as const]) {
      await admin('add_model_entry', model, modality);
      await admin('add_model_echelon_entry', model, 1, 2, 3, 1);
    }
    for (const [at, by] of ['N1', 'N2', 'N3'].entries()) {
      await replay.apply({ op: 'mint', to: by, amount: 1_000 });
      await replay.apply({ op: 'register_node', by });
      // What becomes of G2's nodes without collateral is not known, so they get some.
      if (generation === 'G2') await replay.apply({ op: 'put_collateral', node: at + 1, amount: 1_000 });
      for (const model of ['llama', 'painter'])
        await call(by, 'db::add_node_to_model', (tx) => [badge(tx, by), tx.pure.string(model), tx.pure.u64(1)]);
    }
    await replay.apply({ op: 'mint', to: 'USER', amount: Number(MONEY) });
  });
  afterEach(async () => {
    // Whatever was done, the objects alone tell the same state, and no money came or went.
    const read = readWorld(createObjectStore(replay.core.ledger.objects()), state().deployment);
    expect(new Map(read.world.prompts)).toEqual(new Map(state().world.prompts));
    expect([...read.world.models]).toEqual([...state().world.models]);
    const { feeTreasury, communalTreasury, nodes } = state().world;
    const collateral = [...nodes.values()].reduce((sum, node) => sum + node.collateral, 0n);
    const wallets = replay.people.reduce((sum, who) => sum + moneyOf(who), 0n);
    const given = MONEY + 3_000n + (generation === 'G2' ? 3_000n : 0n);
    expect(wallets + feeTreasury + communalTreasury + collateral).toBe(given);
    await replay.stop();
  });

  it('makes a ticket that a client finds by its id, with the prompt filed on it', async () => {
    luck = [77n];
    const ticketId = await sentTicket();
    const params = {
      maxTokens: 100n,
      model: 'llama',
      prePromptTokens: [1, 2, 3, 4_000_000_000],
      prependOutputWithInput: true,
      prompt: Uint8Array.from(Buffer.from('Hello')),
      randomSeed: 77n,
      repeatLastN: 64n,
      repeatPenalty: 1_065_353_216,
      shouldStreamOutput: false,
      temperature: 7,
      topK: 40n,
      topP: 8,
    };
    const fields = {
      ticketId,
      params,
      chunksCount: 2n,
      nodes: [3n, 1n],
      outputDestination: Uint8Array.from(Buffer.from('out')),
    };
    expect(told()).toEqual([{ module: 'gate', name: 'Text2TextPromptEvent', fields }]);
    // The event is of the gate's type; the module that emitted it is the one that was called.
    expect(replay.events()[0]).toMatchObject({ module: 'prompts' });
    expect(moneyOf('USER')).toBe(MONEY - 636n);
    const key = { type: `${PACKAGE_ADDRESS}::object::ID`, bcs: bcs.Address.serialize(ticketId).toBytes() };
    const found = await replay.client.getDynamicObjectField({
      parentId: state().deployment.tables.tickets,
      name: key,
      include: { content: true },
    });
    expect(found.object.objectId).toBe(ticketId);
    expect(found.object.type).toMatch(/::settlement::SettlementTicket$/);
    expect(LEGACY_TICKET.parse(found.object.content)).toEqual({
      id: ticketId,
      modelName: 'llama',
      echelonId: 1n,
      all: [3n, 1n],
      completed: [],
      merkleRoot: new Uint8Array(),
      merkleLeaves: new Uint8Array(),
      inputFeePerToken: 2n,
      outputFeePerToken: 3n,
      collectedFeeInProtocolToken: 636n,
      payer: replay.addressOf('USER'),
      inputTokensCount: null,
      outputTokensCount: null,
      isBeingDisputed: false,
      tokenCountsDisputedBy: null,
      timeout: {
        timedOutCount: 0n,
        timeoutMs: 60_000n,
        startedInEpoch: 0n,
        startedAtEpochTimestampMs: 1_800_000_000_000n,
      },
      crossValidation: null,
    });
    const name = { type: `0x${'1'.padStart(64, '0')}::ascii::String`, bcs: bcs.string().serialize('params').toBytes() };
    const { dynamicField } = await replay.client.getDynamicField({ parentId: ticketId, name });
    expect(dynamicField.value.type).toMatch(/::gate::Text2TextPromptParams$/);
    expect(TEXT_PROMPT.parse(dynamicField.value.bcs)).toEqual(params);
  });

  it('settles when all have committed: fees under the epoch lock, the rest back, the ticket gone', async () => {
    const ticketId = await sentTicket();
    const agreed = root(3, 1);
    expect(await commit('N2', ticketId, agreed, 2)).toBe('atoma::settlement 200');
    expect(await commit('N1', ticketId, agreed, 1)).toBe('ok');
    expect(told()).toEqual([{ module: 'settlement', name: 'FirstSubmissionEvent', fields: { ticketId, nodeId: 1n } }]);
    expect(await commit('N1', ticketId, agreed, 1)).toBe('atoma::settlement 201');
    expect(await settle(ticketId)).toBe('ok');
    expect(told()).toEqual([]);
    expect(await commit('N3', ticketId, agreed, 3)).toBe('ok');
    expect(told()).toEqual([{ module: 'settlement', name: 'SettledEvent', fields: { ticketId, oracleNodeId: null } }]);
    // 9 × 2 + 20 × 3 = 78 for each of two.
    expect(moneyOf('USER')).toBe(MONEY - 156n);
    expect(state().store.get(ticketId)).toBeNull();
    expect(await settle(ticketId)).toBe('sui::dynamic_field 1');
    await replay.apply({ op: 'advance_epochs', n: 1 });
    const before = moneyOf('N1');
    expect(await replay.apply({ op: 'withdraw_fees', by: 'N1' })).toBeNull();
    expect(moneyOf('N1')).toBe(before + 78n);
  });

  it('replaces who let the epoch pass, opens a dispute over the leaves, and settles none by an oracle', async () => {
    const ticketId = await sentTicket();
    expect(await commit('N3', ticketId, root(9), 3)).toBe('ok');
    await replay.apply({ op: 'advance_epochs', n: 1 });
    luck = [1n];
    expect(await settle(ticketId)).toBe('ok');
    const newNodes = [{ nodeId: 2n, order: 1n }];
    expect(told()).toEqual([{ module: 'settlement', name: 'NewlySampledNodesEvent', fields: { ticketId, newNodes } }]);
    expect([1n, 2n, 3n].map((id) => state().world.nodes.get(id)?.collateral)).toEqual([900n, 1_000n, 1_000n]);
    expect(state().world.communalTreasury).toBe(100n);
    expect(await commit('N2', ticketId, root(9), 2)).toBe('ok');
    expect(told()).toEqual([{ module: 'settlement', name: 'DisputeEvent', fields: { ticketId, timeout: null } }]);
    const oracle = (length: number) =>
      call('N1', 'settlement::settle_dispute', (tx) => [
        badge(tx, 'N1'),
        tx.pure.address(ticketId),
        tx.pure.u64(9),
        tx.pure.u64(20),
        bytes(tx, root(3, 2)),
        bytes(tx, new Uint8Array(length)),
      ]);
    expect(await oracle(64)).toBe('atoma::settlement 202');
    await replay.apply({ op: 'advance_epochs', n: 1 });
    expect(await oracle(32)).toBe('atoma::settlement 204');
    expect(await oracle(64)).toBe('atoma::settlement 205');
    expect(await admin('add_model_echelon_oracle_node', 'llama', 1, 1)).toBe('ok');
    expect(await oracle(64)).toBe('std::option 145');
    expect(state().world.prompts.get(ticketId)?.isDisputed).toBe(true);
  });

  it('asks one node and charges for a chance of more where no number is given', async () => {
    expect(await send({ nodes: null })).toBe('ok');
    expect(told()[0]).toMatchObject({ fields: { chunksCount: 2n, nodes: [3n] } });
    // 318, and 1 % of one more.
    expect(moneyOf('USER')).toBe(MONEY - 321n);
  });

  it('sends a prompt for two pictures to one node', async () => {
    expect(await draw()).toBe('ok');
    expect(told()).toMatchObject([
      {
        module: 'gate',
        name: 'Text2ImagePromptEvent',
        fields: {
          nodes: [3n],
          chunksCount: 1n,
          params: {
            model: 'painter',
            height: 256n,
            width: 256n,
            nSteps: 40n,
            numSamples: 2n,
            img2img: null,
            guidanceScale: 0x3f80_0000,
          },
        },
      },
    ]);
    // 5 bytes at 2, 2 pictures at 3.
    expect(moneyOf('USER')).toBe(MONEY - 16n);
  });

  it('names the module and the code of each refusal, and changes nothing', async () => {
    expect(await send({ model: 'mistral' })).toBe('sui::dynamic_field 1');
    expect(await send({ model: 'painter' })).toBe('atoma::gate 102');
    expect(await draw('llama')).toBe('atoma::gate 102');
    expect(await send({ nodes: 257 })).toBe('atoma::gate 101');
    expect(await send({ cap: 2 })).toBe('atoma::gate 100');
    expect(await send({ nodes: 0 })).toBe('atoma::db 14');
    expect(await admin('disable_model', 'llama')).toBe('ok');
    expect(await send()).toBe('atoma::db 1');
    expect(moneyOf('USER')).toBe(MONEY);
    expect(state().world.prompts.size).toBe(0);
  });

  it('refuses to pay more than there is', async () => {
    expect(await admin('set_model_echelon_fee', 'llama', 1, 1, 100)).toBe('ok');
    expect(await send({ cap: 1_000 })).toBe('sui::balance 2');
  });

  it('tells clients how a prompt is sent, and why not through the gate itself', async () => {
    const { packageId } = state().deployment;
    const described = async (name: string) => {
      const { response } = await replay.client.movePackageService.getFunction({
        packageId,
        moduleName: 'prompts',
        name,
      });
      return response.function?.parameters.length;
    };
    expect(await described('send_prompt')).toBe(18);
    expect(await described('send_image_prompt')).toBe(10);
    await expect(call('USER', 'gate::submit_text2text_prompt', () => [])).rejects.toThrow(/call prompts::send_prompt/);
  });
});

it('G2 does not say what becomes of nodes without collateral', async () => {
  replay = await createReplayChain('G2');
  await replay.apply({ op: 'mint', to: 'USER', amount: 1_000 });
  await admin('add_model_entry', 'llama', 0);
  await admin('add_model_echelon_entry', 'llama', 1, 2, 3, 1);
  expect(await send({ nodes: 1 })).toBe('atoma::gate 100');
  await replay.apply({ op: 'register_node', by: 'N1' });
  await call('N1', 'db::add_node_to_model', (tx) => [badge(tx, 'N1'), tx.pure.string('llama'), tx.pure.u64(1)]);
  await expect(send({ nodes: 1 })).rejects.toThrow(/without collateral over is not known/);
  expect(moneyOf('USER')).toBe(1_000n);
  await replay.stop();
});
