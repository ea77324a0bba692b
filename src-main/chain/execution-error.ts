/** Turns a failed execution into the operator's error, with the sentence of the contract's generation (protocol.md 2.6). */
import type { SuiClientTypes } from '@mysten/sui/client';
import { normalizeSuiAddress } from '@mysten/sui/utils';
import { ARITHMETIC_MEANING, UNKNOWN_ABORT, translateAbort, type AbortMeaning, type Generation } from '../../src-shared/atoma/index.ts';
import { AppError } from '../../src-shared/errors.ts';

/** What an abort means: table row, or null when the failure was no abort of Move code. */
export function abortMeaning(error: SuiClientTypes.ExecutionError, generation: Generation, packageId: string): AbortMeaning | null {
  const abort = error.$kind === 'MoveAbort' ? error.MoveAbort : null;
  if (abort === null) return null;
  const location = { packageId: abort.location?.package ?? '0x0', module: abort.location?.module ?? '', code: BigInt(abort.abortCode) };
  // An arithmetic error has a place and no code: the contract's own codes all start far above 0 (protocol.md 2.6).
  if (location.code === 0n && normalizeSuiAddress(location.packageId) === normalizeSuiAddress(packageId)) return ARITHMETIC_MEANING;
  return translateAbort(generation, packageId, location);
}

/** `chain.aborted` with the sentence, or `chain.rejected` for what is no abort. */
export function executionError(error: SuiClientTypes.ExecutionError, generation: Generation, packageId: string): AppError {
  const meaning = abortMeaning(error, generation, packageId);
  if (meaning === null) return new AppError('chain.rejected', { detail: error.message.slice(0, 200) });
  return new AppError('chain.aborted', { sentence: meaning === UNKNOWN_ABORT ? `${meaning.sentence} (${error.message.slice(0, 120)})` : meaning.sentence, abort: meaning.name, retry: meaning.retry });
}
