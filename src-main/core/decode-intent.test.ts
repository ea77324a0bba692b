/** Only whole, known intents pass; every change that makes a transaction do something else is refused. */
import { Transaction } from '@mysten/sui/transactions';
import { normalizeSuiAddress } from '@mysten/sui/utils';
import { describe, expect, it } from 'vitest';
import { G1 } from '../../src-shared/atoma/index.ts';
import { decodeIntent, type DecodeContext } from './decode-intent.ts';

const id = (digit: string): string => `0x${digit.repeat(64)}`;
const pkg = id('a');
const db = id('d');
const badge = id('b');
const coinType = `${id('c')}::toma::TOMA`;
const suiType = `0x${'0'.repeat(63)}2::sui::SUI`;
const context: DecodeContext = {
  atomaPackageId: pkg, atomaDbId: db, faucet: { packageId: id('c'), objectId: id('f') }, coinType, suiType, normalize: (one) => normalizeSuiAddress(one), calls: G1.calls,
  coinTypeOf: (objectId) => (objectId === id('9') ? coinType : null),
};
const decode = (build: (tx: Transaction) => void) => {
  const tx = new Transaction();
  build(tx);
  return decodeIntent(tx.getData(), context);
};
const call = (name: string, rest: (tx: Transaction) => ReturnType<Transaction['pure']>[] = () => [], options: { pkg?: string; db?: string } = {}) => (tx: Transaction): void => {
  tx.moveCall({ target: `${options.pkg ?? pkg}::db::${name}`, arguments: [tx.object(options.db ?? db), tx.object(badge), ...rest(tx)] });
};
const settle = (tx: Transaction) => [tx.pure.u64(3n), tx.pure.u64(70n), tx.pure.vector('u8', [1]), tx.pure.vector('u8', [2])];
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
    ['disable', call('permanently_disable_node'), { kind: 'disable' }],
    ['destroy', call('destroy_disabled_node'), { kind: 'destroy' }],
    ['transfer of SUI', (tx) => tx.transferObjects([tx.splitCoins(tx.gas, [9n])], id('7')), { kind: 'transfer', coin: 'SUI', amount: 9n, to: id('7') }],
    ['transfer of the coin', (tx) => tx.transferObjects([tx.splitCoins(tx.object(id('9')), [9n])], id('7')), { kind: 'transfer', coin: 'network', amount: 9n, to: id('7') }],
  ])('%s', (_, build, intent) => expect(decode(build)).toEqual(intent));
});

describe('refused', () => {
  const refused: [string, (tx: Transaction) => void][] = [
    ['nothing', () => undefined],
    ['another package', call('claim_funds', (tx) => [tx.pure.vector('u64', [1n])], { pkg: id('e') })],
    ['another database', call('claim_funds', (tx) => [tx.pure.vector('u64', [1n])], { db: id('e') })],
    ['a function that is no intent', call('withdraw_fees')],
    ['a dispute', call('start_attestation_dispute', (tx) => [tx.pure.u64(1n), tx.pure.vector('u8', [1])])],
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
