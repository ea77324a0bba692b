/** Badges that a call returns instead of sending them, used by later commands of the same signed transaction: register_node, create_task, create_manager_badge (protocol.md 2.1, 2.4, 2.7). */
import { Inputs, Transaction } from '@mysten/sui/transactions';
import type { TransactionArgument, TransactionObjectArgument } from '@mysten/sui/transactions';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { coinObjectType, contractOf, dbType } from '../../../src-shared/atoma/index.ts';
import { coinBalance } from './machine/chain-object.ts';
import { createObjectStore } from './machine/object-store.ts';
import { readWorld } from './machine/read-world.ts';
import { publisherObjects } from './node/genesis.ts';
import { createReplayChain } from './replay-chain.ts';
import type { ReplayChain } from './replay-chain.ts';
import type { Abort } from './rules/index.ts';

let replay: ReplayChain;
let tx: Transaction;
const COLLATERAL = 1_000n;

const verdict = (abort: Abort | null): string => {
  if (!abort) return 'ok';
  return abort.kind === 'move' ? `${abort.module} ${abort.code % 1_000n}` : abort.kind;
};
const state = () => replay.core.state;
const objectInput = (id: string) => {
  const object = state().store.get(id);
  if (!object) throw new Error(`no object ${id}`);
  return tx.object(Inputs.ObjectRef({ objectId: id, version: String(object.version), digest: object.digest }));
};
const db = () =>
  tx.object(Inputs.SharedObjectRef({ objectId: state().deployment.atomaDbId, initialSharedVersion: 1, mutable: true }));
const move = (name: string, args: TransactionArgument[]) =>
  tx.moveCall({ target: `${state().deployment.packageId}::db::${name}`, arguments: args });
const money = (name: string, args: TransactionArgument[], type = state().deployment.coinType) =>
  tx.moveCall({ target: `0x2::${name}`, typeArguments: [type], arguments: args });
const send = async (who: string): Promise<string> => {
  const sent = tx;
  tx = new Transaction();
  return verdict(await replay.submit(who, sent));
};
const badges = (who: string, name: 'NodeBadge' | 'TaskBadge' | 'AtomaManagerBadge') =>
  replay.owned(who, dbType(state().deployment.packageId, name));
const coins = (who: string) => replay.owned(who, coinObjectType(state().deployment.coinType));
const manager = () => objectInput(publisherObjects(replay.core.chainId).badge);
const option = (value: null) => tx.pure.option('string', value);

