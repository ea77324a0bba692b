/** The allow-list of what the wallet may be asked to sign: an intent is proposed, main decodes, shows and signs it (architecture.md, "Loopback host"). */
import { z } from 'zod';
import { bigintText, coinSchema, signedBigintText } from '../domain/amounts.ts';
import { addressSchema, base64Schema } from '../domain/ids.ts';

/** Largest u64: the price that parks a subscription on G1 (coordinator.md 8). */
export const parkedPrice = 2n ** 64n - 1n;

/** Most stacks in one claim. */
const claimLimit = 50;
const stackIds = (u64s: z.ZodType<bigint, string>) => z.array(u64s).min(1).max(claimLimit);
const hash32 = z.string().regex(/^[0-9a-f]{64}$/, { error: 'must be 32 bytes as 64 hex digits' });
/** Meaning of a task's security level; the number is the generation's (protocol.md 0). */
export const securityLevelSchema = z.enum(['none', 'sampling-consensus', 'confidential']);

const u64 = bigintText.refine((value) => value <= parkedPrice, { error: 'larger than 2^64 - 1' });

/** Every operation the node signs; nothing else exists. Amounts are base units. */
export const intentSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('faucet'), amount: u64 }),
  z.strictObject({ kind: z.literal('register') }),
  z.strictObject({ kind: z.literal('subscribe'), taskSmallId: u64, price: u64, maxComputeUnits: u64 }),
  z.strictObject({ kind: z.literal('update_subscription'), taskSmallId: u64, price: u64, maxComputeUnits: u64 }),
  z.strictObject({ kind: z.literal('unsubscribe'), taskSmallId: u64 }),
  z.strictObject({ kind: z.literal('settle'), stackSmallId: u64, claimedUnits: u64 }),
  z.strictObject({ kind: z.literal('claim'), stackSmallIds: stackIds(u64) }),
  /** G2, confidential stacks: paid at once, without ticket or window; `units[i]` of `stackSmallIds[i]`. */
  z
    .strictObject({ kind: z.literal('claim_direct'), stackSmallIds: stackIds(u64), units: stackIds(u64) })
    .refine(({ stackSmallIds, units }) => stackSmallIds.length === units.length, { error: 'one number of units for each stack' }),
  z.strictObject({ kind: z.literal('withdraw_fees') }),
  /** G2: commits this node to its X25519 key for confidential requests; the evidence is announced and not kept (protocol.md 2.3, 7.7). */
  z.strictObject({ kind: z.literal('rotate_key'), publicKey: hash32, evidence: base64Schema, counter: u64, deviceType: z.number().int().min(0).max(15_999) }),
  /** As a drawn attestor: proof and leaf are made from the Merkle root of the re-run, the ticket and this node's place in it (protocol.md 6.4). */
  z.strictObject({ kind: z.literal('attest'), stackSmallId: u64, root: hash32 }),
  /** Freezes the stack's money for ever (protocol.md 5.8). */
  z.strictObject({ kind: z.literal('dispute'), stackSmallId: u64, commitment: hash32 }),
  z.strictObject({
    kind: z.literal('create_task'),
    role: z.number().int().min(0).max(7),
    modelName: z.string().min(1).max(200).regex(/^[\x20-\x7e]*$/, { error: 'must be plain ASCII' }).nullable(),
    securityLevel: securityLevelSchema,
    minimumReputation: z.number().int().min(0).max(100),
    /** G1 tasks are all public. */
    isPublic: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('deprecate_task'), taskSmallId: u64 }),
  z.strictObject({ kind: z.literal('remove_task'), taskSmallId: u64 }),
  z.strictObject({ kind: z.literal('buy_stack'), taskSmallId: u64, computeUnits: u64, price: u64 }),
  z.strictObject({ kind: z.literal('disable') }),
  z.strictObject({ kind: z.literal('destroy') }),
  z.strictObject({ kind: z.literal('transfer'), coin: z.enum(['SUI', 'network']), amount: u64, to: addressSchema }),
]);
export type Intent = z.infer<typeof intentSchema>;
export type IntentKind = Intent['kind'];

/** What a simulated intent would do, for the confirmation. */
export const previewSchema = z.object({
  intent: intentSchema,
  /** What the contract's generation means by a price and by registering: units that one price is for, and whether collateral is locked. */
  terms: z.object({ priceUnit: bigintText, takesCollateral: z.boolean() }),
  /** False when the chain would abort it; then `problem` says why and nothing can be confirmed. */
  possible: z.boolean(),
  problem: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** Change of the wallet's balances, in base units, gas left out. */
  changes: z.array(z.object({ coin: coinSchema, amount: signedBigintText })),
  gasMist: signedBigintText.nullable(),
  /** True for what cannot be undone. */
  irreversible: z.boolean(),
  /** What it breaks or costs beyond the amounts, in sentences; the most serious first. */
  warnings: z.array(z.string()),
});
export type Preview = z.infer<typeof previewSchema>;

/** A proposed intent that waits for the operator. */
export const proposalSchema = z.object({ proposalId: z.string(), preview: previewSchema, expiresMs: z.number() });
export type Proposal = z.infer<typeof proposalSchema>;

/** How a signed intent ended. */
export const outcomeSchema = z.object({
  digest: z.string(),
  status: z.enum(['success', 'failed', 'in_doubt']),
  gasMist: signedBigintText.nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** Base64 BCS of the transaction effects; null while in doubt. */
  effects: z.string().nullable(),
});
export type Outcome = z.infer<typeof outcomeSchema>;

/** Intents that must be confirmed in a window of the host's own, or by the passphrase. All of them move money or rights, so all do. */
export const irreversibleKinds: readonly IntentKind[] = ['disable', 'destroy', 'transfer', 'unsubscribe', 'deprecate_task', 'remove_task', 'dispute'];
