/** The allow-list of what the wallet may be asked to sign: an intent is proposed, main decodes, shows and signs it (architecture.md, "Loopback host"). */
import { z } from 'zod';
import { bigintText, coinSchema, signedBigintText } from '../domain/amounts.ts';
import { addressSchema } from '../domain/ids.ts';

/** Largest u64: the price that parks a subscription on G1 (coordinator.md 8). */
export const parkedPrice = 2n ** 64n - 1n;

const u64 = bigintText.refine((value) => value <= parkedPrice, { error: 'larger than 2^64 - 1' });

/** Every operation the node signs; nothing else exists. Amounts are base units. */
export const intentSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('faucet'), amount: u64 }),
  z.strictObject({ kind: z.literal('register') }),
  z.strictObject({ kind: z.literal('subscribe'), taskSmallId: u64, price: u64, maxComputeUnits: u64 }),
  z.strictObject({ kind: z.literal('update_subscription'), taskSmallId: u64, price: u64, maxComputeUnits: u64 }),
  z.strictObject({ kind: z.literal('unsubscribe'), taskSmallId: u64 }),
  z.strictObject({ kind: z.literal('settle'), stackSmallId: u64, claimedUnits: u64 }),
  z.strictObject({ kind: z.literal('claim'), stackSmallIds: z.array(u64).min(1).max(50) }),
  z.strictObject({ kind: z.literal('disable') }),
  z.strictObject({ kind: z.literal('destroy') }),
  z.strictObject({ kind: z.literal('transfer'), coin: z.enum(['SUI', 'network']), amount: u64, to: addressSchema }),
]);
export type Intent = z.infer<typeof intentSchema>;
export type IntentKind = Intent['kind'];

/** What a simulated intent would do, for the confirmation. */
export const previewSchema = z.object({
  intent: intentSchema,
  /** False when the chain would abort it; then `problem` says why and nothing can be confirmed. */
  possible: z.boolean(),
  problem: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** Change of the wallet's balances, in base units, gas left out. */
  changes: z.array(z.object({ coin: coinSchema, amount: signedBigintText })),
  gasMist: signedBigintText.nullable(),
  /** True for what cannot be undone. */
  irreversible: z.boolean(),
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
export const irreversibleKinds: readonly IntentKind[] = ['disable', 'destroy', 'transfer', 'unsubscribe'];
