/** What the sandbox chain does as Sui does it: versions, locks, gas, effects and their digests, epochs, simulation (issue 3, item 2). */
import { blake2b } from '@noble/hashes/blake2.js';
import { bcs } from '@mysten/sui/bcs';
import { GrpcTypes as T, SuiGrpcClient } from '@mysten/sui/grpc';
import { Inputs, Transaction } from '@mysten/sui/transactions';
import { toBase58 } from '@mysten/sui/utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestChain } from '../test-chain.ts';
import type { TestChain } from '../test-chain.ts';
import { createTestWallet } from '../test-wallet.ts';
import type { TestWallet } from '../test-wallet.ts';

const SUI = '0x2::sui::SUI';
const include = { effects: true, events: true, bcs: true, balanceChanges: true, objectTypes: true } as const;
let test: TestChain;
let node: TestWallet;

beforeEach(async () => {
  test = await startTestChain({ tasks: [{ modelName: 'a' }] });
  node = await createTestWallet(test.chain, test.client);
});
afterEach(() => test.stop());

const digest = (name: string, bytes: Uint8Array): string =>
  toBase58(blake2b(Uint8Array.from([...new TextEncoder().encode(`${name}::`), ...bytes]), { dkLen: 32 }));
const coins = async (owner = node.address) =>
  (await test.client.listCoins({ owner, coinType: SUI, limit: 500 })).objects;
const largest = async () => [...(await coins())].sort((a, b) => (BigInt(a.balance) > BigInt(b.balance) ? -1 : 1))[0]!;
const build = async (change: (tx: Transaction) => void, gas?: Awaited<ReturnType<typeof coins>>) => {
  const tx = new Transaction();
  tx.setSender(node.address);
  tx.setGasPrice(1_000n);
  tx.setGasBudget(50_000_000n);
  tx.setGasPayment(gas ?? [await largest()]);
  tx.setExpiration({ None: true });
  change(tx);
  const { bytes, signature } = await node.signer.signTransaction(await tx.build());
  return { transaction: Uint8Array.from(Buffer.from(bytes, 'base64')), signatures: [signature] };
};
const send = async (ready: Awaited<ReturnType<typeof build>>, client = test.client) => {
  const result = await client.executeTransaction({ ...ready, include });
  return result.Transaction ?? result.FailedTransaction;
};
const give =
  (amounts: bigint[], to = '0x99') =>
  (tx: Transaction) => {
    const split = tx.splitCoins(tx.gas, amounts);
    tx.transferObjects(
      amounts.map((_, i) => split[i]!),
      to,
    );
  };
const effectsOf = (sent: { effects: { bcs: Uint8Array | null } } | undefined) =>
  bcs.TransactionEffects.parse(sent?.effects.bcs ?? new Uint8Array()).V2!;

describe('versions', () => {
  it('of everything written are one more than the highest that went in', async () => {
    await node.faucet(10n);
    await node.faucet(20n);
    const { object: db } = await test.client.getObject({ objectId: test.chain.coin.faucetId ?? '' });
    const gas = await largest();
    const sent = await node.faucet(30n);
    const effects = effectsOf(sent.Transaction);
    const highest = [db.version, gas.version].map(BigInt).reduce((a, b) => (a > b ? a : b));
    expect(BigInt(effects.lamportVersion)).toBe(highest + 1n);
    for (const change of sent.Transaction?.effects.changedObjects ?? []) {
      expect([change.objectId, change.outputVersion]).toEqual([change.objectId, effects.lamportVersion]);
    }
  });

  it('of a shared object follow one another; each effect names the version it found and what it only read', async () => {
    await node.faucet(5_000n);
    await node.register();
    await node.run(await node.subscribeTx(1n, 1n, 1_000n));
    const found: string[] = [];
    const left: string[] = [];
    for (let i = 0; i < 3; i += 1) {
      const sent = await node.run(node.acquireTx(1n, 10n, 1n, 100n));
      const database = sent.Transaction?.effects.changedObjects.find((one) => one.objectId === test.chain.atomaDbId);
      found.push(database?.inputVersion ?? '');
      left.push(database?.outputVersion ?? '');
      const read = effectsOf(sent.Transaction).unchangedConsensusObjects;
      expect(read.map(([id, kind]) => [BigInt(id), kind.$kind])).toEqual([[8n, 'ReadOnlyRoot']]);
    }
    expect(found.slice(1)).toEqual(left.slice(0, -1));
  });

  it('lock an owned object: of many transactions on one version one is executed, the others are told to rebuild', async () => {
    const gas = await largest();
    const rivals = await Promise.all([1n, 2n, 3n, 4n].map((amount) => build(give([amount]), [gas])));
    const outcomes = await Promise.allSettled(rivals.map((ready) => send(ready)));
    const lost = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(lost.length).toBe(3);
    for (const reason of lost) {
      expect(reason).toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringMatching(/unavailable for consumption, current version: 0x/) as string,
      });
    }
    expect((await coins('0x99')).length).toBe(1);
  });
});