describe.each(['G1', 'G2'] as const)('%s', (generation) => {
  const pays = generation === 'G1';
  /** `register_node` with all of the sender's money, when it takes any. */
  const register = (who: string) => {
    if (!pays) return { badge: move('register_node', [db()]), rest: null };
    const balance = money('coin::into_balance', [objectInput(coins(who)[0]?.id ?? '')]);
    return { badge: move('register_node', [db(), balance]), rest: balance };
  };
  const giveBack = (rest: TransactionArgument | null, who: string) => {
    if (rest) tx.transferObjects([money('coin::from_balance', [rest])], replay.addressOf(who));
  };
  /** `create_task` of role 0 without security. */
  const createTask = (level = 0) =>
    move('create_task', [
      db(),
      ...(pays ? [] : [manager()]),
      tx.pure.u16(0),
      option(null),
      tx.pure.u16(level),
      tx.pure.option('u8', null),
      ...(pays ? [] : [tx.pure.bool(true)]),
    ]);

  beforeEach(async () => {
    replay = await createReplayChain(generation);
    tx = new Transaction();
    await replay.apply({ op: 'mint', to: 'N1', amount: 5_000 });
  });
  afterEach(async () => {
    const read = readWorld(createObjectStore(replay.core.ledger.objects()), state().deployment);
    expect([...read.world.nodes]).toEqual([...state().world.nodes]);
    expect([...read.index.badges]).toEqual([...state().index.badges]);
    await replay.stop();
  });

  it('hands a new node’s badge to later commands, which use it and give it to somebody else', async () => {
    await replay.apply({ op: 'create_task', role: 0, security: 'none' });
    const { badge, rest } = register('N1');
    move('subscribe_node_to_task', [db(), badge, ...[1, 7, ...(pays ? [9] : [])].map((value) => tx.pure.u64(value))]);
    tx.transferObjects([badge], replay.addressOf('N2'));
    giveBack(rest, 'N1');
    expect(await send('N1')).toBe('ok');
    expect(badges('N1', 'NodeBadge')).toEqual([]);
    const [given] = badges('N2', 'NodeBadge');
    const [registered, subscribed] = replay.events();
    const { events } = contractOf(generation);
    expect(events.NodeRegisteredEvent.parse(registered?.contents?.value ?? new Uint8Array())).toEqual({
      badgeId: given?.id,
      nodeSmallId: 1n,
    });
    expect(subscribed?.eventType).toMatch(/::db::NodeSubscribedToTaskEvent$/);
    expect(state().world.nodes.get(1n)).toMatchObject({ collateral: pays ? COLLATERAL : 0n });
    expect(state().world.nodes.get(1n)?.subscriptions).toEqual(new Set([1n]));
    expect(coins('N1').map(coinBalance)).toEqual([pays ? 4_000n : 5_000n]);
    // Whoever holds the badge now acts for the node.
    expect(await replay.apply({ op: 'disable_node', by: 'N2' })).toBeNull();
  });

  it('hands a new task’s badge on, with a level that is not optional', async () => {
    tx.transferObjects([createTask()], replay.addressOf('N3'));
    expect(await send('SYS')).toBe('ok');
    expect(badges('SYS', 'TaskBadge')).toEqual([]);
    const badge = badges('N3', 'TaskBadge')[0]?.id ?? '';
    const layout = contractOf(generation).events.TaskRegisteredEvent;
    expect(layout.parse(replay.events()[0]?.contents?.value ?? new Uint8Array())).toMatchObject({
      taskId: badge,
      taskSmallId: 1n,
      securityLevel: 0,
    });
    move('deprecate_task', [db(), objectInput(badge)]);
    expect(await send('N3')).toBe('ok');
    // A task made and retired at once, its badge consumed by the last command, leaves nothing in anybody's hands.
    const made = createTask();
    move('deprecate_task', [db(), made]);
    move('remove_deprecated_task', [db(), made]);
    expect(await send('SYS')).toBe('atoma::db 19');
    tx.transferObjects([createTask(3)], replay.addressOf('N3'));
    expect(await send('SYS')).toBe('atoma::db 36');
    expect(state().world.nextTask).toBe(2n);
  });

  it('hands a manager’s badge on, which is good at once', async () => {
    const badge = move('create_manager_badge', [objectInput(publisherObjects(replay.core.chainId).publisher)]);
    move('disable_registration', [db(), badge]);
    tx.transferObjects([badge], replay.addressOf('N3'));
    expect(await send('SYS')).toBe('ok');
    expect(badges('N3', 'AtomaManagerBadge')).toHaveLength(1);
    expect(state().world.settings.isRegistrationDisabled).toBe(true);
    const { rest } = register('N1');
    giveBack(rest, 'N1');
    expect(await send('N1')).toBe('atoma::db 0');
  });

  it('undoes everything when a badge or money is left over', async () => {
    const { rest } = register('N1');
    giveBack(rest, 'N1');
    await expect(send('N1')).rejects.toThrow(/UnusedValueWithoutDrop/);
    if (pays) {
      const left = register('N1');
      tx.transferObjects([left.badge], replay.addressOf('N1'));
      await expect(send('N1')).rejects.toThrow('UnusedValueWithoutDrop { result_idx: 0, secondary_idx: 0 }');
    }
    move('create_manager_badge', [objectInput(publisherObjects(replay.core.chainId).publisher)]);
    await expect(send('SYS')).rejects.toThrow(/UnusedValueWithoutDrop/);
    createTask();
    await expect(send('SYS')).rejects.toThrow(/UnusedValueWithoutDrop/);
    expect(state().world).toMatchObject({ nextNode: 1n, nextTask: 1n });
    expect(replay.events()).toEqual([]);
    expect(coins('N1').map(coinBalance)).toEqual([5_000n]);
  });

  it('refuses a value of another type, one that was given away, and a badge used by two owners', async () => {
    const { badge, rest } = register('N1');
    tx.transferObjects([badge], replay.addressOf('N1'));
    tx.transferObjects([badge], replay.addressOf('N2'));
    giveBack(rest, 'N1');
    await expect(send('N1')).rejects.toThrow(/InvalidValueUsage/);
    move('deprecate_task', [db(), register('N1').badge]);
    await expect(send('N1')).rejects.toThrow(/TypeMismatch/);
    if (!pays) return;
    const sui = tx.splitCoins(tx.gas, [5_000]);
    move('register_node', [db(), money('coin::into_balance', [sui], '0x2::sui::SUI')]);
    await expect(send('N1')).rejects.toThrow(/TypeMismatch/);
    move('register_node', [db(), objectInput(coins('N1')[0]?.id ?? '')]);
    await expect(send('N1')).rejects.toThrow(/TypeMismatch/);
  });

  it('tells clients that these functions return a badge and are no entry points', async () => {
    const described = async (name: string) => {
      const { packageId } = state().deployment;
      const { response } = await replay.client.movePackageService.getFunction({ packageId, moduleName: 'db', name });
      const { isEntry, returns, parameters } = response.function ?? {};
      return { isEntry, returns: returns?.map(({ body }) => body?.typeName?.split('::').at(-1)), parameters };
    };
    expect(await described('register_node')).toMatchObject({ isEntry: false, returns: ['NodeBadge'] });
    expect((await described('register_node')).parameters).toHaveLength(pays ? 3 : 2);
    expect(await described('create_task')).toMatchObject({ isEntry: false, returns: ['TaskBadge'] });
    expect(await described('create_manager_badge')).toMatchObject({ isEntry: false, returns: ['AtomaManagerBadge'] });
    expect(await described('register_node_entry')).toMatchObject({ isEntry: true, returns: [] });
  });
});

