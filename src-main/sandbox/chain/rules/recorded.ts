/** The recorded contract file's steps and state view, shared by the replays on the rules and on the whole chain (format of contract-g1.json). */
import { z } from 'zod';
import type { Abort, Draws, World } from './index.ts';

const amount = z.number().transform(BigInt);
const by = z.string();
const hex = z.string().transform((text) => Uint8Array.from(Buffer.from(text, 'hex')));
const security = z.union([z.enum(['none', 'sampling', 'confidential']), z.number()]).optional();

/** One recorded step. */
export const stepSchema = z.discriminatedUnion('op', [
  z.object({ op: z.literal('set'), param: z.string(), value: amount }),
  z.object({ op: z.literal('disable_registration') }),
  z.object({ op: z.literal('enable_registration') }),
  z.object({
    op: z.literal('create_task'),
    role: z.number(),
    security,
    min_reputation: z.number().optional(),
    by: by.optional(),
  }),
  z.object({ op: z.literal('deprecate_task'), task: amount.optional(), by: by.optional() }),
  z.object({ op: z.literal('remove_deprecated_task'), task: amount.optional(), by: by.optional() }),
  z.object({ op: z.literal('admin_remove_task'), task: amount }),
  z.object({ op: z.literal('mint'), to: by, amount }),
  z.object({ op: z.enum(['register_node', 'disable_node', 'destroy_node', 'withdraw_fees']), by }),
  z.object({ op: z.enum(['subscribe', 'update_subscription']), by, task: amount, price: amount, max_units: amount }),
  z.object({ op: z.literal('unsubscribe'), by, task: amount }),
  z.object({
    op: z.literal('acquire'),
    by,
    task: amount,
    units: amount,
    price: amount,
    sampled_node: amount.optional(),
    new_stack: amount.optional(),
  }),
  z.object({
    op: z.literal('settle'),
    by,
    stack: amount,
    units: amount,
    proof: hex,
    leaf: hex,
    sampled_attesters: z.array(amount).optional(),
  }),
  z.object({ op: z.literal('attest'), by, stack: amount, proof: hex, leaf: hex }),
  z.object({ op: z.literal('dispute'), by, stack: amount }),
  z.object({ op: z.literal('claim'), by, stacks: z.array(amount) }),
  z.object({ op: z.literal('advance_epochs'), n: amount }),
]);
/** One recorded step, parsed. */
export type Step = z.infer<typeof stepSchema>;

/** Draws that follow what the step says was drawn; a number that could not have been drawn is an error. */
export const drawsFor = (step: Step): Draws => {
  const told = step.op === 'settle' ? [...(step.sampled_attesters ?? [])] : [];
  const silent = step.op === 'settle' && step.sampled_attesters?.length === 0;
  const node = step.op === 'acquire' ? step.sampled_node : undefined;
  const pick = (candidates: readonly bigint[]): number => {
    const drawn = node ?? told.shift();
    if (drawn === undefined) return 0;
    const index = candidates.indexOf(drawn);
    if (index < 0) throw new Error(`node ${drawn} could not have been drawn`);
    return index;
  };
  // Told that nobody was asked: the probability draw missed. Otherwise it hit, unless the setting is 0.
  return { pick, permille: () => (silent ? 1_000n : 1n) };
};

/** Who sends the step. */
export const senderOf = (step: Step): string => ('by' in step ? (step.by ?? 'SYS') : 'SYS');

/** Security level's number. */
export const securityCode = (security: 'none' | 'sampling' | 'confidential' | number | undefined): number | null =>
  typeof security === 'string' ? { none: 0, sampling: 1, confidential: 2 }[security] : (security ?? null);

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

const uncounted = new Set(['TaskDeprecationEvent', 'TaskRemovedEvent']);

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
  return abort.kind === 'arithmetic' ? 'arithmetic' : { code: Number(abort.code), module: abort.module };
};

/** A recorded verdict in the same form. */
export const wantedVerdict = (abort: { readonly arithmetic_error?: boolean } | undefined): unknown =>
  !abort ? 'ok' : abort.arithmetic_error ? 'arithmetic' : abort;
