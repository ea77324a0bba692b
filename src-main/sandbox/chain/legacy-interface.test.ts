/** The dormant model and prompt interface as signed transactions: models, echelons, oracles, nodes that serve a model, and commitments without a ticket (protocol.md 2.5 to 2.7, 4.1). */
import { bcs } from '@mysten/sui/bcs';
import { Inputs, Transaction } from '@mysten/sui/transactions';
import type { TransactionArgument } from '@mysten/sui/transactions';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contractOf, dbType, nodeBadgeType } from '../../../src-shared/atoma/index.ts';
import { seal } from './machine/chain-object.ts';
import { publisherDraft } from './machine/manager-badge.ts';
import { createObjectStore } from './machine/object-store.ts';
import { readWorld } from './machine/read-world.ts';
import { publisherObjects } from './node/genesis.ts';
import { createReplayChain } from './replay-chain.ts';
import type { ReplayChain } from './replay-chain.ts';
import type { Abort } from './rules/index.ts';

let replay: ReplayChain;
type Make = (tx: Transaction) => TransactionArgument[];

const verdict = (abort: Abort | null): string => {
  if (!abort) return 'ok';
  return abort.kind === 'move' ? `${abort.module} ${abort.code % 1_000n}` : abort.kind;
};
const objectInput = (tx: Transaction, id: string) => {
  const object = replay.core.state.store.get(id);
  if (!object) throw new Error(`no object ${id}`);
  return tx.object(Inputs.ObjectRef({ objectId: id, version: String(object.version), digest: object.digest }));
};
const call = async (who: string, name: string, make: Make): Promise<string> => {
  const { deployment } = replay.core.state;
  const tx = new Transaction();
  const shared = { objectId: deployment.atomaDbId, initialSharedVersion: 1, mutable: true };
  const target = `${deployment.packageId}::${name}` as const;
  tx.moveCall({ target, arguments: [tx.object(Inputs.SharedObjectRef(shared)), ...make(tx)] });
  return verdict(await replay.submit(who, tx));
};
const numbers = (tx: Transaction, values: readonly number[]) => values.map((value) => tx.pure.u64(value));
/** A call of the administrator about a model. */
const admin = (name: string, model: string, ...values: number[]) =>
  call('SYS', `db::${name}`, (tx) => [
    objectInput(tx, publisherObjects(replay.core.chainId).badge),
    tx.pure.string(model),
    ...numbers(tx, values),
  ]);
const badgeOf = (who: string): string =>
  replay.owned(who, nodeBadgeType(replay.core.state.deployment.packageId))[0]?.id ?? '';
const byNode = (who: string, name: string, model: string, value: number) =>
  call(who, `db::${name}`, (tx) => [objectInput(tx, badgeOf(who)), tx.pure.string(model), tx.pure.u64(value)]);
const join = (who: string, model = 'llama', echelon = 1) => byNode(who, 'add_node_to_model', model, echelon);
const leave = (who: string, index: number, model = 'llama') => byNode(who, 'remove_node_from_model', model, index);
const world = () => replay.core.state.world;
const echelon = (id = 1n) =>
  world()
    .models.get('llama')
    ?.echelons.find((one) => one.id === id);

