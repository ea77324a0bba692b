/** Dynamic fields and dynamic object fields as object drafts, ids derived as the SDK derives them (protocol.md 4.1, platform layouts). */
import { bcs } from '@mysten/sui/bcs';
import { deriveDynamicFieldID } from '@mysten/sui/utils';
import { address, fieldType, objectFieldKeyType, u64Layout } from '../../../../src-shared/atoma/index.ts';
import type { ObjectDraft } from './chain-object.ts';

/** A table's key: a u64, a struct around one, a text, or an object's id. */
export type Key = bigint | string | { readonly id: string };

const keyBytes = (key: Key): Uint8Array => {
  if (typeof key === 'bigint') return u64Layout.serialize(key).toBytes();
  return (typeof key === 'string' ? bcs.string().serialize(key) : address.serialize(key.id)).toBytes();
};

/** Id of the field of `parent` under `key`. */
export const fieldId = (parent: string, keyType: string, key: Key): string =>
  deriveDynamicFieldID(parent, keyType, keyBytes(key));

/** Id of the field that links an ObjectTable's entry. */
export const objectFieldId = (parent: string, keyType: string, key: Key): string =>
  fieldId(parent, objectFieldKeyType(keyType), key);

/** One table to write into: the parent's UID and the types of key and value. */
export interface TableShape {
  readonly parent: string;
  readonly keyType: string;
  readonly valueType: string;
}

/** `Field<Name, Value>` holding a value. */
export const fieldDraft = (shape: TableShape, key: Key, value: Uint8Array): ObjectDraft => {
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
  key: Key,
  childId: string,
  child: Uint8Array,
): readonly ObjectDraft[] => {
  const link = { parent: shape.parent, keyType: objectFieldKeyType(shape.keyType), valueType: '0x2::object::ID' };
  const field = fieldDraft(link, key, address.serialize(childId).toBytes());
  return [field, { id: childId, type: shape.valueType, owner: { kind: 'object', id: field.id }, contents: child }];
};

const UID_BYTES = 32;
const U64_BYTES = 8;

/** Key and value bytes of a field whose key is a number. */
export const splitField = (contents: Uint8Array): { readonly key: bigint; readonly value: Uint8Array } => ({
  key: BigInt(bcs.u64().parse(contents.slice(UID_BYTES, UID_BYTES + U64_BYTES))),
  value: contents.slice(UID_BYTES + U64_BYTES),
});

/** Key and value bytes of a field whose key is a text. */
export const splitTextField = (contents: Uint8Array): { readonly key: string; readonly value: Uint8Array } => {
  const key = bcs.string().parse(contents.slice(UID_BYTES));
  return { key, value: contents.slice(UID_BYTES + keyBytes(key).length) };
};
