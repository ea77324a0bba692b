/** Every transaction that a full node refuses: the code, the sentence, and that nothing on the chain has changed (issue 3, item 2: bad input). */
import { bcs } from '@mysten/sui/bcs';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { Inputs, Transaction } from '@mysten/sui/transactions';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestChain } from '../test-chain.ts';
import type { TestChain } from '../test-chain.ts';
import { createTestWallet } from '../test-wallet.ts';
import type { TestWallet } from '../test-wallet.ts';

const SUI = '0x2::sui::SUI';
type Ref = { readonly objectId: string; readonly version: string; readonly digest: string };
interface Setting {
  readonly gas: Ref;
  readonly coin: Ref;
  readonly foreign: Ref;
}

let test: TestChain;
let node: TestWallet;
let other: TestWallet;
let setting: Setting;

const coinsOf = async (wallet: TestWallet): Promise<Ref[]> =>
  (await test.client.listCoins({ owner: wallet.address, coinType: SUI })).objects;

beforeEach(async () => {
  test = await startTestChain({ tasks: [{ modelName: 'a' }] });
  node = await createTestWallet(test.chain, test.client);
  other = await createTestWallet(test.chain, test.client);
  await test.chain.faucetSui(node.address, 5_000n);
  const own = await test.client.listCoins({ owner: node.address, coinType: SUI });
  const [gas, coin] = [...own.objects].sort((a, b) => (BigInt(a.balance) > BigInt(b.balance) ? -1 : 1));
  const [foreign] = await coinsOf(other);
  if (!gas || !coin || !foreign) throw new Error('coins are missing');
  setting = { gas, coin, foreign };
});
afterEach(() => test.stop());

/** A transfer of 1 MIST with everything given, so that no simulation stands before its submission. */
const plain = (change: (tx: Transaction) => void = () => undefined): Transaction => {
  const tx = new Transaction();
  tx.setSender(node.address);
  tx.setGasPrice(1_000n);
  tx.setGasBudget(50_000_000n);
  tx.setGasPayment([setting.gas]);
  tx.setExpiration({ None: true });
  change(tx);
  if (tx.getData().commands.length === 0) tx.transferObjects([tx.splitCoins(tx.gas, [1n])[0]], '0x99');
  return tx;
};
const signedBy = async (tx: Transaction, signer = node.signer) => {
  const { bytes, signature } = await signer.signTransaction(await tx.build());
  return { transaction: Uint8Array.from(Buffer.from(bytes, 'base64')), signatures: [signature] };
};
const use = (ref: Ref) => (tx: Transaction) => void tx.transferObjects([tx.object(Inputs.ObjectRef(ref))], '0x99');
const stale = (ref: Ref): Ref => ({ ...ref, version: String(BigInt(ref.version) + 1n) });
const shared = (objectId: string, initialSharedVersion: number, mutable = true) =>
  Inputs.SharedObjectRef({ objectId, initialSharedVersion, mutable });
const call = (tx: Transaction, name: string, args: Parameters<Transaction['moveCall']>[0]['arguments']): void =>
  void tx.moveCall({ target: `${test.chain.packageId}::db::${name}`, arguments: args ?? [] });
const buy = (tx: Transaction): void =>
  call(tx, 'acquire_new_stack_entry', [
    tx.object(shared(test.chain.atomaDbId, 1)),
    tx.object(Inputs.ObjectRef(setting.coin)),
    tx.pure.u64(1),
    tx.pure.u64(1),
    tx.pure.u64(1),
    tx.object(shared('0x8', 1, false)),
  ]);
const withGas = (payment: readonly Ref[]) => (tx: Transaction) => tx.setGasPayment([...payment]);