describe.each(['G1', 'G2'] as const)('%s', (generation) => {
  beforeEach(async () => {
    replay = await createReplayChain(generation);
    for (const by of ['N1', 'N2', 'N3']) {
      await replay.apply({ op: 'mint', to: by, amount: 1_000 });
      await replay.apply({ op: 'register_node', by });
    }
  });
  afterEach(async () => {
    // Whatever was done, the objects alone tell the same state.
    const { deployment } = replay.core.state;
    const read = readWorld(createObjectStore(replay.core.ledger.objects()), deployment);
    expect([...read.world.models]).toEqual([...world().models]);
    expect([...read.index.models]).toEqual([...replay.core.state.index.models]);
    for (const [id, node] of world().nodes) expect(read.world.nodes.get(id)?.models).toEqual(node.models);
    await replay.stop();
  });

  it('keeps models and their echelons, each check in its order', async () => {
    expect(await admin('disable_model', 'llama')).toBe('sui::dynamic_field 1');
    expect(await admin('add_model_entry', 'llama', 0)).toBe('ok');
    expect(await admin('add_model_entry', 'llama', 1)).toBe('sui::dynamic_field 0');
    expect(await admin('add_model_echelon_entry', 'mistral', 1, 0, 0, 0)).toBe('sui::dynamic_field 1');
    expect(await admin('add_model_echelon_entry', 'llama', 1, 0, 2, 0)).toBe('atoma::db 3');
    expect(await admin('add_model_echelon_entry', 'llama', 1, 1, 0, 0)).toBe('atoma::db 3');
    expect(await admin('add_model_echelon_entry', 'llama', 1, 1, 2, 0)).toBe('atoma::db 4');
    expect(await admin('add_model_echelon_entry', 'llama', 1, 1, 2, 3)).toBe('ok');
    expect(await admin('add_model_echelon_entry', 'llama', 1, 1, 2, 3)).toBe('atoma::db 6');
    expect(echelon()).toMatchObject({
      settlementTimeoutMs: 60_000n,
      inputFeePerToken: 1n,
      outputFeePerToken: 2n,
      relativePerformance: 3n,
    });
    expect(await admin('set_model_echelon_fee', 'llama', 2, 5, 6)).toBe('atoma::db 5');
    expect(await admin('set_model_echelon_fee', 'llama', 1, 0, 6)).toBe('ok');
    expect(await admin('set_model_echelon_settlement_timeout_ms', 'llama', 1, 9)).toBe('ok');
    expect(echelon()).toMatchObject({ settlementTimeoutMs: 9n, inputFeePerToken: 0n, outputFeePerToken: 6n });
    expect(await admin('add_model_echelon_oracle_node', 'llama', 1, 77)).toBe('ok');
    expect(await admin('add_model_echelon_oracle_node', 'llama', 1, 77)).toBe('sui::vec_set 0');
    expect(await admin('remove_model_echelon_oracle_node', 'llama', 1, 78)).toBe('sui::vec_set 1');
    expect(await admin('remove_model_echelon_oracle_node', 'llama', 1, 77)).toBe('ok');
    expect(await admin('remove_model', 'llama')).toBe('arithmetic');
    expect(await admin('remove_model_echelon', 'llama', 2)).toBe('atoma::db 5');
    expect(await admin('remove_model_echelon', 'llama', 1)).toBe('ok');
    expect(await admin('remove_model', 'llama')).toBe('ok');
    expect(world().models.size).toBe(0);
  });

  it('lets nodes serve a model once, in one echelon, and leave by their place in its list', async () => {
    expect(await join('N1')).toBe('sui::dynamic_field 1');
    await admin('add_model_entry', 'llama', 0);
    await admin('add_model_echelon_entry', 'llama', 1, 1, 1, 1);
    await admin('disable_model', 'llama');
    expect(await join('N1')).toBe('atoma::db 1');
    await admin('enable_model', 'llama');
    expect(await join('N1', 'llama', 2)).toBe('atoma::db 5');
    expect(await join('N1')).toBe('ok');
    const layout = contractOf(generation).events.NodeSubscribedToModelEvent;
    expect(layout.parse(replay.events()[0]?.contents?.value ?? new Uint8Array())).toEqual({
      nodeSmallId: 1n,
      modelName: 'llama',
      echelonId: 1n,
    });
    expect(await join('N1', 'llama', 2)).toBe('atoma::db 9');
    for (const who of ['N2', 'N3']) expect(await join(who)).toBe('ok');
    expect(await leave('N1', 0, 'mistral')).toBe('atoma::db 10');
    expect(await leave('N1', 1)).toBe('atoma::db 11');
    expect(await leave('N1', 3)).toBe('atoma::db 11');
    expect(await leave('N1', 0)).toBe('ok');
    expect(echelon()?.nodes).toEqual([3n, 2n]);
    expect(await leave('N1', 0)).toBe('atoma::db 10');
    await admin('remove_model_echelon', 'llama', 1);
    expect(await leave('N2', 1)).toBe('atoma::db 5');
  });

  it('gives another manager badge to whoever shows the package’s Publisher, and to nobody else', async () => {
    const { deployment, store } = replay.core.state;
    const create = async (who: string, id: string): Promise<string> => {
      const tx = new Transaction();
      const target = `${deployment.packageId}::db::create_manager_badge_entry` as const;
      tx.moveCall({ target, arguments: [objectInput(tx, id)] });
      return verdict(await replay.submit(who, tx));
    };
    const type = dbType(deployment.packageId, 'AtomaManagerBadge');
    expect(await create('SYS', publisherObjects(replay.core.chainId).publisher)).toBe('ok');
    expect(replay.owned('SYS', type)).toHaveLength(2);
    const foreign = publisherDraft(`0x${'9'.repeat(64)}`, `0x${'8'.repeat(64)}`, {
      kind: 'address',
      address: replay.addressOf('N1'),
    });
    const stamp = { version: 1n, previousTransaction: replay.core.chainId, storageRebate: 0n };
    store.put(seal(foreign, stamp));
    expect(await create('N1', foreign.id)).toBe('atoma::db 2');
    await expect(create('N1', badgeOf('N1'))).rejects.toThrow(/TypeMismatch|CommandArgumentError/);
    expect(replay.owned('N1', type)).toHaveLength(0);
  });

  it('shows the mark on a badge as a dynamic field under the model’s name', async () => {
    await admin('add_model_entry', 'llama', 0);
    await admin('add_model_echelon_entry', 'llama', 4, 1, 1, 1);
    await join('N2', 'llama', 4);
    const type = `0x${'1'.padStart(64, '0')}::ascii::String`;
    const { dynamicField } = await replay.client.getDynamicField({
      parentId: badgeOf('N2'),
      name: { type, bcs: bcs.string().serialize('llama').toBytes() },
    });
    expect(bcs.u64().parse(dynamicField.value.bcs)).toBe('4');
    expect(dynamicField.value.type).toMatch(/::db::EchelonId$/);
  });

  it('finds no ticket where none was made, whatever the length of an oracle’s root', async () => {
    const ticket = (tx: Transaction) => tx.pure.address(`0x${'7'.repeat(64)}`);
    const random = (tx: Transaction) =>
      tx.object(Inputs.SharedObjectRef({ objectId: '0x8', initialSharedVersion: 1, mutable: false }));
    const hash = (tx: Transaction, length: number) => tx.pure.vector('u8', Array<number>(length).fill(1));
    const commit = (length: number) =>
      call('N1', 'settlement::submit_commitment', (tx) => [
        objectInput(tx, badgeOf('N1')),
        ticket(tx),
        ...numbers(tx, [1, 1]),
        hash(tx, 32),
        hash(tx, length),
        random(tx),
      ]);
    expect(await commit(32)).toBe('sui::dynamic_field 1');
    expect(await commit(31)).toBe('atoma::settlement 203');
    expect(await call('N1', 'settlement::try_to_settle', (tx) => [ticket(tx), random(tx)])).toBe(
      'sui::dynamic_field 1',
    );
    const settle = (length: number) =>
      call('N1', 'settlement::settle_dispute', (tx) => [
        objectInput(tx, badgeOf('N1')),
        ticket(tx),
        ...numbers(tx, [1, 1]),
        hash(tx, length),
        hash(tx, 64),
      ]);
    expect(await settle(32)).toBe('sui::dynamic_field 1');
    expect(await settle(31)).toBe('sui::dynamic_field 1');
  });
});
