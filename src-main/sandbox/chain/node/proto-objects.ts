/** Objects, owners and dynamic fields in protobuf form (Sui rpc v2). */
import { GrpcTypes as T } from '@mysten/sui/grpc';
import { parseStructTag, normalizeStructTag } from '@mysten/sui/utils';
import { coinBalance, coinTypeOf, isTransferable, objectBcs } from '../machine/chain-object.ts';
import type { ChainObject, ObjectOwner } from '../machine/chain-object.ts';
import type { ObjectStore } from '../machine/object-store.ts';
import { splitField } from '../machine/table-fields.ts';

/** Milliseconds as a protobuf timestamp. */
export const timestamp = (ms: number): { seconds: bigint; nanos: number } => ({
  seconds: BigInt(Math.floor(ms / 1000)),
  nanos: (ms % 1000) * 1_000_000,
});

/** An owner. */
export const protoOwner = (owner: ObjectOwner): T.Owner => {
  if (owner.kind === 'address') return { kind: T.Owner_OwnerKind.ADDRESS, address: owner.address };
  if (owner.kind === 'object') return { kind: T.Owner_OwnerKind.OBJECT, address: owner.id };
  return { kind: T.Owner_OwnerKind.SHARED, version: owner.initialVersion };
};

/** An object with everything but JSON and display, which this node does not render. */
export const protoObject = (object: ChainObject): T.Object =>
  T.Object.create({
    bcs: { name: 'Object', value: objectBcs(object) },
    objectId: object.id,
    version: object.version,
    digest: object.digest,
    owner: protoOwner(object.owner),
    objectType: object.type,
    hasPublicTransfer: isTransferable(object.type),
    contents: { name: object.type, value: object.contents },
    previousTransaction: object.previousTransaction,
    storageRebate: object.storageRebate,
    ...(coinTypeOf(object.type) === null ? {} : { balance: coinBalance(object) }),
  });

const typeText = (param: ReturnType<typeof parseStructTag>['typeParams'][number]): string =>
  typeof param === 'string' ? param : normalizeStructTag(param);

/** A dynamic field; for an entry of an ObjectTable name, type and value are those of the key and the child object. */
export const protoDynamicField = (store: ObjectStore, field: ChainObject): T.DynamicField => {
  const [nameParam, valueParam] = parseStructTag(field.type).typeParams;
  if (nameParam === undefined || valueParam === undefined) throw new Error(`${field.id} is not a dynamic field`);
  const { value } = splitField(field.contents);
  const name = field.contents.slice(32, field.contents.length - value.length);
  const wrapped =
    typeof nameParam === 'string' ? undefined : nameParam.name === 'Wrapper' ? nameParam.typeParams[0] : undefined;
  const child = wrapped === undefined ? null : store.get(`0x${Buffer.from(value).toString('hex')}`);
  const parent = field.owner.kind === 'object' ? field.owner.id : '';
  const common = { parent, fieldId: field.id, fieldObject: protoObject(field) };
  if (wrapped === undefined || !child) {
    const valueType = typeText(valueParam);
    return T.DynamicField.create({
      ...common,
      kind: T.DynamicField_DynamicFieldKind.FIELD,
      name: { name: typeText(nameParam), value: name },
      value: { name: valueType, value },
      valueType,
    });
  }
  return T.DynamicField.create({
    ...common,
    kind: T.DynamicField_DynamicFieldKind.OBJECT,
    name: { name: typeText(wrapped), value: name },
    value: { name: child.type, value: child.contents },
    valueType: child.type,
    childId: child.id,
    childObject: protoObject(child),
  });
};
