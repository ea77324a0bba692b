/** TransactionEffects version 2 and the transaction's events as BCS with their digests (Sui effects). */
import { bcs } from '@mysten/sui/bcs';
import { ownerToBcs } from './chain-object.ts';
import type { Execution, ObjectChange } from './execution.ts';
import { statusToBcs } from './failure.ts';
import { digestOf } from './hashing.ts';
import type { ChainEvent } from './runtime.ts';

/** Bytes and digest of a value. */
export interface Digested {
  readonly bytes: Uint8Array;
  readonly digest: string;
}

const eventLayout = bcs.struct('Event', {
  packageId: bcs.Address,
  module: bcs.string(),
  sender: bcs.Address,
  type: bcs.StructTag,
  contents: bcs.byteVector(),
});
const eventsLayout = bcs.struct('TransactionEvents', { data: bcs.vector(eventLayout) });

/** The events of one transaction; null when there are none. */
export const eventsBcs = (events: readonly ChainEvent[]): Digested | null => {
  if (events.length === 0) return null;
  const data = events.map((event) => ({
    ...event,
    // A struct's type tag is the tag's variant byte followed by the struct.
    type: bcs.StructTag.parse(bcs.TypeTag.serialize(event.type).toBytes().slice(1)),
  }));
  const bytes = eventsLayout.serialize({ data }).toBytes();
  return { bytes, digest: digestOf('TransactionEvents', bytes) };
};

const changeToBcs = ({ id, before, after }: ObjectChange) =>
  [
    id,
    {
      inputState: before ? { Exist: [[before.version, before.digest], ownerToBcs(before.owner)] } : { NotExist: true },
      outputState: after ? { ObjectWrite: [after.digest, ownerToBcs(after.owner)] } : { NotExist: true },
      idOperation: before ? (after ? { None: true } : { Deleted: true }) : { Created: true },
    },
  ] as const;

/** The effects of an execution. */
export const effectsBcs = (execution: Execution): Digested => {
  const gasIndex = execution.changes.findIndex((change) => change.id === execution.gasCoinId);
  const V2 = {
    status: statusToBcs(execution.status),
    executedEpoch: execution.epoch,
    gasUsed: execution.gasUsed,
    transactionDigest: execution.digest,
    gasObjectIndex: gasIndex < 0 ? null : gasIndex,
    eventsDigest: eventsBcs(execution.events)?.digest ?? null,
    dependencies: execution.dependencies,
    lamportVersion: execution.lamportVersion,
    changedObjects: execution.changes.map(changeToBcs),
    unchangedConsensusObjects: execution.readOnlyShared.map((object) => [
      object.id,
      { ReadOnlyRoot: [object.version, object.digest] },
    ]),
    auxDataDigest: null,
  };
  const bytes = bcs.TransactionEffects.serialize({ V2 } as unknown as Parameters<
    typeof bcs.TransactionEffects.serialize
  >[0]).toBytes();
  return { bytes, digest: digestOf('TransactionEffects', bytes) };
};