describe('effects', () => {
  it('and events have the digests that a client computes from their bytes', async () => {
    await node.faucet(5_000n);
    const sent = (await node.register()).Transaction;
    const { response } = await test.client.ledgerService.getTransaction({
      digest: sent?.digest ?? '',
      readMask: { paths: ['*'] },
    });
    const { effects, events, transaction } = response.transaction ?? {};
    expect(effects?.digest).toBe(digest('TransactionEffects', effects?.bcs?.value ?? new Uint8Array()));
    expect(events?.digest).toBe(digest('TransactionEvents', events?.bcs?.value ?? new Uint8Array()));
    expect(effects?.eventsDigest).toBe(events?.digest);
    expect(transaction?.digest).toBe(digest('TransactionData', transaction?.bcs?.value ?? new Uint8Array()));
    expect(effectsOf(sent).eventsDigest).toBe(events?.digest);
    expect(effectsOf(sent).transactionDigest).toBe(sent?.digest);
  });

  it('name objects by digests that a client computes from the whole object', async () => {
    const sent = await send(await build(give([5n])));
    for (const change of sent?.effects.changedObjects ?? []) {
      const { object } = await test.client.getObject({ objectId: change.objectId, include: { objectBcs: true } });
      const bytes = object.objectBcs ?? new Uint8Array();
      expect(change.outputDigest).toBe(digest('Object', bytes));
      expect(bcs.Object.serialize(bcs.Object.parse(bytes)).toBytes()).toEqual(bytes);
    }
  });
});

describe('gas', () => {
  it('is computation, storage by size and a rebate less one percent, to the MIST', async () => {
    const before = await largest();
    const sent = await send(await build(give([5n])));
    // A SUI coin is metered at 130 bytes; the gas coin had been paid for once, the new coin not.
    const coin = 130n * 7_600n;
    const gas = effectsOf(sent).gasUsed;
    expect(gas).toEqual({
      computationCost: '1000000',
      storageCost: String(2n * coin),
      storageRebate: String((coin * 99n) / 100n),
      nonRefundableStorageFee: String(coin - (coin * 99n) / 100n),
    });
    const net = 1_000_000n + 2n * coin - (coin * 99n) / 100n;
    expect(BigInt((await largest()).balance)).toBe(BigInt(before.balance) - net - 5n);
    expect(sent?.balanceChanges.reduce((sum, { amount }) => sum + BigInt(amount), 0n)).toBe(-net);
  });

  it('smashes several coins into the first, and gives their storage back', async () => {
    for (const amount of [40_000_000n, 20_000_000n]) await test.chain.faucetSui(node.address, amount);
    const gas = (await coins()).filter(({ balance }) => BigInt(balance) < 1_000_000_000n);
    expect(gas.length).toBe(2);
    const sent = await send(await build(give([1n]), gas));
    const changes = sent?.effects.changedObjects ?? [];
    expect(changes.find((one) => one.objectId === gas[1]?.objectId)?.outputState).toBe('DoesNotExist');
    const left = (await coins()).filter(({ balance }) => BigInt(balance) < 1_000_000_000n);
    const { computationCost, storageCost, storageRebate } = effectsOf(sent).gasUsed;
    const net = BigInt(computationCost) + BigInt(storageCost) - BigInt(storageRebate);
    expect(left.map(({ objectId, balance }) => [objectId, balance])).toEqual([
      [gas[0]?.objectId, String(60_000_000n - 1n - net)],
    ]);
  });

  it('that does not suffice for what was written fails the transaction and undoes it', async () => {
    const before = await largest();
    const poor = new Transaction();
    poor.setSender(node.address);
    poor.setGasPrice(1_000n);
    poor.setGasBudget(1_500_000n);
    poor.setGasPayment([before]);
    give([1n, 2n, 3n])(poor);
    const { bytes, signature } = await node.signer.signTransaction(await poor.build());
    const sent = await send({ transaction: Uint8Array.from(Buffer.from(bytes, 'base64')), signatures: [signature] });
    expect(effectsOf(sent).status.Failure?.error.$kind).toBe('InsufficientGas');
    expect(await coins('0x99')).toEqual([]);
    expect(BigInt(before.balance) - BigInt((await largest()).balance)).toBeLessThanOrEqual(1_500_000n);
  });

  it('can be chosen by the node, from a simulation, and then covers the execution', async () => {
    const tx = new Transaction();
    tx.setSender(node.address);
    give([7n])(tx);
    const sent = await node.run(tx);
    const { computationCost, storageCost } = effectsOf(sent.Transaction).gasUsed;
    expect(sent.$kind).toBe('Transaction');
    const { response } = await test.client.ledgerService.getTransaction({
      digest: sent.Transaction?.digest ?? '',
      readMask: { paths: ['transaction.gas_payment'] },
    });
    expect(response.transaction?.transaction?.gasPayment?.budget).toBeGreaterThanOrEqual(
      BigInt(computationCost) + BigInt(storageCost),
    );
  });
});

