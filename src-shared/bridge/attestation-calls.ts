/** Calls and views of attestations, self-audits and disputes (product.md, "Attestations and disputes"; coordinator.md 7). Hashes and fingerprints only, never a prompt. */
import { z } from 'zod';
import { bigintText, coinSchema } from '../domain/amounts.ts';

const nothing = z.strictObject({});
const done = z.object({});
const count = z.number().int().min(0);
const maybeMs = z.number().nullable();
const hash = z.string();
const stackSmallId = bigintText;
const oneStack = z.strictObject({ stackSmallId });
const shownErrorSchema = z.object({ code: z.string(), message: z.string(), atMs: z.number() });

/** Why the node asks instead of attesting by itself. */
export const attestReasonSchema = z.enum(['difference', 'fingerprint', 'commitment', 'would_dispute', 'no_history', 'bad_history', 'unsupported']);
export type AttestReason = z.infer<typeof attestReasonSchema>;
/** What the node waits for before it goes on by itself. */
export const attestWaitSchema = z.enum(['policy', 'backoff', 'slot', 'submission', 'no_coordinator', 'link', 'chain', 'turn']);

/** One ticket that names, or named, this node. */
export const attestationSchema = z.object({
  stackSmallId,
  taskSmallId: bigintText.nullable(),
  /** Who settled it; null before the ticket was read. */
  selectedNode: bigintText.nullable(),
  /** This node was drawn for a stack of its own. */
  ownStack: z.boolean(),
  /** Places of this node in the list; each is slashed by itself. */
  places: count,
  requested: z.array(bigintText),
  attested: z.array(bigintText),
  /** running: is re-run or sent now; waiting: see waitsFor; asks: see reason; the others are ends. */
  phase: z.enum(['running', 'waiting', 'asks', 'attested', 'silent', 'disputed', 'window_over', 'slashed', 'unharmed']),
  waitsFor: attestWaitSchema.nullable(),
  reason: attestReasonSchema.nullable(),
  /** The second half of the window has begun. */
  urgent: z.boolean(),
  /** D: this node answers by the end of epoch D − 1. */
  disputeSettledAtEpoch: bigintText.nullable(),
  /** When epoch D begins, as far as can be told; null where the chain does not tell its epochs' length. */
  deadlineMs: maybeMs,
  /** Base units: what silence costs and attesting earns. */
  penalty: bigintText.nullable(),
  reward: bigintText.nullable(),
  /** What a dispute freezes for ever: the node's fee and the buyer's refund. */
  frozen: bigintText.nullable(),
  done: count,
  /** Entries of the history; null until it was read to its end. */
  total: count.nullable(),
  differing: count,
  /** Entries that agree although another engine computed them. */
  strangers: count,
  /** The proof on chain, and the one this node computed; hex. */
  committedProof: hash.nullable(),
  ownProof: hash.nullable(),
  canAttest: z.boolean(),
  canStaySilent: z.boolean(),
  canRestart: z.boolean(),
  canDispute: z.boolean(),
  digest: z.string().nullable(),
  lastError: shownErrorSchema.nullable(),
  dismissed: z.boolean(),
  updatedMs: z.number(),
});
export type AttestationView = z.infer<typeof attestationSchema>;

/** A settled stack of this node that others are asked to attest. */
export const ownTicketSchema = z.object({
  stackSmallId,
  taskSmallId: bigintText,
  requested: z.array(bigintText),
  attested: z.array(bigintText),
  missing: z.array(bigintText),
  isInDispute: z.boolean(),
  disputeSettledAtEpoch: bigintText.nullable(),
  /** Attestations count until this epoch is over. */
  waitsUntilEpoch: bigintText.nullable(),
});
export type OwnTicketView = z.infer<typeof ownTicketSchema>;

/** The self-audit of one stack before it is settled. */
export const stackAuditSchema = z.object({
  stackSmallId,
  status: z.enum(['wanted', 'passed', 'failed', 'overruled']),
  entries: count,
  sampleSize: count,
  checked: count,
  differing: count,
  missing: count,
  rootFound: hash.nullable(),
  rootKept: hash.nullable(),
  lastError: shownErrorSchema.nullable(),
  updatedMs: z.number(),
});
export type StackAuditView = z.infer<typeof stackAuditSchema>;

/** One re-executed entry. */
export const reexecutionSchema = z.object({
  index: count,
  taskId: z.string(),
  model: z.string(),
  entry: hash,
  fingerprint: z.string(),
  ownEntry: hash,
  ownFingerprint: z.string(),
  runs: count,
  verdict: z.enum(['agrees', 'stranger', 'differs']),
});

export const attestationsViewSchema = z.object({
  coin: coinSchema,
  nodeSmallId: bigintText.nullable(),
  epoch: bigintText.nullable(),
  readAtMs: maybeMs,
  hasCoordinator: z.boolean(),
  autoAttest: z.boolean(),
  selfAuditSample: count,
  asked: z.array(attestationSchema),
  own: z.array(ownTicketSchema),
  audits: z.array(stackAuditSchema),
});
export type AttestationsView = z.infer<typeof attestationsViewSchema>;

/** Everything known of one stack. */
export const attestationDetailSchema = z.object({
  coin: coinSchema,
  epoch: bigintText.nullable(),
  attestation: attestationSchema.nullable(),
  own: ownTicketSchema.nullable(),
  /** Base units that a dispute freezes, or has frozen: the node's fee and the buyer's refund; null while the chain does not tell. */
  frozen: bigintText.nullable(),
  /** Who opened a dispute of it, and over which commitment; hex. */
  disputes: z.array(z.object({ node: bigintText, commitment: hash })),
  audit: stackAuditSchema.nullable(),
  /** As on chain now: ℓ₀ and a slot per extra node, zeros where nobody answered; null while it is not read. */
  commitment: z.object({ proof: hash, leaves: z.array(hash) }).nullable(),
  /** What this node computed: root, proof over it, and its own leaf; of an own stack by the receipts it kept. */
  computed: z.object({ root: hash, proof: hash, leaf: hash.nullable() }).nullable(),
  /** Entries that differ or come from another engine first, then the newest; at most 50. */
  entries: z.array(reexecutionSchema),
});
export type AttestationDetail = z.infer<typeof attestationDetailSchema>;

export const attestationCalls = {
  'attestations.list': { input: nothing, output: attestationsViewSchema },
  'attestations.get': { input: oneStack, output: attestationDetailSchema.nullable() },
  /** Hashes, fingerprints and signed acknowledgements as a JSON file; no prompt and no answer. */
  'attestations.evidence': { input: oneStack, output: z.object({ fileName: z.string(), json: z.string() }) },
  /** The operator's word: attest although the switch is off or the engines differ, stay silent, or leave it to the policy. */
  'attestations.decide': { input: z.strictObject({ stackSmallId, decision: z.enum(['attest', 'silent', 'policy']) }), output: done },
  /** Asks for the history again and runs all of it. */
  'attestations.restart': { input: oneStack, output: done },
  /** Settles by policy again although the self-audit failed. */
  'attestations.overrule': { input: oneStack, output: done },
  /** The operator has seen how it ended. */
  'attestations.dismiss': { input: oneStack, output: done },
} as const;
