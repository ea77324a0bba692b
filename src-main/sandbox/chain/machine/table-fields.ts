/** Dynamic fields and dynamic object fields as object drafts, ids derived as the SDK derives them (protocol.md 4.1, platform layouts). */
import { bcs } from '@mysten/sui/bcs';
import { deriveDynamicFieldID } from '@mysten/sui/utils';
import { address, fieldType, objectFieldKeyType, u64Layout } from '../../../../src-shared/atoma/index.ts';
import type { ObjectDraft } from './chain-object.ts';

/** Every table key of this contract is a u64 or a struct around one. */
export const KEY_BYTES = 8;

const keyBytes = (key: bigint): Uint8Array => u64Layout.serialize(key).toBytes();

/** Id of the field of `parent` under `key`. */
export const fieldId = (parent: string, keyType: string, key: bigint): string =>
  deriveDynamicFieldID(parent, keyType, keyBytes(key));

/** Id of the field that links an ObjectTable's entry. */
export const objectFieldId = (parent: string, keyType: string, key: bigint): string =>
  fieldId(parent, objectFieldKeyType(keyType), key);

/** One table to write into: the parent's UID and the types of key and value. */
export interface TableShape {
  readonly parent: string;
  readonly keyType: string;
  readonly valueType: string;
}

/** `Field<Name, Value>` holding a value. */
export const fieldDraft = (shape: TableShape, key: bigint, value: Uint8Array): ObjectDraft => {
  const id = fieldId(shape.parent, shape.keyType, key);
  return {
    id,
    type: fieldType(shape.keyType, shape.valueType),
    owner: { kind: 'object', id: shape.parent },
    contents: Uint8Array.from([...address.serialize(id).toBytes(), ...keyBytes(key), ...value]),
  };
};

/** The linking field of an ObjectTable's entry and the child object itself. */
export const objectFieldDrafts = (
  shape: TableShape,
  key: bigint,
  childId: string,
  child: Uint8Array,
): readonly ObjectDraft[] => {
  const link = { parent: shape.parent, keyType: objectFieldKeyType(shape.keyType), valueType: '0x2::object::ID' };
  const field = fieldDraft(link, key, address.serialize(childId).toBytes());
  return [field, { id: childId, type: shape.valueType, owner: { kind: 'object', id: field.id }, contents: child }];
};

/** Key and value bytes of a field object. */
export const splitField = (contents: Uint8Array): { readonly key: bigint; readonly value: Uint8Array } => ({
  key: BigInt(bcs.u64().parse(contents.slice(32, 32 + KEY_BYTES))),
  value: contents.slice(32 + KEY_BYTES),
});