describe('commands', () => {
  it('of several kinds run in one transaction: split, merge, call, transfer, a draw last', async () => {
    await node.faucet(5_000n);
    await node.register();
    await node.run(await node.subscribeTx(1n, 1n, 1_000n));
    await node.faucet(300n);
    const { objects } = await test.client.listCoins({ owner: node.address, coinType: test.chain.coin.type });
    const [one, two] = objects.map((coin) => Inputs.ObjectRef(coin));
    const tx = new Transaction();
    tx.setSender(node.address);
    const purse = tx.object(one!);
    tx.mergeCoins(purse, [tx.object(two!)]);
    const [wallet, gift] = tx.splitCoins(purse, [100n, 7n]);
    tx.transferObjects([gift!], '0x99');
    const terms = [tx.pure.u64(1), tx.pure.u64(10), tx.pure.u64(1), tx.object.random()];
    const target = `${test.chain.packageId}::db::acquire_new_stack_entry`;
    tx.moveCall({ target, arguments: [tx.object(test.chain.atomaDbId), wallet!, ...terms] });
    tx.transferObjects([wallet!], node.address);
    const sent = await node.run(tx);
    expect(sent.Transaction?.events.map((event) => event.eventType.split('::')[2])).toEqual(['StackCreatedEvent']);
    expect(await node.balance(test.chain.coin.type)).toBe(4_000n + 300n - 7n - 10n);
  });
});

