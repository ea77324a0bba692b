/** The recorded contract file's steps and state view, shared by the replays on the rules and on the whole chain (format of contract-g1.json and contract-g2.json). */
import { z } from 'zod';
import { u64 } from '../../../../src-shared/atoma/index.ts';
import type { Generation } from '../../../../src-shared/atoma/index.ts';
import { termsOf } from './index.ts';
import type { Abort, Draws, World } from './index.ts';

/** A step that these rules cannot carry out as it is written; its case counts as unsupported, never as agreeing. */
export class UnsupportedStep extends Error {
  override readonly name = 'UnsupportedStep';
}

/** What was drawn according to the recording could not have been drawn. */
export class ImpossibleDraw extends Error {
  override readonly name = 'ImpossibleDraw';
}

const amount = z
  .union([z.int(), z.bigint()])
  .transform(BigInt)
  .refine((value) => value >= 0n && value <= u64.max, 'not a 64-bit unsigned number');
const by = z.string();
const hex = z
  .string()
  .regex(/^([0-9a-f]{2})*$/i)
  .transform((text) => Uint8Array.from(Buffer.from(text, 'hex')));
const code = z.int().min(0).max(0xffff);
const security = z.union([z.enum(['none', 'sampling', 'confidential']), code]).optional();
const owned = { task: amount.optional(), by: by.optional() };
const offer = { by, task: amount, price: amount, max_units: amount.optional() };

/** One recorded step; a field that is not named here makes the step unsupported. */
export const stepSchema = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('set'), param: z.string(), value: amount }),
  z.strictObject({ op: z.literal('disable_registration') }),
  z.strictObject({ op: z.literal('enable_registration') }),
  z.strictObject({
    op: z.literal('create_task'),
    role: code,
    security,
    min_reputation: z.int().min(0).max(0xff).optional(),
    public: z.boolean().optional(),
    by: by.optional(),
  }),
  z.strictObject({ op: z.literal('deprecate_task'), ...owned }),
  z.strictObject({ op: z.literal('remove_deprecated_task'), ...owned }),
  z.strictObject({ op: z.literal('admin_remove_task'), task: amount }),
  z.strictObject({ op: z.literal('whitelist'), task: amount, node: amount }),
  z.strictObject({ op: z.literal('mint'), to: by, amount }),
  z.strictObject({ op: z.literal('put_collateral'), node: amount, amount }),
  z.strictObject({ op: z.enum(['register_node', 'disable_node', 'destroy_node', 'withdraw_fees']), by }),
  z.strictObject({ op: z.literal('subscribe'), ...offer }),
  z.strictObject({ op: z.literal('update_subscription'), ...offer }),
  z.strictObject({ op: z.literal('unsubscribe'), by, task: amount }),
  z.strictObject({
    op: z.literal('acquire'),
    by,
    task: amount,
    units: amount,
    price: amount,
    sampled_node: amount.optional(),
    new_stack: amount.optional(),
  }),
  z.strictObject({
    op: z.literal('settle'),
    by,
    stack: amount,
    units: amount,
    proof: hex,
    leaf: hex,
    sampled_attesters: z.array(amount).optional(),
  }),
  z.strictObject({ op: z.literal('attest'), by, stack: amount, proof: hex, leaf: hex }),
  z.strictObject({ op: z.literal('dispute'), by, stack: amount }),
  z.strictObject({ op: z.literal('claim'), by, stacks: z.array(amount) }),
  z.strictObject({ op: z.literal('claim_confidential'), by, stacks: z.array(amount), units: z.array(amount) }),
  z.strictObject({ op: z.literal('advance_epochs'), n: amount }),
]);
/** One recorded step, parsed. */
export type Step = z.infer<typeof stepSchema>;

const onlyInG2: ReadonlySet<Step['op']> = new Set(['whitelist', 'claim_confidential']);

/** Reads one step of a generation. Throws UnsupportedStep for anything that its format does not name. */
export const parseStep = (generation: Generation, raw: unknown): Step => {
  const parsed = stepSchema.safeParse(raw);
  if (!parsed.success) throw new UnsupportedStep(parsed.error.issues.map((issue) => issue.message).join('; '));
  const step = parsed.data;
  if (generation === 'G1' && (onlyInG2.has(step.op) || (step.op === 'create_task' && step.public !== undefined))) {
    throw new UnsupportedStep(`G1 has no ${step.op} of this form`);
  }
  const offers = step.op === 'subscribe' || step.op === 'update_subscription';
  if (offers && (step.max_units === undefined) === (generation === 'G1')) {
    throw new UnsupportedStep(`${step.op} takes max_units in G1 only`);
  }
  return step;
};

