/** How a verb ends, as the shell sees it: one number for each kind of error (architecture.md, "Errors"; README, "Command line"). */
import { kindOf, type ErrorCode, type ErrorKind } from '../../src-shared/errors.ts';

/** Exit codes; part of what scripts may rely on. */
export const exitCodes = {
  done: 0,
  bug: 1,
  /** The command line cannot be used, or a grave verb waits for --yes. */
  usage: 2,
  /** Input, policy or chain said no; the same again will be refused again. */
  refused: 3,
  /** Try again later. */
  transient: 4,
  /** Sent, and nobody knows yet how it ended; the console looks it up. */
  inDoubt: 5,
  /** The node cannot work like this: key missing, database damaged. */
  fatal: 6,
  /** doctor found something that keeps the node from working. */
  unwell: 7,
} as const;

const byKind: Readonly<Record<ErrorKind, number>> = { bug: exitCodes.bug, refused: exitCodes.refused, transient: exitCodes.transient, in_doubt: exitCodes.inDoubt, fatal: exitCodes.fatal };
const usage: readonly ErrorCode[] = ['host.bad_flag', 'bridge.bad_input'];

/** Exit code of an error. */
export const exitCodeOf = (code: ErrorCode): number => (usage.includes(code) ? exitCodes.usage : byKind[kindOf(code)]);
