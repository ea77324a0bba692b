/** What the chain refuses, what fails on it, and that each client gets the right code for it. */
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { bcs } from '@mysten/sui/bcs';
import { GrpcTypes as T } from '@mysten/sui/grpc';
import { Inputs, Transaction } from '@mysten/sui/transactions';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { translateAbort } from '../../../src-shared/atoma/index.ts';
import { startTestChain } from './test-chain.ts';
import type { TestChain } from './test-chain.ts';
import { createTestWallet } from './test-wallet.ts';
import type { TestWallet } from './test-wallet.ts';

let test: TestChain;
let node: TestWallet;
const SUI = '0x2::sui::SUI';
const execute = { include: { effects: true, bcs: true } } as const;

beforeEach(async () => {
  test = await startTestChain({ tasks: [{ modelName: 'sandbox/tiny-chat' }] });
  node = await createTestWallet(test.chain, test.client);
});
afterEach(() => test.stop());

const transfer = (amountMist: bigint): Transaction => {
  const tx = new Transaction();
  tx.setSender(node.address);
  tx.transferObjects([tx.splitCoins(tx.gas, [amountMist])[0]], '0x99');
  return tx;
};
const signed = async (tx: Transaction) => {
  const { bytes, signature } = await node.signer.signTransaction(await tx.build({ client: test.client }));
  return { transaction: Uint8Array.from(Buffer.from(bytes, 'base64')), signatures: [signature] };
};

/** A purchase whose price passes 64 bits, fully built: the client's own dry run is left out. */
const overflowBytes = async (): Promise<Uint8Array> => {
  const { objects } = await test.client.listCoins({ owner: node.address, coinType: test.chain.coin.type });
  const gas = (await test.client.listCoins({ owner: node.address, coinType: SUI })).objects[0];
  const wallet = objects[0];
  if (!wallet || !gas) throw new Error('no coin');
  const tx = new Transaction();
  tx.setSender(node.address);
  tx.setGasPayment([gas]);
  tx.setGasBudget(100_000_000n);
  tx.setGasPrice(1_000n);
  const shared = (objectId: string, mutable: boolean) =>
    tx.object(Inputs.SharedObjectRef({ objectId, initialSharedVersion: 1, mutable }));
  tx.moveCall({
    target: `${test.chain.packageId}::db::acquire_new_stack_entry`,
    arguments: [
      shared(test.chain.atomaDbId, true),
      tx.object(Inputs.ObjectRef(wallet)),
      tx.pure.u64(1),
      tx.pure.u64(2n ** 40n),
      tx.pure.u64(2n ** 40n),
      shared('0x8', false),
    ],
  });
  return tx.build();
};

describe('aborts', () => {
  it('carry package, module, function and code through simulation and through execution', async () => {
    await node.faucet(1_000n);
    await node.register();
    const tx = await node.subscribeTx(9n, 7n, 10n);
    tx.setSender(node.address);
    const simulated = await test.client.simulateTransaction({ transaction: tx, include: { effects: true } });
    const expected = {
      $kind: 'MoveAbort',
      command: 0,
      MoveAbort: {
        abortCode: '312012017',
        location: { package: test.chain.packageId, module: 'db', functionName: 'subscribe_node_to_task' },
      },
    };
    expect(simulated.FailedTransaction?.status.error).toMatchObject(expected);

    // The build refuses to sign what aborts; with everything given it is executed, charged, and fails on chain.
    await expect(tx.build({ client: test.client })).rejects.toMatchObject({ executionError: expected });
    const { objects } = await test.client.listCoins({ owner: node.address, coinType: SUI });
    const gas = objects[0];
    if (!gas) throw new Error('no gas');
    const db = await test.client.getObject({ objectId: test.chain.atomaDbId });
    const badge = await test.client.getObject({ objectId: await node.badgeId() });
    const offline = new Transaction();
    offline.setSender(node.address);
    offline.setGasPayment([{ objectId: gas.objectId, version: gas.version, digest: gas.digest }]);
    offline.setGasBudget(100_000_000n);
    offline.setGasPrice(1_000n);
    offline.moveCall({
      target: `${test.chain.packageId}::db::subscribe_node_to_task`,
      arguments: [
        offline.object(
          Inputs.SharedObjectRef({ objectId: db.object.objectId, initialSharedVersion: 1, mutable: true }),
        ),
        offline.object(Inputs.ObjectRef(badge.object)),
        offline.pure.u64(9),
        offline.pure.u64(7),
        offline.pure.u64(10),
      ],
    });
    const result = await test.client.executeTransaction({ ...(await signed(offline)), ...execute });
    expect(result.FailedTransaction?.status.error).toMatchObject(expected);
    const effects = bcs.TransactionEffects.parse(result.FailedTransaction?.effects.bcs ?? new Uint8Array()).V2;
    expect(effects?.status.Failure?.error.MoveAbort?.[1]).toBe('312012017');
    expect(effects?.gasUsed.computationCost).toBe('1000000');
    expect(effects?.status.Failure?.error.MoveAbort?.[0].functionName).toBe('subscribe_node_to_task');
    const meaning = translateAbort('G1', test.chain.packageId, {
      packageId: test.chain.packageId,
      module: 'db',
      code: 312_012_017n,
    });
    expect(meaning.name).toBe('ETaskNotFound');
  });

  it('shows framework aborts with their own module and overflow as an arithmetic error', async () => {
    await node.faucet(10n);
    await expect(node.register(10n)).rejects.toMatchObject({
      executionError: { MoveAbort: { abortCode: '2', location: { module: 'balance', functionName: 'split' } } },
    });
    const overflow = node.acquireTx(1n, 2n ** 40n, 2n ** 40n, 5n);
    const { FailedTransaction } = await test.client.simulateTransaction({ transaction: overflow });
    const location = FailedTransaction?.status.error?.MoveAbort?.location;
    expect(location).toMatchObject({ module: 'db', functionName: 'acquire_new_stack_entry' });
    const abort = {
      packageId: location?.package ?? '',
      module: 'db',
      code: BigInt(FailedTransaction?.status.error?.MoveAbort?.abortCode ?? 1),
    };
    expect(translateAbort('G1', test.chain.packageId, abort).name).toBe('ArithmeticError');
    const { response } = await test.client.transactionExecutionService.simulateTransaction({
      transaction: { bcs: { value: await overflowBytes() } },
      readMask: { paths: ['transaction.effects.status'] },
    });
    expect(response.transaction?.effects?.status?.error?.kind).toBe(
      T.ExecutionError_ExecutionErrorKind.MOVE_PRIMITIVE_RUNTIME_ERROR,
    );
  });
});