type Case = readonly [string, () => Promise<{ transaction: Uint8Array; signatures: string[] }>, RegExp];
const refused: readonly Case[] = [
  [
    'bytes that are no transaction',
    async () => ({ ...(await signedBy(plain())), transaction: new Uint8Array([9]) }),
    /do not decode/,
  ],
  [
    'a signature of somebody else',
    async () => {
      const good = await signedBy(plain());
      const { signature } = await new Secp256k1Keypair().signTransaction(good.transaction);
      return { ...good, signatures: [signature] };
    },
    /Required Signature from 0x.* is absent/,
  ],
  [
    'no signature',
    async () => ({ ...(await signedBy(plain())), signatures: [] }),
    /Expect 1 signer signatures but got 0/,
  ],
  [
    'a broken signature',
    async () => ({ ...(await signedBy(plain())), signatures: [Buffer.alloc(98, 1).toString('base64')] }),
    /Invalid user signature/,
  ],
  [
    'a wrong sender',
    () =>
      signedBy(
        plain((tx) => tx.setSender(other.address)),
        other.signer,
      ),
    /not signed by the correct sender|is owned by account address/,
  ],
  [
    'a stale version',
    () => signedBy(plain(use(stale(setting.coin)))),
    /needs to be rebuilt because object .* is unavailable for consumption, current version: 0x/,
  ],
  ['a stale version of the gas coin', () => signedBy(plain(withGas([stale(setting.gas)]))), /needs to be rebuilt/],
  [
    'another digest',
    () => signedBy(plain(use({ ...setting.coin, digest: setting.gas.digest }))),
    /Invalid Object digest/,
  ],
  [
    'an unknown object',
    () => signedBy(plain(use({ ...setting.coin, objectId: `0x${'12'.repeat(32)}` }))),
    /Could not find the referenced object/,
  ],
  ["another wallet's object", () => signedBy(plain(use(setting.foreign))), /is owned by account address/],
  ["another wallet's gas coin", () => signedBy(plain(withGas([setting.foreign]))), /is owned by account address/],
  [
    'the gas coin as an input too',
    () => signedBy(plain(use(setting.gas))),
    /Mutable object .* cannot appear more than one/,
  ],
  [
    'one gas coin twice',
    () => signedBy(plain(withGas([setting.gas, setting.gas]))),
    /Mutable object .* cannot appear more than one/,
  ],
  [
    'a shared object as an owned one',
    async () => {
      const { object } = await test.client.getObject({ objectId: test.chain.atomaDbId });
      return signedBy(plain(use(object)));
    },
    /is shared/,
  ],
  [
    'a child object as an input',
    async () => {
      const { object: db } = await test.client.getObject({
        objectId: test.chain.atomaDbId,
        include: { json: true, content: true },
      });
      const tasks = bcs.Address.parse(
        (db.content ?? new Uint8Array()).slice(32 + 32 + 24 + 40 + 40, 32 + 32 + 24 + 40 + 40 + 32),
      );
      const { response } = await test.client.stateService.listDynamicFields({
        parent: tasks,
        readMask: { paths: ['*'] },
      });
      const { object } = await test.client.getObject({ objectId: response.dynamicFields[0]?.fieldId ?? '' });
      return signedBy(plain(use(object)));
    },
    /is owned by object/,
  ],
  [
    'an owned object as a shared one',
    () => signedBy(plain((tx) => call(tx, 'withdraw_fees', [tx.object(shared(setting.coin.objectId, 1))]))),
    /is not shared/,
  ],
  [
    'another starting version of a shared object',
    () => signedBy(plain((tx) => call(tx, 'withdraw_fees', [tx.object(shared(test.chain.atomaDbId, 7))]))),
    /starting version/,
  ],
  [
    'an unknown package',
    () => signedBy(plain((tx) => void tx.moveCall({ target: `0x${'77'.repeat(32)}::db::x` }))),
    /referenced package/,
  ],
  ['a budget under the least', () => signedBy(plain((tx) => tx.setGasBudget(999_999n))), /lower than min: 1000000/],
  [
    'a budget over the most',
    () => signedBy(plain((tx) => tx.setGasBudget(50_000_000_001n))),
    /higher than max: 50000000000/,
  ],
  [
    'a budget over the balance',
    () => signedBy(plain((tx) => tx.setGasBudget(20_000_000_000n))),
    /Balance of gas object \d+ is lower than the needed amount/,
  ],
  ['a price under the reference', () => signedBy(plain((tx) => tx.setGasPrice(999n))), /under reference gas price/],
  ['a price over the most', () => signedBy(plain((tx) => tx.setGasPrice(100_001n))), /cannot exceed 100000/],
  [
    'gas of another coin',
    async () => {
      await test.chain.faucetCoin(node.address, 5n);
      const { objects } = await test.client.listCoins({ owner: node.address, coinType: test.chain.coin.type });
      return signedBy(plain(withGas(objects)));
    },
    /is not a SUI coin/,
  ],
  [
    'an epoch that is over',
    async () => {
      const ready = await signedBy(plain((tx) => tx.setExpiration({ Epoch: 0 })));
      test.chain.advanceEpoch();
      return ready;
    },
    /expired/,
  ],
  [
    'another chain',
    () => {
      const window = {
        minEpoch: '0',
        maxEpoch: '1',
        minTimestamp: null,
        maxTimestamp: null,
        chain: setting.gas.digest,
        nonce: 1,
      };
      return signedBy(plain((tx) => tx.setExpiration({ ValidDuring: window })));
    },
    /is for chain/,
  ],
  [
    'two draws in one transaction',
    () => signedBy(plain((tx) => [buy(tx), buy(tx)])),
    /Commands following a command with Random/,
  ],
  [
    'a split after a draw',
    () => signedBy(plain((tx) => [buy(tx), tx.splitCoins(tx.gas, [1n])])),
    /Commands following a command with Random/,
  ],
  [
    'too many commands',
    () =>
      signedBy(
        plain((tx) => {
          for (let i = 0; i < 1_025; i += 1) tx.splitCoins(tx.gas, [1n]);
        }),
      ),
    /Size limit exceeded: maximum commands in a programmable transaction is 1024/,
  ],
  [
    'too large an argument',
    () => signedBy(plain((tx) => call(tx, 'withdraw_fees', [tx.pure(new Uint8Array(16_385))]))),
    /Size limit exceeded: maximum pure argument size/,
  ],
];

