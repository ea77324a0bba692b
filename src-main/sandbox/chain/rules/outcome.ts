/** What a rule gives back: a new world with events and money, or an abort with its module and code (protocol.md 2.6). */
import { DB_ABORT_BASE, U64ArithmeticError } from '../../../../src-shared/atoma/index.ts';
import type { EventFields, EventName, LegacyEventFields, LegacyEventName } from '../../../../src-shared/atoma/index.ts';
import type { World } from './world.ts';

/** Modules in which a call of the contract can abort. */
export type AbortModule =
  | 'atoma::db'
  | 'atoma::gate'
  | 'atoma::settlement'
  | 'sui::balance'
  | 'sui::dynamic_field'
  | 'sui::table_vec'
  | 'sui::vec_set'
  | 'std::option';

/** Why a call failed: a Move abort, an error of the machine (overflow, division by zero, an empty vector), or more work than gas can pay. */
export type Abort =
  | { readonly kind: 'move'; readonly module: AbortModule; readonly code: bigint }
  | { readonly kind: 'arithmetic' }
  | { readonly kind: 'gas' };

/** Fields that name objects of the platform; a rule leaves them to its caller. */
type PlatformIds = 'badgeId' | 'taskId' | 'stackId' | 'db' | 'managerBadge';

/** An event without the ids of platform objects; its fields are named alike in both generations. */
export type RuleEvent = {
  [K in EventName]: { readonly name: K; readonly fields: Omit<EventFields[K], PlatformIds> };
}[EventName];

/** An event of the dormant prompt flow; its tickets are known by their object ids, which the rules are given. */
export type PromptEvent = {
  [K in LegacyEventName]: { readonly name: K; readonly fields: LegacyEventFields[K] };
}[LegacyEventName];

/** Money sent to somebody by the call. */
export interface Payout {
  readonly to: string;
  readonly amount: bigint;
}

/** A badge that the call hands to its sender. */
export interface Grant {
  readonly badge: 'NodeBadge' | 'TaskBadge' | 'StackBadge';
  readonly smallId: bigint;
}

/** Result of a call that did not abort. `charge` is taken from the coin that was given with the call. */
export interface Effect {
  readonly world: World;
  readonly events: readonly RuleEvent[];
  readonly promptEvents: readonly PromptEvent[];
  readonly charge: bigint;
  readonly payouts: readonly Payout[];
  readonly grant: Grant | null;
}

/** Either the effect or the abort; an abort changes nothing. */
export type Outcome = { readonly ok: true; readonly effect: Effect } | { readonly ok: false; readonly abort: Abort };

/** The draws of the shared randomness (protocol.md 5.5). */
export interface Draws {
  /** Index into `candidates`, each equally likely. */
  pick(candidates: readonly bigint[]): number;
  /** A number from 1 to 1000. */
  permille(): bigint;
  /** Any 64-bit number: the nonce of G2's key rotation. */
  nonce(): bigint;
}

/** Who calls, when, and with whose luck. */
export interface RuleContext {
  readonly sender: string;
  readonly epoch: bigint;
  /** When the epoch began, in milliseconds since 1970: all that a call can know of the time. */
  readonly epochStartMs: bigint;
  readonly draws: Draws;
}

/** Carries an abort out of a rule's depths; `attempt` turns it into an outcome. */
class RuleAbort extends Error {
  readonly abort: Abort;
  constructor(abort: Abort) {
    super('rule aborted');
    this.abort = abort;
  }
}

/** Aborts in a module with a code. */
export const abortWith = (module: AbortModule, code: bigint): never => {
  throw new RuleAbort({ kind: 'move', module, code });
};

/** Aborts in module `db` with base + offset. */
export const dbAbort = (offset: number): never => abortWith('atoma::db', DB_ABORT_BASE + BigInt(offset));
/** Aborts in module `db` unless the condition holds. */
export const ensure = (condition: boolean, offset: number): void => {
  if (!condition) dbAbort(offset);
};
/** The entry of a table; a missing one aborts in `dynamic_field` with 1. */
export const entryOf = <K, V>(table: ReadonlyMap<K, V>, key: K): V =>
  table.get(key) ?? abortWith('sui::dynamic_field', 1n);
/** Takes an amount out of a balance; too little aborts in `balance` with 2. */
export const take = (balance: bigint, amount: bigint): bigint =>
  balance >= amount ? balance - amount : abortWith('sui::balance', 2n);
/** A call whose outcome is not known well enough to be given; it is refused as a whole, never guessed (docs/sandbox.md). */
export class NotExecuted extends Error {
  override readonly name = 'NotExecuted';
}

/** More work than any gas budget pays for. */
export const outOfGas = (): never => {
  throw new RuleAbort({ kind: 'gas' });
};
/** The machine's own error, which it gives for an empty vector as for arithmetic. */
export const machineError = (): never => {
  throw new RuleAbort({ kind: 'arithmetic' });
};
/** An index past the end of a TableVec. */
export const outOfBound = (): never => abortWith('sui::table_vec', 0n);
/** The value at an index that was checked before. */
export const valueAt = <V>(list: readonly V[], index: bigint): V => list[Number(index)] ?? machineError();
/** The value of an option that must be set. */
export const valueOf = <V>(value: V | null): V => value ?? abortWith('std::option', 262_145n);

/** An effect with the parts that most calls leave empty. */
export const effect = (world: World, parts: Partial<Omit<Effect, 'world'>> = {}): Effect => ({
  world,
  events: [],
  promptEvents: [],
  charge: 0n,
  payouts: [],
  grant: null,
  ...parts,
});

/** Runs a rule; an abort or arithmetic error becomes the outcome, anything else is a bug and passes through. */
export const attempt = (rule: () => Effect): Outcome => {
  try {
    return { ok: true, effect: rule() };
  } catch (error) {
    if (error instanceof RuleAbort) return { ok: false, abort: error.abort };
    if (error instanceof U64ArithmeticError) return { ok: false, abort: { kind: 'arithmetic' } };
    throw error;
  }
};
