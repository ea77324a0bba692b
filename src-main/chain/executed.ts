/** An executed or simulated transaction as the SDK reports it, turned into plain values (architecture.md, main job step 9: final effects only). */
import type { SuiClientTypes } from '@mysten/sui/client';
import { normalizeStructTag, normalizeSuiAddress } from '@mysten/sui/utils';
import type { ExecutedTransaction } from '../core/ledger-entries.ts';
import { netGasMist } from './gas.ts';

/** What is asked for with every execution, lookup and simulation. */
export const included = { effects: true, events: true, balanceChanges: true } as const;
/** The SDK's report with these parts. */
export type Report = SuiClientTypes.Transaction<typeof included>;
type Result = { $kind: string; Transaction?: Report; FailedTransaction?: Report };

/** The report of a result, whether it succeeded or not. */
export function reportOf(result: Result): Report {
  const report = result.Transaction ?? result.FailedTransaction;
  if (report === undefined) throw new TypeError('the full node reported no transaction');
  return report;
}

/** Plain values of a report for the ledger; `nowMs` stands in while the transaction has no checkpoint. */
export function executedFrom(report: Report, wallet: string, packageId: string, nowMs: number): ExecutedTransaction {
  return {
    digest: report.digest,
    success: report.status.success,
    epoch: BigInt(report.epoch ?? 0),
    atMs: report.timestampMs ?? nowMs,
    gasMist: netGasMist(report.effects.gasUsed),
    balanceChanges: walletChanges(report, wallet),
    events: report.events.flatMap((event, index) => {
      const [from, module, name] = event.eventType.split('::');
      const ours = from !== undefined && normalizeSuiAddress(from) === normalizeSuiAddress(packageId) && module === 'db';
      return ours && name !== undefined ? [{ index, name, contents: event.bcs }] : [];
    }),
  };
}

/** Balance changes of one address, gas included. */
export const walletChanges = (report: Report, wallet: string): { coinType: string; amount: bigint }[] =>
  report.balanceChanges
    .filter((change) => normalizeSuiAddress(change.address) === normalizeSuiAddress(wallet))
    .map((change) => ({ coinType: normalizeStructTag(change.coinType), amount: BigInt(change.amount) }));