/** Draws that follow what the step says was drawn; a step that does not tell must leave one node only. */
export const drawsFor = (step: Step): Draws => {
  const told = step.op === 'settle' ? [...(step.sampled_attesters ?? [])] : [];
  const silent = step.op === 'settle' && step.sampled_attesters?.length === 0;
  const node = step.op === 'acquire' ? step.sampled_node : undefined;
  const pick = (candidates: readonly bigint[]): number => {
    const drawn = node ?? told.shift();
    if (drawn === undefined) {
      if (new Set(candidates).size > 1)
        throw new ImpossibleDraw(`the draw is open between nodes ${candidates.join(', ')}`);
      return 0;
    }
    const index = candidates.indexOf(drawn);
    if (index < 0) throw new ImpossibleDraw(`node ${drawn} could not have been drawn`);
    return index;
  };
  // Told that nobody was asked: the probability draw missed. Otherwise it hit, unless the setting is 0.
  return { pick, permille: () => (silent ? 1_000n : 1n), nonce: () => 0n };
};

/** Who sends the step. */
export const senderOf = (step: Step): string => ('by' in step ? (step.by ?? 'SYS') : 'SYS');

/** Security level's number in a generation. */
export const securityCode = (
  generation: Generation,
  security: 'none' | 'sampling' | 'confidential' | number | undefined,
): number | null => {
  if (typeof security !== 'string') return security ?? null;
  return termsOf(generation).securityCodes[security === 'sampling' ? 'sampling-consensus' : security];
};

const byNumber = <V>(map: ReadonlyMap<bigint, V>, view: (value: V) => unknown): Record<string, unknown> =>
  Object.fromEntries([...map].map(([key, value]) => [String(key), view(value)]));

/** What the recorded view needs. */
export interface Facts {
  readonly world: World;
  readonly epoch: bigint;
  readonly wallets: ReadonlyMap<string, bigint>;
  /** Names of the last step's events, in order. */
  readonly events: readonly string[];
  /** Refund of the last claim event of the last step. */
  readonly refund: bigint | null;
}

const uncounted = new Set([
  'TaskDeprecationEvent',
  'TaskRemovedEvent',
  'NewKeyRotationEvent',
  'NodePublicKeyCommittmentEvent',
  'NodeSubscribedToModelEvent',
]);

/** The state in the recorded form. */
export const viewState = ({ world, epoch, wallets, events, refund }: Facts): Record<string, unknown> => {
  const counts: Record<string, number> = {};
  for (const name of events) if (!uncounted.has(name)) counts[name] = (counts[name] ?? 0) + 1;
  return {
    epoch: Number(epoch),
    fee_treasury: Number(world.feeTreasury),
    communal_treasury: Number(world.communalTreasury),
    wallets: Object.fromEntries(['USER', 'N1', 'N2', 'N3'].map((who) => [who, Number(wallets.get(who) ?? 0n)])),
    nodes: byNumber(world.nodes, (node) => ({
      available_fee: Number(node.availableFeeAmount),
      last_fee_epoch_amount: Number(node.lastFeeEpochAmount),
      last_fee_epoch: Number(node.lastFeeEpoch),
      collateral: Number(node.collateral),
      reputation: node.reputation,
      disabled: node.disabledInEpoch !== null,
    })),
    stacks: byNumber(world.stacks, (stack) => ({
      num_compute_units: Number(stack.units),
      price: Number(stack.price),
      selected_node: Number(stack.selectedNode),
      ...(world.generation === 'G2' ? { is_claimed: stack.isClaimed } : {}),
    })),
    tickets: byNumber(world.tickets, (ticket) => ({
      claimed_units: Number(ticket.claimedUnits),
      dispute_settled_at_epoch: Number(ticket.disputeSettledAtEpoch),
      in_dispute: ticket.inDispute,
      attesters: ticket.requested.map(Number),
      attestations_received: ticket.attested.length,
      leaves_bytes: ticket.leaves.length,
    })),
    last_tx_events: counts,
    ...(refund === null ? {} : { last_refund_amount: Number(refund) }),
  };
};

/** An outcome as the recorded file writes it. */
export const verdictOf = (abort: Abort | null): unknown => {
  if (!abort) return 'ok';
  return abort.kind === 'move' ? { code: Number(abort.code), module: abort.module } : abort.kind;
};

/** An abort as the recorded file writes it. */
export interface WantedAbort {
  readonly arithmetic_error?: boolean;
  readonly code?: number;
  readonly module?: string;
}

/** A recorded verdict in the same form. */
export const wantedVerdict = (abort: WantedAbort | undefined): unknown =>
  !abort ? 'ok' : abort.arithmetic_error ? 'arithmetic' : { code: abort.code, module: abort.module };
