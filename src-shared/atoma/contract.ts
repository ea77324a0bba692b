/** One table per contract generation: everything that differs between them in one place (protocol.md 0). */
import type { CallSpec } from './call-spec.ts';
import { G1_CONSTANTS, G1_SECURITY_CODES, G2_CONSTANTS, G2_SECURITY_CODES } from './constants.ts';
import type { AtomaConstants, SecurityLevel } from './constants.ts';
import { G1_EVENT_LAYOUTS, G2_EVENT_LAYOUTS } from './events.ts';
import type { EventLayouts } from './events.ts';
import { G1_DB_ABORTS } from './g1-aborts.ts';
import type { AbortMeaning } from './g1-aborts.ts';
import { G1_CALLS } from './g1-calls.ts';
import type { G1CallName } from './g1-calls.ts';
import { G2_DB_ABORTS } from './g2-aborts.ts';
import { G2_CALLS } from './g2-calls.ts';
import type { G2CallName } from './g2-calls.ts';
import type { Generation } from './generation.ts';
import { LEGACY_CALLS } from './legacy-calls.ts';
import { G1_MONEY, G2_MONEY } from './stack-money.ts';
import type { StackMoney } from './stack-money.ts';
import { G1_LAYOUTS, G2_LAYOUTS } from './objects.ts';
import type { ObjectLayouts } from './objects.ts';

/** Name of a function of either generation. */
export type CallName = G1CallName | G2CallName;

/** The table of a generation. */
export interface Contract {
  readonly generation: Generation;
  readonly constants: AtomaConstants;
  readonly securityCodes: Readonly<Record<SecurityLevel, number>>;
  /** Callable functions; one that only the other generation has is absent. */
  readonly calls: Readonly<Record<Extract<G1CallName, G2CallName>, CallSpec>> &
    Readonly<Partial<Record<CallName, CallSpec>>>;
  /** The dormant prompt interface, for reading. */
  readonly legacyCalls: Readonly<Record<string, CallSpec>>;
  readonly objects: ObjectLayouts;
  readonly events: EventLayouts;
  /** Module `db` by offset from DB_ABORT_BASE. */
  readonly dbAborts: Readonly<Record<number, AbortMeaning>>;
  readonly coin: { readonly symbol: string; readonly decimals: number };
  readonly money: StackMoney;
  /** How a subscription rests without harm: on G1 unsubscribing makes a task unbuyable, so the price goes out of reach (protocol.md 5.6). */
  readonly resting: 'park' | 'unsubscribe';
  /** Registration takes a coin and locks collateral from it. */
  readonly takesCollateral: boolean;
  /** Disputes: any ticket, repeatedly (G1), or an undisputed ticket of sampling consensus only (G2) (protocol.md 5.8). */
  readonly restrictsDisputes: boolean;
  /** Who may create tasks. */
  readonly tasksCreatedBy: 'anyone' | 'manager';
}

/** Generation G1: TOMA, price per unit, two-epoch window. */
export const G1: Contract = {
  generation: 'G1',
  constants: G1_CONSTANTS,
  securityCodes: G1_SECURITY_CODES,
  calls: G1_CALLS,
  legacyCalls: LEGACY_CALLS,
  objects: G1_LAYOUTS,
  events: G1_EVENT_LAYOUTS,
  dbAborts: G1_DB_ABORTS,
  coin: { symbol: 'TOMA', decimals: 9 },
  money: G1_MONEY,
  resting: 'park',
  takesCollateral: true,
  restrictsDisputes: false,
  tasksCreatedBy: 'anyone',
};

/** Generation G2: USDC, price per million units, one-epoch window, direct claims of confidential stacks. */
export const G2: Contract = {
  generation: 'G2',
  constants: G2_CONSTANTS,
  securityCodes: G2_SECURITY_CODES,
  calls: G2_CALLS,
  legacyCalls: LEGACY_CALLS,
  objects: G2_LAYOUTS,
  events: G2_EVENT_LAYOUTS,
  dbAborts: G2_DB_ABORTS,
  coin: { symbol: 'USDC', decimals: 6 },
  money: G2_MONEY,
  resting: 'unsubscribe',
  takesCollateral: false,
  restrictsDisputes: true,
  tasksCreatedBy: 'manager',
};

const CONTRACTS: Readonly<Record<Generation, Contract>> = { G1, G2 };

/** Looks a generation's table up. */
export const contractOf = (generation: Generation): Contract => CONTRACTS[generation];
