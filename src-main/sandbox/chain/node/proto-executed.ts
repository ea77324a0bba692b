/** An execution as the protobuf ExecutedTransaction: effects, events, balance changes (Sui rpc v2). */
import { GrpcTypes as T } from '@mysten/sui/grpc';
import type { PartialMessage } from '@protobuf-ts/runtime';
import { coinBalance, coinTypeOf } from '../machine/chain-object.ts';
import type { ChainObject } from '../machine/chain-object.ts';
import { effectsBcs, eventsBcs } from '../machine/effects.ts';
import type { Digested } from '../machine/effects.ts';
import type { Execution, ObjectChange } from '../machine/execution.ts';
import { statusToProto } from '../machine/failure.ts';
import type { ChainEvent } from '../machine/runtime.ts';
import type { Decoded } from '../machine/transaction-data.ts';
import { protoOwner, timestamp } from './proto-objects.ts';
import { transactionToProto } from './proto-transaction.ts';

const inputState = T.ChangedObject_InputObjectState;
const outputState = T.ChangedObject_OutputObjectState;
const idOperation = T.ChangedObject_IdOperation;

const changedObject = ({ id, before, after }: ObjectChange): PartialMessage<T.ChangedObject> => ({
  objectId: id,
  inputState: before ? inputState.EXISTS : inputState.DOES_NOT_EXIST,
  ...(before ? { inputVersion: before.version, inputDigest: before.digest, inputOwner: protoOwner(before.owner) } : {}),
  outputState: after ? outputState.OBJECT_WRITE : outputState.DOES_NOT_EXIST,
  ...(after ? { outputVersion: after.version, outputDigest: after.digest, outputOwner: protoOwner(after.owner) } : {}),
  idOperation: before ? (after ? idOperation.NONE : idOperation.DELETED) : idOperation.CREATED,
  objectType: (after ?? before)?.type ?? '',
});

/** Sum of what each address gained or lost, by coin type. */
const balanceChanges = (changes: readonly ObjectChange[]): T.BalanceChange[] => {
  const sums = new Map<string, { address: string; coinType: string; amount: bigint }>();
  const count = (object: ChainObject | null, sign: bigint): void => {
    const coinType = object && coinTypeOf(object.type);
    if (!object || coinType === null || object.owner.kind !== 'address') return;
    const key = `${object.owner.address} ${coinType}`;
    const sum = sums.get(key) ?? { address: object.owner.address, coinType, amount: 0n };
    sums.set(key, { ...sum, amount: sum.amount + sign * coinBalance(object) });
  };
  for (const { before, after } of changes) {
    count(before, -1n);
    count(after, 1n);
  }
  return [...sums.values()]
    .filter(({ amount }) => amount !== 0n)
    .map((sum) => ({ ...sum, amount: String(sum.amount) }));
};

const protoEffects = (execution: Execution, events: Digested | null): PartialMessage<T.TransactionEffects> => {
  const { bytes, digest } = effectsBcs(execution, events);
  const gas = execution.changes.find((change) => change.id === execution.gasCoinId);
  return {
    bcs: { name: 'TransactionEffects', value: bytes },
    digest,
    version: 2,
    status: statusToProto(execution.status),
    epoch: execution.epoch,
    gasUsed: execution.gasUsed,
    transactionDigest: execution.digest,
    ...(gas ? { gasObject: changedObject(gas) } : {}),
    ...(events ? { eventsDigest: events.digest } : {}),
    dependencies: [...execution.dependencies],
    lamportVersion: execution.lamportVersion,
    changedObjects: execution.changes.map(changedObject),
    unchangedConsensusObjects: execution.readOnlyShared.map((object) => ({
      kind: T.UnchangedConsensusObject_UnchangedConsensusObjectKind.READ_ONLY_ROOT,
      objectId: object.id,
      version: object.version,
      digest: object.digest,
      objectType: object.type,
    })),
  };
};

/** One event; place in the ledger is added where it is known. */
export const protoEvent = (event: ChainEvent): PartialMessage<T.Event> => ({
  packageId: event.packageId,
  module: event.module,
  sender: event.sender,
  eventType: event.type,
  contents: { name: event.type, value: event.contents },
});

/** Where an executed transaction is filed. */
export interface Filing {
  readonly checkpoint: bigint;
  readonly timestampMs: number;
}

/** The transaction with its outcome. `filing` is null in a simulation, `signatures` empty. */
export const protoExecuted = (
  tx: { readonly decoded: Decoded; readonly bytes: Uint8Array; readonly signatures: readonly string[] },
  execution: Execution,
  filing: Filing | null,
): T.ExecutedTransaction => {
  const events = eventsBcs(execution.events);
  return T.ExecutedTransaction.create({
    digest: execution.digest,
    transaction: transactionToProto(tx.decoded, tx.bytes, execution.digest),
    signatures: tx.signatures.map((signature) => ({
      bcs: { name: 'UserSignature', value: Uint8Array.from(Buffer.from(signature, 'base64')) },
    })),
    effects: protoEffects(execution, events),
    ...(events
      ? {
          events: {
            bcs: { name: 'TransactionEvents', value: events.bytes },
            digest: events.digest,
            events: execution.events.map(protoEvent),
          },
        }
      : {}),
    balanceChanges: balanceChanges(execution.changes),
    ...(filing ? { checkpoint: filing.checkpoint, timestamp: timestamp(filing.timestampMs) } : {}),
  });
};