describe('epochs', () => {
  it('pass one by one, are told with their bounds, and end what expires with them', async () => {
    const { epoch: first } = (await test.client.ledgerService.getEpoch({ readMask: { paths: ['*'] } })).response;
    expect(first).toMatchObject({ epoch: 0n, referenceGasPrice: 1_000n, firstCheckpoint: 0n });
    expect(first?.lastCheckpoint).toBeUndefined();
    const late = await build((tx) => {
      tx.setExpiration({ Epoch: 1 });
      give([1n])(tx);
    });
    const inTime = await build((tx) => {
      tx.setExpiration({ Epoch: 2 });
      give([1n])(tx);
    });
    test.chain.advanceEpoch(2);
    await expect(send(late)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(effectsOf(await send(inTime)).executedEpoch).toBe('2');
    const past = await test.client.ledgerService.getEpoch({ epoch: 1n, readMask: { paths: ['*'] } });
    expect(past.response.epoch?.lastCheckpoint).toBe(past.response.epoch?.firstCheckpoint);
    expect(past.response.epoch?.end).toBeDefined();
    await expect(test.client.ledgerService.getEpoch({ epoch: 9n })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const { systemState } = await test.client.getCurrentSystemState();
    expect([systemState.epoch, systemState.referenceGasPrice]).toEqual(['2', '1000']);
  });
});

describe('a simulation', () => {
  it('tells success and abort alike and changes nothing, not even the draws to come', async () => {
    await node.faucet(5_000n);
    await node.register();
    const state = async () => [await coins(), await test.client.getObject({ objectId: test.chain.atomaDbId })];
    const before = await state();
    const checkpoint = (await test.client.ledgerService.getServiceInfo({})).response.checkpointHeight;
    const bad = await node.subscribeTx(9n, 1n, 1n);
    bad.setSender(node.address);
    const good = await node.subscribeTx(1n, 1n, 1n);
    good.setSender(node.address);
    const [failed, fine] = [
      await test.client.simulateTransaction({ transaction: bad, include }),
      await test.client.simulateTransaction({ transaction: good, include }),
    ];
    expect(failed.FailedTransaction?.status.error?.MoveAbort?.abortCode).toBe('312012017');
    expect(fine.Transaction?.events.length).toBe(1);
    expect(await state()).toEqual(before);
    expect((await test.client.ledgerService.getServiceInfo({})).response.checkpointHeight).toBe(checkpoint);
  });
});

describe('an answer', () => {
  const statuses: readonly (readonly [string, () => PromiseLike<unknown>, string])[] = [
    ['an unknown object', () => test.client.ledgerService.getObject({ objectId: `0x${'12'.repeat(32)}` }), 'NOT_FOUND'],
    [
      'an old version',
      () => test.client.ledgerService.getObject({ objectId: test.chain.atomaDbId, version: 99n }),
      'NOT_FOUND',
    ],
    ['no object id', () => test.client.ledgerService.getObject({ objectId: 'zz' }), 'INVALID_ARGUMENT'],
    ['an unknown digest', () => test.client.ledgerService.getTransaction({ digest: '1'.repeat(32) }), 'NOT_FOUND'],
    ['no digest', () => test.client.ledgerService.getTransaction({ digest: 'x' }), 'INVALID_ARGUMENT'],
    [
      'a checkpoint to come',
      () =>
        test.client.ledgerService.getCheckpoint({
          checkpointId: { oneofKind: 'sequenceNumber', sequenceNumber: 999n },
        }),
      'NOT_FOUND',
    ],
    ['an unknown package', () => test.client.movePackageService.getPackage({ packageId: '0x77' }), 'NOT_FOUND'],
    ['an unknown coin', () => test.client.stateService.getCoinInfo({ coinType: '0x77::a::A' }), 'NOT_FOUND'],
    ['no coin type', () => test.client.stateService.getCoinInfo({ coinType: 'nonsense' }), 'INVALID_ARGUMENT'],
    ['no owner', () => test.client.stateService.listOwnedObjects({ owner: 'zz' }), 'INVALID_ARGUMENT'],
    [
      'a foreign page token',
      () => test.client.stateService.listOwnedObjects({ owner: '0x1', pageToken: new Uint8Array(3) }),
      'INVALID_ARGUMENT',
    ],
    [
      'an unknown field in a mask',
      () =>
        test.client.ledgerService
          .getServiceInfo({})
          .then(() => test.client.ledgerService.getEpoch({ readMask: { paths: ['nope'] } })),
      'INVALID_ARGUMENT',
    ],
    [
      'too many in a batch',
      () =>
        test.client.ledgerService.batchGetObjects({
          requests: Array.from({ length: 1_001 }, () => ({ objectId: '0x1' })),
        }),
      'INVALID_ARGUMENT',
    ],
    ['what is not offered', () => test.client.nameService.lookupName({ name: 'a.sui' }), 'UNIMPLEMENTED'],
    [
      'too large a request',
      () =>
        test.client.transactionExecutionService.executeTransaction({
          transaction: { bcs: { value: new Uint8Array(5_000_000) } },
          signatures: [],
        }),
      'OUT_OF_RANGE',
    ],
  ];
  it.each(statuses)('to %s has the right code', async (_name, ask, code) => {
    await expect(ask()).rejects.toMatchObject({ code });
  });

  it.each(['UNAVAILABLE', 'RESOURCE_EXHAUSTED'] as const)(
    'of a node in trouble is %s, and the trouble passes',
    async (refuse) => {
      test.chain.setFaults({ refuse });
      await expect(test.client.getReferenceGasPrice()).rejects.toMatchObject({ code: refuse });
      test.chain.setFaults({ refuse: null });
      expect((await test.client.getReferenceGasPrice()).referenceGasPrice).toBe('1000');
    },
  );

  it('that is lost leaves the transaction executed; the same bytes again give the same effects', async () => {
    const ready = await build(give([5n]));
    test.chain.setFaults({ loseAnswers: true });
    await expect(send(ready)).rejects.toThrow();
    expect((await coins('0x99')).length).toBe(1);
    test.chain.setFaults({ loseAnswers: false });
    const found = await send(ready);
    expect(found?.status.success).toBe(true);
    expect((await coins('0x99')).length).toBe(1);
    const looked = await test.client.getTransaction({ digest: found?.digest ?? '', include });
    expect(looked.Transaction?.effects.bcs).toEqual(found?.effects.bcs);
  });

  it('comes from any endpoint of the chain, whichever of them is dead', async () => {
    const second = await test.chain.addEndpoint();
    const client = new SuiGrpcClient({ network: 'sandbox', baseUrl: second.url });
    test.chain.setFaults({ drop: true });
    await expect(test.client.getReferenceGasPrice()).rejects.toThrow();
    expect((await client.ledgerService.getServiceInfo({})).response.chainId).toBe(test.chain.chainId);
    test.chain.setFaults({ drop: false });
    const ready = await build(give([5n]));
    second.setFaults({ loseAnswers: true });
    await expect(send(ready, client)).rejects.toThrow();
    await second.stop();
    await expect(client.getReferenceGasPrice()).rejects.toThrow();
    expect((await send(ready))?.status.success).toBe(true);
    expect((await coins('0x99')).length).toBe(1);
  });
});

describe('a subscriber that lost its stream', () => {
  it('finds what it missed by the cursor it had, and then hears on, without loss or repeat', async () => {
    const { ledgerService, subscriptionService } = test.client;
    const seen: string[] = [];
    let cursor: Uint8Array | undefined;
    const listen = async (count: number): Promise<void> => {
      const leave = new AbortController();
      const call = subscriptionService.subscribeEvents({ readMask: { paths: ['*'] } }, { abort: leave.signal });
      await call.headers;
      // The stream is open first; then the gap is read up to the tip, and what the stream repeats of it is known by its place.
      const options = { ordering: T.Ordering.ASCENDING, ...(cursor ? { after: cursor } : {}) };
      const keep = (frame: { event?: T.Event; watermark?: T.Watermark }): void => {
        const place = `${frame.event?.transactionDigest} ${frame.event?.eventIndex}`;
        if (frame.event && !seen.includes(place)) seen.push(place);
        cursor = frame.watermark?.cursor ?? cursor;
      };
      for await (const frame of ledgerService.listEvents({ readMask: { paths: ['*'] }, options }).responses)
        keep(frame);
      void act();
      for await (const frame of call.responses) {
        keep(frame);
        if (seen.length >= count) break;
      }
      leave.abort();
    };
    let made = 1;
    const act = () => test.chain.administer({ kind: 'create-task', task: { modelName: `m${(made += 1)}` } });
    await listen(2);
    await act();
    await act();
    test.chain.advanceEpoch();
    await listen(5);
    expect([seen.length, new Set(seen).size]).toEqual([5, 5]);
    const all = await test.client.listEvents({ limit: 50 });
    expect(all.events.map((event) => `${event.transactionDigest} ${event.eventIndex}`)).toEqual(seen);
  });

  it('sees every checkpoint once and in order, those of an epoch change and of no match too', async () => {
    const leave = new AbortController();
    const whole = test.client.subscriptionService.subscribeCheckpoints(
      { readMask: { paths: ['sequence_number'] } },
      { abort: leave.signal },
    );
    const literals = [
      { negated: false, predicate: { oneofKind: 'sender' as const, sender: { address: node.address } } },
    ];
    const mine = test.client.subscriptionService.subscribeCheckpoints(
      { filter: { terms: [{ literals }] } },
      { abort: leave.signal },
    );
    await Promise.all([whole.headers, mine.headers]);
    test.chain.advanceEpoch();
    await send(await build(give([1n])));
    await test.chain.faucetSui('0x98', 1n);
    const read = async (call: typeof whole) => {
      const frames: [bigint | undefined, boolean][] = [];
      for await (const { cursor, checkpoint } of call.responses) {
        frames.push([cursor, checkpoint !== undefined]);
        if (frames.length === 3) break;
      }
      return frames;
    };
    const [all, own] = [await read(whole), await read(mine)];
    const first = all[0]?.[0] ?? 0n;
    expect(all).toEqual([first, first + 1n, first + 2n].map((cursor) => [cursor, true]));
    expect(own).toEqual([
      [first, false],
      [first + 1n, true],
      [first + 2n, false],
    ]);
    leave.abort();
  });
});
