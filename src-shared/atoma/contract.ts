/** One table per contract generation: everything that differs between them in one place (protocol.md 0). */
import { G1_DB_ABORTS } from './g1-aborts.ts';
import { G1_CALLS } from './g1-calls.ts';
import { G1_CONSTANTS, G1_SECURITY_CODES } from './constants.ts';
import { G1_EVENTS } from './g1-events.ts';
import { G1_OBJECTS } from './g1-objects.ts';
import type { Generation } from './generation.ts';

/** Generation G1: TOMA, price per unit, two-epoch window. */
export const G1 = {
  generation: 'G1',
  constants: G1_CONSTANTS,
  securityCodes: G1_SECURITY_CODES,
  calls: G1_CALLS,
  objects: G1_OBJECTS,
  events: G1_EVENTS,
  dbAborts: G1_DB_ABORTS,
  coin: { symbol: 'TOMA', decimals: 9 },
} as const;

/** The table of a generation. */
export type Contract = typeof G1;

const CONTRACTS: Readonly<Partial<Record<Generation, Contract>>> = { G1 };

/** Looks a generation's table up; raises for one that has none yet. */
export const contractOf = (generation: Generation): Contract => {
  const contract = CONTRACTS[generation];
  if (!contract) throw new Error(`contract generation ${generation} has no table`);
  return contract;
};
