/** One sample of every call, as JSON in and decoded value out: the table of the parity test; a new call without a row does not compile (architecture.md, "The bridge"). */
import type { CallName, Calls, Handlers } from '../../src-shared/bridge/index.ts';
import { attestationCases } from './call-cases/attestation-cases.ts';
import { consoleCases } from './call-cases/console-cases.ts';
import { jobCases } from './call-cases/job-cases.ts';
import { machineCases } from './call-cases/machine-cases.ts';
import { moneyCases } from './call-cases/money-cases.ts';
import { nodeCases } from './call-cases/node-cases.ts';
import { settingsCases } from './call-cases/settings-cases.ts';
import { walletCases } from './call-cases/wallet-cases.ts';
import type { CasesOf } from './call-cases/samples.ts';

/** Input as it crosses the bridge, output as a handler returns it. */
export type CallCases = CasesOf<Calls>;

/** The table, put together from the areas. */
export const callCases: CallCases = { ...nodeCases, ...moneyCases, ...jobCases, ...walletCases, ...settingsCases, ...attestationCases, ...machineCases, ...consoleCases };

/** Names of the table, in its order. */
export const caseNames = Object.keys(callCases) as CallName[];

/** Handlers that answer with the table and note what they were given; a node in miniature for the tests of both hosts. */
export function stubHandlers(seen: (name: CallName, input: unknown) => void = () => undefined): Handlers {
  const entries = caseNames.map((name) => [
    name,
    async (input: unknown) => {
      seen(name, input);
      return callCases[name].output;
    },
  ]);
  return Object.fromEntries(entries) as Handlers;
}