describe('refusals', () => {
  it('of a wrong signer, of a tampered transaction and of nonsense', async () => {
    const good = await signed(transfer(5n));
    const other = new Secp256k1Keypair();
    const { signature } = await other.signTransaction(good.transaction);
    await expect(test.client.executeTransaction({ ...good, signatures: [signature] })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    const tampered = Uint8Array.from(good.transaction);
    tampered[tampered.length - 10] = (tampered.at(-10) ?? 0) ^ 1;
    await expect(test.client.executeTransaction({ ...good, transaction: tampered })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    await expect(
      test.client.executeTransaction({ ...good, transaction: new Uint8Array([1, 2]) }),
    ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(await node.balance(SUI)).toBe(10_000_000_000n);
  });

  it('of a stale version: of two transactions on one owned version exactly one wins', async () => {
    const both = await Promise.all([signed(transfer(5n)), signed(transfer(6n))]);
    const outcomes = await Promise.allSettled(both.map((one) => test.client.executeTransaction(one)));
    expect(outcomes.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = outcomes.find((one) => one.status === 'rejected');
    expect(lost?.reason).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('current version') as string,
    });
  });

  it("of another wallet's object, of an expired transaction, of commands after a draw", async () => {
    const thief = new Ed25519Keypair();
    await test.chain.faucetSui(thief.toSuiAddress(), 1_000_000_000n);
    const { objects } = await test.client.listCoins({ owner: node.address, coinType: SUI });
    const theft = new Transaction();
    theft.transferObjects([theft.object(objects[0]?.objectId ?? '')], thief.toSuiAddress());
    await expect(test.client.signAndExecuteTransaction({ transaction: theft, signer: thief })).rejects.toThrow(
      /owned by/,
    );

    const late = transfer(1n);
    late.setExpiration({ Epoch: 0 });
    const ready = await signed(late);
    test.chain.advanceEpoch();
    await expect(test.client.executeTransaction(ready)).rejects.toThrow(/expired/);

    await node.faucet(1_000n);
    const drawn = node.acquireTx(1n, 1n, 1n, 10n);
    drawn.splitCoins(drawn.gas, [1n]);
    await expect(node.run(drawn)).rejects.toThrow(/Random/);
  });

  it('of what does not exist or is not offered', async () => {
    await expect(test.client.getObject({ objectId: '0x1234' })).rejects.toMatchObject({ reason: 'notFound' });
    await expect(test.client.getTransaction({ digest: '11111111111111111111111111111111' })).rejects.toMatchObject({
      reason: 'notFound',
    });
    await expect(test.client.nameService.reverseLookupName({ address: '0x1' })).rejects.toMatchObject({
      code: 'UNIMPLEMENTED',
    });
    const tx = new Transaction();
    tx.moveCall({ target: `${test.chain.packageId}::db::acquire_new_stack`, arguments: [] });
    await expect(node.run(tx)).rejects.toThrow(/FunctionNotFound/);
    await expect(node.run(transfer(20_000_000_000n))).rejects.toThrow(/InsufficientCoinBalance|insufficient/i);
  });
});

describe('replay', () => {
  it('of the same digest gives the same effects and changes nothing', async () => {
    const once = await signed(transfer(5n));
    const first = await test.client.executeTransaction({ ...once, ...execute });
    const balance = await node.balance(SUI);
    const second = await test.client.executeTransaction({ ...once, ...execute });
    expect(second).toEqual(first);
    expect(await node.balance(SUI)).toBe(balance);
    const found = await test.client.waitForTransaction({ digest: first.Transaction?.digest ?? '', ...execute });
    expect(found).toEqual(first);
  });

  it('of objects: every digest in the effects is the digest of the live object', async () => {
    const result = await node.faucet(77n);
    const written = result.Transaction?.effects.changedObjects ?? [];
    expect(written.length).toBeGreaterThan(2);
    for (const change of written) {
      const { object } = await test.client.getObject({ objectId: change.objectId });
      expect([object.version, object.digest]).toEqual([change.outputVersion, change.outputDigest]);
    }
  });
});
