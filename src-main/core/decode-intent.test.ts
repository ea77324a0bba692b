/** Only whole, known intents pass; every change that makes a transaction do something else is refused. */
import { Transaction } from '@mysten/sui/transactions';
import { normalizeSuiAddress } from '@mysten/sui/utils';
import { describe, expect, it } from 'vitest';
import { G1, G2, type Contract } from '../../src-shared/atoma/index.ts';
import { decodeIntent, type DecodeContext } from './decode-intent.ts';

const id = (digit: string): string => `0x${digit.repeat(64)}`;
const pkg = id('a');
const db = id('d');
const badge = id('b');
const coinType = `${id('c')}::toma::TOMA`;
const suiType = `0x${'0'.repeat(63)}2::sui::SUI`;
const context: DecodeContext = {
  atomaPackageId: pkg, atomaDbId: db, faucet: { packageId: id('c'), objectId: id('f') }, coinType, suiType, normalize: (one) => normalizeSuiAddress(one), contract: G1,
  taskOf: (badgeId) => (badgeId === id('b') ? 9n : null),
  coinTypeOf: (objectId) => (objectId === id('9') ? coinType : null),
};
const decode = (build: (tx: Transaction) => void, contract: Contract = G1) => {
  const tx = new Transaction();
  build(tx);
  return decodeIntent(tx.getData(), { ...context, contract });
};
const call = (name: string, rest: (tx: Transaction) => ReturnType<Transaction['pure']>[] = () => [], options: { pkg?: string; db?: string } = {}) => (tx: Transaction): void => {
  tx.moveCall({ target: `${options.pkg ?? pkg}::db::${name}`, arguments: [tx.object(options.db ?? db), tx.object(badge), ...rest(tx)] });
};
const settle = (tx: Transaction) => [tx.pure.u64(3n), tx.pure.u64(70n), tx.pure.vector('u8', [1]), tx.pure.vector('u8', [2])];
/** The arguments of a call that takes no badge second. */
const plain = (name: string, rest: (tx: Transaction) => ReturnType<Transaction['pure']>[]) => (tx: Transaction): void => {
  tx.moveCall({ target: `${pkg}::db::${name}`, arguments: [tx.object(db), ...rest(tx)] });
};
const purchase = (tx: Transaction) => [tx.object(id('9')) as never, tx.pure.u64(1n), tx.pure.u64(500n), tx.pure.u64(7n), tx.object('0x8') as never];
const newTask = (level: number | null) => (tx: Transaction) => [tx.pure.u16(0), tx.pure.option('string', 'm/1'), tx.pure.option('u16', level), tx.pure.option('u8', 50)];
const offer = (tx: Transaction) => [tx.pure.u64(1n), tx.pure.u64(2n), tx.pure.u64(3n)];

describe('recognised', () => {
  it.each<[string, (tx: Transaction) => void, object]>([
    ['faucet', (tx) => void tx.moveCall({ target: `${id('c')}::toma::faucet`, arguments: [tx.object(id('f')), tx.pure.u64(5n)] }), { kind: 'faucet', amount: 5n }],
    ['register, with a coin split off first', (tx) => {
      const [coin] = tx.splitCoins(tx.object(id('9')), [1_000n]);
      tx.moveCall({ target: `${pkg}::db::register_node_entry`, arguments: [tx.object(db), coin] });
    }, { kind: 'register' }],
    ['subscribe', call('subscribe_node_to_task', offer), { kind: 'subscribe', taskSmallId: 1n, price: 2n, maxComputeUnits: 3n }],
    ['update', call('update_node_subscription', offer), { kind: 'update_subscription', taskSmallId: 1n, price: 2n, maxComputeUnits: 3n }],
    ['unsubscribe', call('unsubscribe_node_from_task', (tx) => [tx.pure.u64(6n)]), { kind: 'unsubscribe', taskSmallId: 6n }],
    ['settle', (tx) => call('try_settle_stack', (one) => [...settle(one), one.object('0x8') as never])(tx), { kind: 'settle', stackSmallId: 3n, claimedUnits: 70n }],
    ['claim', call('claim_funds', (tx) => [tx.pure.vector('u64', [1n, 2n ** 64n - 1n])]), { kind: 'claim', stackSmallIds: [1n, 2n ** 64n - 1n] }],
    ['fees', call('withdraw_fees'), { kind: 'withdraw_fees' }],
    ['a dispute', call('start_attestation_dispute', (tx) => [tx.pure.u64(1n), tx.pure.vector('u8', Array<number>(32).fill(0xab))]), { kind: 'dispute', stackSmallId: 1n, commitment: 'ab'.repeat(32) }],
    ['a purchase', plain('acquire_new_stack_entry', purchase), { kind: 'buy_stack', taskSmallId: 1n, computeUnits: 500n, price: 7n }],
    ['a new task', plain('create_task_entry', newTask(1)), { kind: 'create_task', role: 0, modelName: 'm/1', securityLevel: 'sampling-consensus', minimumReputation: 50, isPublic: true }],
    ['a new task without a level', plain('create_task_entry', newTask(null)), { kind: 'create_task', role: 0, modelName: 'm/1', securityLevel: 'none', minimumReputation: 50, isPublic: true }],
    ['a retired task, known by its badge', call('deprecate_task'), { kind: 'deprecate_task', taskSmallId: 9n }],
    ['a removed task', call('remove_deprecated_task'), { kind: 'remove_task', taskSmallId: 9n }],
    ['disable', call('permanently_disable_node'), { kind: 'disable' }],
    ['destroy', call('destroy_disabled_node'), { kind: 'destroy' }],
    ['transfer of SUI', (tx) => tx.transferObjects([tx.splitCoins(tx.gas, [9n])], id('7')), { kind: 'transfer', coin: 'SUI', amount: 9n, to: id('7') }],
    ['transfer of the coin', (tx) => tx.transferObjects([tx.splitCoins(tx.object(id('9')), [9n])], id('7')), { kind: 'transfer', coin: 'network', amount: 9n, to: id('7') }],
  ])('%s', (_, build, intent) => expect(decode(build)).toEqual(intent));
});