describe('money without a coin (G1)', () => {
  beforeEach(async () => {
    replay = await createReplayChain('G1');
    tx = new Transaction();
    await replay.apply({ op: 'mint', to: 'N1', amount: 999 });
  });
  afterEach(() => replay.stop());
  const taken = () => money('coin::into_balance', [objectInput(coins('N1')[0]?.id ?? '')]);
  const keep = (coin: TransactionObjectArgument) => tx.transferObjects([coin], replay.addressOf('N1'));

  it('is too little for the collateral', async () => {
    const balance = taken();
    keep(move('register_node', [db(), balance]));
    keep(money('coin::from_balance', [balance]));
    expect(await send('N1')).toBe('sui::balance 2');
  });

  it('is split, joined and destroyed only when there is none of it', async () => {
    const balance = taken();
    const part = money('balance::split', [balance, tx.pure.u64(600)]);
    keep(money('coin::from_balance', [part]));
    money('balance::join', [balance, money('balance::zero', [])]);
    keep(money('coin::from_balance', [balance]));
    money('balance::destroy_zero', [money('balance::zero', [])]);
    expect(await send('N1')).toBe('ok');
    expect(
      coins('N1')
        .map(coinBalance)
        .sort((a, b) => Number(a - b)),
    ).toEqual([399n, 600n]);
    money('balance::destroy_zero', [taken()]);
    expect(await send('N1')).toBe('sui::balance 0');
    const short = taken();
    keep(money('coin::from_balance', [money('balance::split', [short, tx.pure.u64(1_000)])]));
    keep(money('coin::from_balance', [short]));
    expect(await send('N1')).toBe('sui::balance 2');
    money('coin::into_balance', [tx.gas], '0x2::sui::SUI');
    await expect(send('N1')).rejects.toThrow(/InvalidGasCoinUsage/);
  });
});
