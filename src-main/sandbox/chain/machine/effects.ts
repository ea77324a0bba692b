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

const tags = new Map<string, ReturnType<typeof bcs.StructTag.parse>>();
const MAX_TAGS = 1_000;

/** A type in the SDK's form. A struct's type tag is the tag's variant byte followed by the struct. */
const structTag = (type: string): ReturnType<typeof bcs.StructTag.parse> => {
  const tag = tags.get(type) ?? bcs.StructTag.parse(bcs.TypeTag.serialize(type).toBytes().slice(1));
  if (tags.size >= MAX_TAGS) tags.clear();
  tags.set(type, tag);
  return tag;
};

/** The events of one transaction; null when there are none. */
export const eventsBcs = (events: readonly ChainEvent[]): Digested | null => {
  if (events.length === 0) return null;
  const data = events.map((event) => ({ ...event, type: structTag(event.type) }));
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

/** The effects of an execution, with the events' digest in them. */
export const effectsBcs = (execution: Execution, events: Digested | null): Digested => {
  const gasIndex = execution.changes.findIndex((change) => change.id === execution.gasCoinId);
  const V2 = {
    status: statusToBcs(execution.status),
    executedEpoch: execution.epoch,
    gasUsed: execution.gasUsed,
    transactionDigest: execution.digest,
    gasObjectIndex: gasIndex < 0 ? null : gasIndex,
    eventsDigest: events?.digest ?? null,
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