describe('recognised on G2', () => {
  it.each<[string, (tx: Transaction) => void, object]>([
    ['register, without a coin', plain('register_node_entry', () => []), { kind: 'register' }],
    ['subscribe, whose capacity is fixed', call('subscribe_node_to_task', (tx) => [tx.pure.u64(1n), tx.pure.u64(2n)]), { kind: 'subscribe', taskSmallId: 1n, price: 2n, maxComputeUnits: 1_000_000n }],
    ['a direct claim', call('claim_funds_for_stacks', (tx) => [tx.pure.vector('u64', [1n, 2n]), tx.pure.vector('u64', [3n, 4n])]), { kind: 'claim_direct', stackSmallIds: [1n, 2n], units: [3n, 4n] }],
    ['a new task with the codes of G2', call('create_task_entry', (tx) => [...newTask(1)(tx), tx.pure.bool(false)]), { kind: 'create_task', role: 0, modelName: 'm/1', securityLevel: 'confidential', minimumReputation: 50, isPublic: false }],
  ])('%s', (_, build, intent) => expect(decode(build, G2)).toEqual(intent));
  it.each<[string, (tx: Transaction) => void]>([
    ['a subscription of G1', call('subscribe_node_to_task', offer)],
    ['a direct claim with amounts missing', call('claim_funds_for_stacks', (tx) => [tx.pure.vector('u64', [1n, 2n]), tx.pure.vector('u64', [3n])])],
    ['a key rotation', call('rotate_node_public_key', (tx) => [tx.pure.vector('u8', [1]), tx.pure.vector('u8', [1]), tx.pure.u64(1n), tx.pure.u16(1)])],
  ])('but not %s', (_, build) => expect(() => decode(build, G2)).toThrow(expect.objectContaining({ code: 'intent.not_allowed' })));
});

describe('refused', () => {
  const refused: [string, (tx: Transaction) => void][] = [
    ['nothing', () => undefined],
    ['another package', call('claim_funds', (tx) => [tx.pure.vector('u64', [1n])], { pkg: id('e') })],
    ['another database', call('claim_funds', (tx) => [tx.pure.vector('u64', [1n])], { db: id('e') })],
    ['a function that is no intent', call('disable_registration')],
    ['an attestation, whose root cannot be told', call('submit_stack_settlement_attestation', (tx) => [tx.pure.u64(1n), tx.pure.vector('u8', [1]), tx.pure.vector('u8', [1])])],
    ['a dispute whose commitment is no hash', call('start_attestation_dispute', (tx) => [tx.pure.u64(1n), tx.pure.vector('u8', [1])])],
    ['a direct claim, which G1 does not have', call('claim_funds_for_stacks', (tx) => [tx.pure.vector('u64', [1n]), tx.pure.vector('u64', [1n])])],
    ['a task of another badge', (tx) => void tx.moveCall({ target: `${pkg}::db::deprecate_task`, arguments: [tx.object(db), tx.object(id('e'))] })],
    ['a task with an unknown level', plain('create_task_entry', newTask(9))],
    ['an unknown function', call('give_everything')],
    ['two calls', (tx) => (call('permanently_disable_node')(tx), call('destroy_disabled_node')(tx))],
    ['a call and a transfer', (tx) => (call('permanently_disable_node')(tx), tx.transferObjects([tx.splitCoins(tx.gas, [9n])], id('7')))],
    ['an argument too few', call('unsubscribe_node_from_task')],
    ['an argument too many', call('permanently_disable_node', (tx) => [tx.pure.u64(1n)])],
    ['a number of another width', call('unsubscribe_node_from_task', (tx) => [tx.pure.u8(6)])],
    ['an empty claim', call('claim_funds', (tx) => [tx.pure.vector('u64', [])])],
    ['a claim with bytes left over', call('claim_funds', (tx) => [tx.pure(Uint8Array.from([1, 1, 0, 0, 0, 0, 0, 0, 0, 7]))])],
    ['other randomness', (tx) => call('try_settle_stack', (one) => [...settle(one), one.object(id('8')) as never])(tx)],
    ['the whole gas coin', (tx) => tx.transferObjects([tx.gas], id('7'))],
    ['a whole object', (tx) => tx.transferObjects([tx.object(badge)], id('7'))],
    ['two coins', (tx) => tx.transferObjects([tx.splitCoins(tx.gas, [9n]), tx.splitCoins(tx.gas, [9n])], id('7'))],
    ['one of several split coins', (tx) => tx.transferObjects([tx.splitCoins(tx.gas, [1n, 2n])[1]], id('7'))],
    ['a coin of another kind', (tx) => tx.transferObjects([tx.splitCoins(tx.object(id('6')), [9n])], id('7'))],
    ['the faucet of another package', (tx) => void tx.moveCall({ target: `${id('e')}::toma::faucet`, arguments: [tx.object(id('f')), tx.pure.u64(5n)] })],
  ];
  it.each(refused)('%s', (_, build) => expect(() => decode(build)).toThrow(expect.objectContaining({ code: 'intent.not_allowed' })));
  it.each([null, 7, 'x', {}, { inputs: [], commands: 'none' }])('what is no transaction: %j', (data) => {
    expect(() => decodeIntent(data, context)).toThrow(expect.objectContaining({ code: 'intent.not_allowed' }));
  });
});
