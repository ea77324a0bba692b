/** Whatever bytes and commands come in, the chain answers with a refusal or with effects, never with an error of its own, and money stays whole (issue 3, items 2 and 8). */
import { bcs } from '@mysten/sui/bcs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coinObjectType, dbType } from '../../../../src-shared/atoma/index.ts';
import { silentLogger } from '../../../log/logger.ts';
import { openSqlite } from '../../../platform/sqlite.ts';
import { coinBalance, coinTypeOf } from '../machine/chain-object.ts';
import type { ChainObject } from '../machine/chain-object.ts';
import { repeatableRandom } from '../test-chain.ts';
import { createChainCore } from './chain-core.ts';
import type { ChainCore } from './chain-core.ts';
import { ensureGenesis, publisherObjects } from './genesis.ts';
import { GrpcError } from './grpc-error.ts';
import { createLedger } from './ledger.ts';
import type { Ledger } from './ledger.ts';
import { refusalOf } from '../machine/admission.ts';
import { decodeTransaction } from '../machine/transaction-data.ts';

let ledger: Ledger;
let core: ChainCore;
let sender = '';
const sui = `0x${'0'.repeat(63)}2::sui::SUI`;

beforeAll(() => {
  ledger = createLedger(openSqlite(':memory:'));
  const deps = { now: () => 1_800_000_000_000, random: repeatableRandom('fuzz'), log: silentLogger };
  ensureGenesis(ledger, deps);
  core = createChainCore(ledger, deps);
  const badge = core.state.store.get(publisherObjects(core.chainId).badge);
  sender = badge?.owner.kind === 'address' ? badge.owner.address : '';
});
afterAll(() => ledger.close());

/** The sender's largest object of a type, by its contents' size or amount. */
const owned = (type: string): ChainObject => {
  const all = [...core.state.store.ownedBy('address', sender, { type })];
  const amount = (one: ChainObject): bigint => (coinTypeOf(one.type) === null ? 0n : coinBalance(one));
  const found = all.sort((a, b) => (amount(b) > amount(a) ? 1 : -1))[0];
  if (!found) throw new Error(`no ${type} is left`);
  return found;
};
const ref = ({ id, version, digest }: ChainObject) => ({ objectId: id, version: String(version), digest });

const argument = fc.oneof(
  fc.constant({ GasCoin: true as const }),
  fc.record({ Input: fc.integer({ min: 0, max: 6 }) }),
  fc.record({ Result: fc.integer({ min: 0, max: 4 }) }),
  fc.record({ NestedResult: fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 3 })) }),
);
const some = fc.array(argument, { maxLength: 4 });
const functions = [
  'create_task_entry',
  'withdraw_fees',
  'set_sampling_consensus_charge_permille',
  'acquire_new_stack_entry',
  'claim_funds',
  'register_node_entry',
  'zero',
  'destroy_zero',
  'faucet',
  'nothing',
];
const command = fc.oneof(
  fc.record({ SplitCoins: fc.record({ coin: argument, amounts: some }) }),
  fc.record({ MergeCoins: fc.record({ destination: argument, sources: some }) }),
  fc.record({ TransferObjects: fc.record({ objects: some, address: argument }) }),
  fc.record({ MakeMoveVec: fc.record({ type: fc.constantFrom(null, 'u64', sui), elements: some }) }),
  fc.record({
    MoveCall: fc.record({
      package: fc.constantFrom(0, 1, 2),
      module: fc.constantFrom('db', 'coin', 'toma', 'settlement'),
      function: fc.constantFrom(...functions),
      typeArguments: fc.array(fc.constantFrom(sui, 'u8', '0x7::a::B'), { maxLength: 2 }),
      arguments: fc.oneof(some, fc.constant([{ Input: 0 }, { Input: 4 }, { Input: 1 }])),
    }),
  }),
);

/** A transaction of the publisher over its real objects, with commands that make no sense. */
const bytesOf = (commands: readonly object[], amounts: readonly bigint[]): Uint8Array => {
  const { packageId, coinPackageId, atomaDbId } = core.state.deployment;
  const packages = [packageId, coinPackageId, `0x${'0'.repeat(63)}2`];
  const shared = (objectId: string, mutable: boolean) => ({
    Object: { SharedObject: { objectId, initialSharedVersion: '1', mutable } },
  });
  const pure = (value: Uint8Array) => ({ Pure: { bytes: Buffer.from(value).toString('base64') } });
  const inputs = [
    shared(atomaDbId, true),
    ...amounts.map((amount) => pure(bcs.u64().serialize(amount).toBytes())),
    { Object: { ImmOrOwnedObject: ref(owned(coinObjectType(core.state.deployment.coinType))) } },
    { Object: { ImmOrOwnedObject: ref(owned(dbType(packageId, 'AtomaManagerBadge'))) } },
    shared(`0x${'0'.repeat(63)}8`, false),
    pure(bcs.Address.serialize(sender).toBytes()),
  ];
  const named = commands.map((one) =>
    'MoveCall' in one
      ? { MoveCall: { ...(one.MoveCall as object), package: packages[(one.MoveCall as { package: number }).package] } }
      : one,
  );
  const gas = { payment: [ref(owned(coinObjectType(sui)))], owner: sender, price: '1000', budget: '1000000000' };
  const kind = { ProgrammableTransaction: { inputs, commands: named } };
  return bcs.TransactionData.serialize({
    V1: { sender, gasData: gas, kind, expiration: { None: true } },
  } as never).toBytes();
};

const sums = (): Record<string, bigint> => {
  const all: Record<string, bigint> = {};
  for (const one of core.state.store.all()) {
    const type = coinTypeOf(one.type);
    if (type !== null) all[type] = (all[type] ?? 0n) + coinBalance(one);
  }
  return all;
};

describe('commands that make no sense', () => {
  it('end in a refusal or in effects; no SUI comes from nowhere, and gas is all that leaves', () => {
    let succeeded = 0;
    let failed = 0;
    fc.assert(
      fc.property(
        fc.array(command, { minLength: 1, maxLength: 4 }),
        fc.tuple(fc.bigInt(0n, 2n ** 64n - 1n), fc.bigInt(0n, 9n)),
        (commands, amounts) => {
          const bytes = bytesOf(commands, amounts);
          const decoded = decodeTransaction(bytes);
          if (!decoded) throw new Error('the test wrote bytes that do not decode');
          const facts = { chainId: core.chainId, nowMs: 0, checkGas: true, checkOwners: true };
          if (refusalOf(core.state, decoded, facts) !== null) return;
          const before = sums();
          const world = core.state.world;
          const execution = core.submitUnsigned(bytes);
          const { computationCost, storageCost, storageRebate } = execution.gasUsed;
          expect((before[sui] ?? 0n) - (sums()[sui] ?? 0n)).toBe(computationCost + storageCost - storageRebate);
          if (execution.status.success) {
            succeeded += 1;
            return;
          }
          failed += 1;
          expect(core.state.world).toBe(world);
          const { [sui]: _gas, ...rest } = sums();
          const { [sui]: _old, ...old } = before;
          expect(rest).toEqual(old);
        },
      ),
      { numRuns: 400, seed: 7 },
    );
    expect(failed).toBeGreaterThan(100);
    expect(succeeded).toBeGreaterThan(0);
  });

  it('and bytes that are no transaction are refused as such', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        await expect(core.submit(bytes, [])).rejects.toBeInstanceOf(GrpcError);
      }),
      { numRuns: 200, seed: 7 },
    );
  });
});
