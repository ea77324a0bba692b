/** Full Move type strings (64-digit addresses) of the contract's structs, coins and dynamic fields (protocol.md 3, 4). */
import { normalizeStructTag, normalizeSuiAddress } from '@mysten/sui/utils';

/** Structs of module `db` whose type strings are needed: badges, keys of tables, values of tables. */
export type DbStruct =
  | 'AtomaDb'
  | 'AtomaManagerBadge'
  | 'NodeBadge'
  | 'TaskBadge'
  | 'StackBadge'
  | 'NodeSmallId'
  | 'TaskSmallId'
  | 'StackSmallId'
  | 'NodeEntry'
  | 'NodePriceData'
  | 'Task'
  | 'Stack'
  | 'StackSettlementTicket';

/** `<package>::db::<struct>`; `packageId` is the package in which the struct was first defined (protocol.md 4.2). */
export const dbType = (packageId: string, name: DbStruct): string => `${normalizeSuiAddress(packageId)}::db::${name}`;

/** Type of a node's badge, the operator's proof of owning a node. */
export const nodeBadgeType = (packageId: string): string => dbType(packageId, 'NodeBadge');
/** Type of a task's badge. */
export const taskBadgeType = (packageId: string): string => dbType(packageId, 'TaskBadge');
/** Type of a stack's badge, sent to its buyer. */
export const stackBadgeType = (packageId: string): string => dbType(packageId, 'StackBadge');
/** Type of the shared database object. */
export const atomaDbType = (packageId: string): string => dbType(packageId, 'AtomaDb');
/** Key type of the nodes table and of a task's price table. */
export const nodeSmallIdType = (packageId: string): string => dbType(packageId, 'NodeSmallId');
/** Key type of the tasks table and of the subscription fields on a NodeBadge. */
export const taskSmallIdType = (packageId: string): string => dbType(packageId, 'TaskSmallId');
/** Key type of the stacks table and of the settlement tickets. */
export const stackSmallIdType = (packageId: string): string => dbType(packageId, 'StackSmallId');
/** Type of an event of module `db`. */
export const eventType = (packageId: string, name: string): string => `${normalizeSuiAddress(packageId)}::db::${name}`;
/** The protocol coin TOMA of a coin package. */
export const tomaType = (coinPackageId: string): string => `${normalizeSuiAddress(coinPackageId)}::toma::TOMA`;
/** The shared faucet of a TOMA package. */
export const faucetType = (coinPackageId: string): string => `${normalizeSuiAddress(coinPackageId)}::toma::Faucet`;
/** `Coin<T>` of a coin type. */
export const coinObjectType = (coinType: string): string => normalizeStructTag(`0x2::coin::Coin<${coinType}>`);
/** `Field<Name, Value>`, the object behind a dynamic field. */
export const fieldType = (nameType: string, valueType: string): string =>
  normalizeStructTag(`0x2::dynamic_field::Field<${nameType},${valueType}>`);
/** Key type under which an entry of an ObjectTable is filed. */
export const objectFieldKeyType = (nameType: string): string =>
  normalizeStructTag(`0x2::dynamic_object_field::Wrapper<${nameType}>`);