/** Everything that could change. */
const everything = async () => ({
  balance: await node.balance(SUI),
  foreign: await other.balance(SUI),
  coins: [await coinsOf(node), await coinsOf(other)].map((refs) =>
    refs.map(({ objectId, version }) => [objectId, version]),
  ),
  db: (await test.client.getObject({ objectId: test.chain.atomaDbId })).object.version,
});

describe('a transaction that cannot be executed', () => {
  it.each(refused)('is refused for %s, and changes nothing', async (_name, build, sentence) => {
    const ready = await build();
    const before = await everything();
    await expect(test.client.executeTransaction(ready)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(sentence) as string,
    });
    expect(await everything()).toEqual(before);
  });

  it('leaves its sender free to send a good one', async () => {
    await expect(test.client.executeTransaction(await signedBy(plain((tx) => tx.setGasPrice(1n))))).rejects.toThrow();
    expect((await test.client.executeTransaction(await signedBy(plain()))).$kind).toBe('Transaction');
  });
});

describe('a transaction that is executed and fails', () => {
  const failing: readonly (readonly [string, (tx: Transaction) => void, string])[] = [
    [
      'a wrong type argument',
      (tx) => void tx.moveCall({ target: '0x2::coin::zero', typeArguments: ['0x2::nope::NOPE'] }),
      'TypeArgumentError',
    ],
    [
      'a type argument that is no struct',
      (tx) => void tx.moveCall({ target: '0x2::coin::zero', typeArguments: ['u8'] }),
      'TypeArgumentError',
    ],
    [
      'too many type arguments',
      (tx) => void tx.moveCall({ target: '0x2::coin::zero', typeArguments: [SUI, SUI] }),
      'TypeArityMismatch',
    ],
    ['an unknown function', (tx) => call(tx, 'no_such_function', []), 'FunctionNotFound'],
    ['a missing argument', (tx) => call(tx, 'withdraw_fees', []), 'ArityMismatch'],
    [
      'an object of another type',
      (tx) =>
        call(tx, 'withdraw_fees', [
          tx.object(shared(test.chain.atomaDbId, 1)),
          tx.object(Inputs.ObjectRef(setting.coin)),
        ]),
      'CommandArgumentError',
    ],
    [
      'more than the coin holds',
      (tx) => void tx.transferObjects([tx.splitCoins(tx.object(Inputs.ObjectRef(setting.coin)), [5_001n])[0]], '0x99'),
      'InsufficientCoinBalance',
    ],
    ['a coin left over', (tx) => void tx.splitCoins(tx.gas, [1n]), 'UnusedValueWithoutDrop'],
    [
      'the gas coin merged away',
      (tx) => void tx.mergeCoins(tx.object(Inputs.ObjectRef(setting.coin)), [tx.gas]),
      'CommandArgumentError',
    ],
    [
      'the gas coin destroyed',
      (tx) => void tx.moveCall({ target: '0x2::coin::destroy_zero', typeArguments: [SUI], arguments: [tx.gas] }),
      'CommandArgumentError',
    ],
  ];
  it.each(failing)('for %s says so, and takes gas alone', async (_name, change, kind) => {
    const before = await node.balance(SUI);
    const result = await test.client.executeTransaction({
      ...(await signedBy(plain(change))),
      include: { effects: true, bcs: true },
    });
    const effects = bcs.TransactionEffects.parse(result.FailedTransaction?.effects.bcs ?? new Uint8Array()).V2;
    expect(effects?.status.Failure?.error.$kind).toBe(kind);
    const gas = result.FailedTransaction?.effects.gasUsed;
    const net = BigInt(gas?.computationCost ?? 0) + BigInt(gas?.storageCost ?? 0) - BigInt(gas?.storageRebate ?? 0);
    expect(await node.balance(SUI)).toBe(before - net);
    expect(net).toBeGreaterThanOrEqual(1_000_000n);
  });
});
