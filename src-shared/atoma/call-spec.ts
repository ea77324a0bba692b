/** What a callable function of the contract is, and the short ways to write one down (protocol.md 1.3, 2). */

/** Where a pure argument's bytes come from: its BCS shape. `string` is `ascii::String`, `id` an object id. */
export type PureKind =
  | 'bool'
  | 'u8'
  | 'u16'
  | 'u64'
  | 'id'
  | 'string'
  | 'vector<u8>'
  | 'vector<u64>'
  | 'option<u8>'
  | 'option<u16>'
  | 'option<string>';
/** Badges that stand for a right. */
export type BadgeKind = 'NodeBadge' | 'TaskBadge' | 'AtomaManagerBadge';
/** How an owned object is passed: by shared reference, by mutable reference, or consumed. */
export type Passing = 'ref' | 'mut' | 'value';

/** One parameter of a call. The database, where it is taken, is a parameter like any other; the runtime's TxContext is not one. */
export type Param =
  | { readonly name: string; readonly kind: 'shared'; readonly object: 'AtomaDb' | 'Faucet' }
  | { readonly name: string; readonly kind: 'random' }
  | { readonly name: string; readonly kind: 'badge'; readonly badge: BadgeKind; readonly passing: Passing }
  | { readonly name: string; readonly kind: 'coin' }
  | { readonly name: string; readonly kind: 'pure'; readonly pure: PureKind };

/** One callable function. `usesRandom`: nothing but TransferObjects and MergeCoins may follow it in a transaction (protocol.md 1.3). */
export interface CallSpec {
  readonly module: 'db' | 'settlement' | 'toma';
  readonly function: string;
  readonly visibility: 'public' | 'private';
  readonly params: readonly Param[];
  readonly usesRandom: boolean;
  /** Whether the signature ends with `&mut TxContext`, which the runtime supplies. */
  readonly takesContext: boolean;
}

/** True for a function of the coin's package, which is the faucet's alone. */
export const isOfCoinPackage = ({ module }: Pick<CallSpec, 'module'>): boolean => module === 'toma';

/** The shared database. */
export const db: Param = { name: 'self', kind: 'shared', object: 'AtomaDb' };
/** Sui's randomness. */
export const random: Param = { name: 'random', kind: 'random' };
/** A pure argument. */
export const pure = (name: string, kind: PureKind): Param => ({ name, kind: 'pure', pure: kind });
/** An owned badge. */
export const badge = (kind: BadgeKind, passing: Passing, name = 'node_badge'): Param => ({
  name,
  kind: 'badge',
  badge: kind,
  passing,
});
/** A coin of the network's kind, changed in place. */
export const wallet: Param = { name: 'wallet', kind: 'coin' };
/** The node's badge, only looked at. */
export const nodeRef = badge('NodeBadge', 'ref');
/** A task's number. */
export const taskId = pure('task_small_id', 'u64');
/** A stack's number. */
export const stackId = pure('stack_small_id', 'u64');
/** A committed proof. */
export const proof = pure('committed_stack_proof', 'vector<u8>');
/** A leaf of the ticket. */
export const leaf = pure('stack_merkle_leaf', 'vector<u8>');

/** A public entry function of `db`; the database comes first. */
export const entry = (name: string, params: readonly Param[], takesContext = true): CallSpec => ({
  module: 'db',
  function: name,
  visibility: 'public',
  params: [db, ...params],
  usesRandom: false,
  takesContext,
});
/** A private entry function that draws. */
export const randomEntry = (name: string, params: readonly Param[]): CallSpec => ({
  ...entry(name, [...params, random]),
  visibility: 'private',
  usesRandom: true,
});
/** A function of the package's administrator. */
export const admin = (name: string, params: readonly Param[], takesContext = false): CallSpec =>
  entry(name, [badge('AtomaManagerBadge', 'ref', 'badge'), ...params], takesContext);
