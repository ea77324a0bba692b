/** What tells the two contract generations apart, as data beside the rules they share (protocol.md 0, 2.6, 5.1, 5.4 to 5.6, 5.8). */
import {
  G1_CONSTANTS,
  G1_SECURITY_CODES,
  G2_CONSTANTS,
  G2_SECURITY_CODES,
  STACK_MONEY,
} from '../../../../src-shared/atoma/index.ts';
import type { AtomaConstants, Generation, SecurityLevel } from '../../../../src-shared/atoma/index.ts';

/** Checks that both generations make and number differently (offsets of protocol.md 2.6). */
export type MovedCheck = 'reputation' | 'units' | 'funds' | 'proof' | 'leaf' | 'minimumReputation';

/** Terms of one generation. */
export interface Terms {
  readonly constants: AtomaConstants;
  readonly securityCodes: Readonly<Record<SecurityLevel, number>>;
  readonly money: (typeof STACK_MONEY)[Generation];
  readonly offsets: Readonly<Record<MovedCheck, number>>;
  /** Registration locks the collateral, and a node without any is never drawn. */
  readonly needsCollateral: boolean;
  /** A purchase takes stale numbers out of the task's list; otherwise it trips over them (5.6). */
  readonly cleansNodeList: boolean;
  /** A dispute needs sampling consensus and a ticket that is not disputed yet (5.8). */
  readonly restrictsDisputes: boolean;
}

const TERMS: Readonly<Record<Generation, Terms>> = {
  G1: {
    constants: G1_CONSTANTS,
    securityCodes: G1_SECURITY_CODES,
    money: STACK_MONEY.G1,
    offsets: { reputation: 39, units: 40, funds: 41, proof: 42, leaf: 43, minimumReputation: 44 },
    needsCollateral: true,
    cleansNodeList: false,
    restrictsDisputes: false,
  },
  G2: {
    constants: G2_CONSTANTS,
    securityCodes: G2_SECURITY_CODES,
    money: STACK_MONEY.G2,
    offsets: { reputation: 38, units: 39, funds: 40, proof: 41, leaf: 42, minimumReputation: 43 },
    needsCollateral: false,
    cleansNodeList: true,
    restrictsDisputes: true,
  },
};

/** The terms of a generation. */
export const termsOf = (generation: Generation): Terms => TERMS[generation];
