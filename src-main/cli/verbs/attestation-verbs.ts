/** Verbs of attestations and disputes: what this node is asked, what it answers, evidence (product.md, Attestations and disputes; coordinator.md 7). */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { attestationCalls, attestationsViewSchema } from '../../../src-shared/bridge/attestation-calls.ts';
import { AppError } from '../../../src-shared/errors.ts';
import { exactText, tableLines } from '../amount-text.ts';
import { hash32Option, signingOptions, u64Option } from '../option-schemas.ts';
import { signIntent } from '../sign-intent.ts';
import { verb, type Option, type Verb, type VerbContext } from '../verb.ts';

const stack: Option = { flags: '--stack <id>', description: 'number of the stack', required: true };

/** What attestations prints with --json. */
export const attestationsReportSchema = attestationsViewSchema;
/** What the answers to an attestation print with --json. */
export const decidedReportSchema = z.object({ done: z.literal(true), attestation: attestationCalls['attestations.get'].output });
/** What attestation evidence prints with --json. */
export const evidenceReportSchema = z.object({ file: z.string() });

/** The Merkle root of this node's own re-run. */
async function rootOf({ call }: VerbContext, stackSmallId: bigint): Promise<string> {
  const root = (await call('attestations.get', { stackSmallId }))?.computed?.root ?? null;
  if (root === null) throw new AppError('chain.rejected', { detail: `this node has not re-run stack ${stackSmallId} to its end; name a root with --root` });
  return root.replace(/^0x/, '');
}

const answer = (name: string, summary: string, act: (context: VerbContext, stackSmallId: bigint) => Promise<unknown>): Verb =>
  verb({
    name,
    summary,
    example: `${name} --stack 7`,
    options: [stack],
    needs: 'console',
    schema: z.strictObject({ stack: u64Option }),
    run: async (context, { stack: stackSmallId }) => {
      await act(context, stackSmallId);
      const attestation = await context.call('attestations.get', { stackSmallId });
      return { json: decidedReportSchema.encode({ done: true, attestation }), lines: ['Done. See: attestations'] };
    },
  });

/** Verbs about attestations. */
export const attestationVerbs: readonly Verb[] = [
  verb({
    name: 'attestations',
    summary: 'Stacks that this node is asked to attest, and who attests its own',
    example: 'attestations --json',
    schema: z.strictObject({}),
    run: async ({ call }) => {
      const view = await call('attestations.list', {});
      const rows = view.asked.map((one) => [String(one.stackSmallId), one.phase, one.reason?.replaceAll('_', ' ') ?? one.waitsFor ?? '', `${one.done}/${one.total ?? '?'}`, String(one.disputeSettledAtEpoch ?? ''), exactText(one.penalty, view.coin)]);
      const own = view.own.map((one) => `own stack ${one.stackSmallId}: attested by ${one.attested.length} of ${one.requested.length}${one.isInDispute ? ', IN DISPUTE' : ''}`);
      return { json: attestationsReportSchema.encode(view), lines: [...tableLines(['stack', 'phase', '', 're-run', 'by epoch', 'silence costs'], rows, 'This node is not asked to attest anything.'), ...own] };
    },
  }),
  verb({
    name: 'attest',
    summary: 'Attest another node\'s stack: with the root of this node\'s re-run, or another one',
    example: `attest --stack 7 --root ${'ab'.repeat(32)}`,
    options: [stack, { flags: '--root <hash>', description: 'Merkle root, 64 hex digits; without it that of the re-run. Proof and leaf are made from it' }],
    signs: true,
    schema: z.strictObject({ stack: u64Option, root: hash32Option.optional(), ...signingOptions }),
    run: async (context, { stack: stackSmallId, root, ...flags }) => signIntent(context, { kind: 'attest', stackSmallId, root: root ?? (await rootOf(context, stackSmallId)) }, flags),
  }),
  answer('attestation agree', 'Attest although the switch is off or the engines differ', ({ call }, stackSmallId) => call('attestations.decide', { stackSmallId, decision: 'attest' })),
  answer('attestation silent', 'Say nothing, and bear what silence costs', ({ call }, stackSmallId) => call('attestations.decide', { stackSmallId, decision: 'silent' })),
  answer('attestation policy', 'Leave it to the policy again', ({ call }, stackSmallId) => call('attestations.decide', { stackSmallId, decision: 'policy' })),
  answer('attestation restart', 'Ask for the history again and run all of it', ({ call }, stackSmallId) => call('attestations.restart', { stackSmallId })),
  answer('attestation overrule', 'Settle an own stack although its self-audit failed', ({ call }, stackSmallId) => call('attestations.overrule', { stackSmallId })),
  verb({
    name: 'attestation evidence',
    summary: 'Write hashes, fingerprints and signed acknowledgements of a stack; no prompt, no answer',
    example: 'attestation evidence --stack 7 --out evidence.json',
    options: [stack, { flags: '--out <file>', description: 'the file, readable by you alone', required: true }],
    schema: z.strictObject({ stack: u64Option, out: z.string().min(1) }),
    run: async ({ call }, { stack: stackSmallId, out }) => {
      const file = resolve(out);
      const { json } = await call('attestations.evidence', { stackSmallId });
      await writeFile(file, json, { mode: 0o600 }).catch((error: unknown) => {
        throw new AppError('host.bad_flag', { detail: `--out ${file}: ${error instanceof Error ? error.message : String(error)}` }, { cause: error });
      });
      return { json: evidenceReportSchema.encode({ file }), lines: [`Written: ${file}`] };
    },
  }),
];
