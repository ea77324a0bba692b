/** The one way a verb signs: propose, show what was simulated, stop where --dry-run or a missing --yes says so, confirm, wait (product.md: nothing irreversible without a preview). */
import { z } from 'zod';
import { outcomeSchema, previewSchema, type Intent, type Outcome, type Preview } from '../../src-shared/bridge/intents.ts';
import { suiCoin } from '../../src-shared/domain/amounts.ts';
import { AppError, isErrorCode } from '../../src-shared/errors.ts';
import { amountText, exactText } from './amount-text.ts';
import { exitCodes } from './exit-codes.ts';
import type { Report, VerbContext } from './verb.ts';

type Flags = { dryRun: boolean; yes: boolean };

/** What a verb that signs prints with --json. */
export const signedReportSchema = z.object({
  /** True when the transaction was executed. */
  done: z.boolean(),
  dryRun: z.boolean(),
  /** What to add so that it is done; null when nothing is missing. */
  add: z.literal('--yes').nullable(),
  preview: previewSchema.extend({
    changes: z.array(previewSchema.shape.changes.element.extend({ formatted: z.string() })),
    gasFormatted: z.string().nullable(),
  }),
  outcome: outcomeSchema.nullable(),
});
type SignedReport = z.output<typeof signedReportSchema>;

/**
 * Signs an intent, or shows what it would do. `unconfirmed` is the console's own call for what its policies do anyway (settle, claim):
 * a running console does that without the passphrase.
 * @throws AppError of the refusal or of the failed transaction
 */
export async function signIntent(context: VerbContext, intent: Intent, flags: Flags, unconfirmed?: () => Promise<Outcome>): Promise<Report> {
  const { call, door } = context;
  const { proposalId, preview } = await call('wallet.propose', { intent });
  const report = (part: Partial<SignedReport>): SignedReport => ({ done: false, dryRun: flags.dryRun, add: null, preview: shown(preview), outcome: null, ...part });

  if (flags.dryRun) {
    await door.decline(proposalId);
    const exitCode = preview.possible ? exitCodes.done : exitCodes.refused;
    return { json: encode(report({})), lines: [...previewLines(preview), 'Nothing was signed.'], exitCode };
  }
  if (!preview.possible) {
    await door.decline(proposalId);
    throw refusalOf(preview);
  }
  if (preview.irreversible && !flags.yes) {
    await door.decline(proposalId);
    return { json: encode(report({ add: '--yes' })), lines: [...previewLines(preview), 'Nothing was signed. This cannot be undone: add --yes to do it.'], exitCode: exitCodes.usage };
  }
  const outcome = await confirm(context, proposalId, unconfirmed);
  if (outcome.status !== 'success') throw failureOf(outcome);
  return { json: encode(report({ done: true, outcome })), lines: [...previewLines(preview), `Done: ${outcome.digest}`] };
}

async function confirm({ call, door, passphrase }: VerbContext, proposalId: string, unconfirmed: (() => Promise<Outcome>) | undefined): Promise<Outcome> {
  if (unconfirmed !== undefined && door.running) {
    await door.decline(proposalId);
    return unconfirmed();
  }
  await door.approve(proposalId, door.confirmedBy === 'passphrase' ? await passphrase() : null);
  return call('wallet.outcome', { proposalId });
}

const encode = (report: SignedReport): unknown => signedReportSchema.encode(report);

const shown = (preview: Preview): SignedReport['preview'] => ({
  ...preview,
  changes: preview.changes.map((change) => ({ ...change, formatted: amountText(change.amount, change.coin) })),
  gasFormatted: preview.gasMist === null ? null : amountText(preview.gasMist, suiCoin),
});

function previewLines({ intent, changes, gasMist, possible, problem, irreversible, warnings }: Preview): string[] {
  const { kind, ...fields } = intent;
  const given = Object.entries(fields).map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(',') : String(value)}`);
  return [
    `${kind.replaceAll('_', ' ')}${given.length === 0 ? '' : `: ${given.join(', ')}`}`,
    ...changes.map(({ coin, amount }) => `  ${amount < 0n ? 'you pay' : 'you receive'} ${exactText(amount < 0n ? -amount : amount, coin)}`),
    `  gas ${exactText(gasMist, suiCoin)}`,
    ...warnings.map((warning) => `  Careful: ${warning}`),
    ...(irreversible ? ['  This cannot be undone.'] : []),
    ...(possible ? [] : [`  The chain would refuse it: ${problem?.message ?? 'it does not say why'}`]),
  ];
}

const errorOf = (error: { code: string; message: string } | null, digest: string | null): AppError => {
  const fields = digest === null ? {} : { digest };
  // The sentence of an abort is its field; other sentences are made of their code.
  if (error === null || error.code === 'chain.aborted' || !isErrorCode(error.code)) return new AppError('chain.aborted', { sentence: error?.message ?? 'The chain refused it and did not say why.', ...fields });
  return error.code === 'chain.in_doubt' ? new AppError('chain.in_doubt', fields) : new AppError('chain.rejected', { detail: error.message, reason: error.code, ...fields });
};
const refusalOf = ({ problem }: Preview): AppError => errorOf(problem, null);
const failureOf = (outcome: Outcome): AppError => (outcome.status === 'in_doubt' ? new AppError('chain.in_doubt', { digest: outcome.digest }) : errorOf(outcome.error, outcome.digest));
