/** Finds the meaning of an abort by package, module and code, never by code alone (protocol.md 2.6). */
import { normalizeSuiAddress } from '@mysten/sui/utils';
import { ARITHMETIC_MEANING, DB_ABORT_BASE, FRAMEWORK_ABORTS, G1_DB_ABORTS, UNKNOWN_ABORT } from './g1-aborts.ts';
import type { AbortMeaning } from './g1-aborts.ts';
import { G2_DB_ABORTS } from './g2-aborts.ts';
import type { Generation } from './generation.ts';
import { LEGACY_ABORTS } from './legacy-aborts.ts';

/** Where and with what a Move call aborted, as the execution status reports it. */
export interface AbortLocation {
  readonly packageId: string;
  readonly module: string;
  readonly code: bigint;
}

/** Codes from 38 on mean different things in the two generations, so each has its own table. */
const dbAborts = { G1: G1_DB_ABORTS, G2: G2_DB_ABORTS } as const;

const frameworkKey = (packageId: string, module: string): string =>
  `0x${normalizeSuiAddress(packageId).slice(2).replace(/^0+/, '')}::${module}`;

/** Meaning of an abort of the contract at `contractPackageId` or of the framework; UNKNOWN_ABORT when no table has it. */
export const translateAbort = (
  generation: Generation,
  contractPackageId: string,
  abort: AbortLocation,
): AbortMeaning => {
  const samePackage = normalizeSuiAddress(abort.packageId) === normalizeSuiAddress(contractPackageId);
  if (samePackage && abort.module === 'db') {
    // Overflow and division by zero arrive over gRPC as an "abort" that has a place but no code; `db` has no code 0 of its own.
    if (abort.code === 0n) return ARITHMETIC_MEANING;
    return dbAborts[generation][Number(abort.code - DB_ABORT_BASE)] ?? UNKNOWN_ABORT;
  }
  const dormant = samePackage ? LEGACY_ABORTS[abort.module] : undefined;
  if (dormant) return dormant.offsets[Number(abort.code - dormant.base)] ?? UNKNOWN_ABORT;
  const table = FRAMEWORK_ABORTS[frameworkKey(abort.packageId, abort.module)];
  return table?.[String(abort.code)] ?? UNKNOWN_ABORT;
};
