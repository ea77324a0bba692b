/** What becomes of a prompt's ticket: commitments, cross validation, nodes that let the time pass, settlement, disputes (protocol.md 2.5, 2.6, 5.3, 5.10). */
import { blake2b } from '@noble/hashes/blake2.js';
import { attributeFee, timeoutSlash, u64 } from '../../../../src-shared/atoma/index.ts';
import { drawNode, drawNodes, echelonOf, withEchelonNodes } from './echelon-nodes.ts';
import { NotExecuted, abortWith, effect, entryOf, take, valueOf } from './outcome.ts';
import type { Effect, Payout, PromptEvent, RuleContext } from './outcome.ts';
import { payout } from './nodes.ts';
import { withEntry } from './world.ts';
import type { PromptTicket, World } from './world.ts';

const HASH_BYTES = 32;
const SETTLEMENT_BASE = 312_012_200n;
const PERMILLE = 1_000n;

/** Offsets of module `settlement` (protocol.md 2.6). */
type Offset = 0 | 1 | 2 | 3 | 4 | 5;
const check = (holds: boolean, offset: Offset): void => {
  if (!holds) abortWith('atoma::settlement', SETTLEMENT_BASE + BigInt(offset));
};

/** How far a call has come; `ticket` null when it is gone. */
interface Progress {
  readonly world: World;
  readonly ticket: PromptTicket | null;
  readonly events: readonly PromptEvent[];
  readonly payouts: readonly Payout[];
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at]);

/** A dispute; with the ticket's time when others may still commit. */
const disputeEvent = (ticketId: string, timeout: PromptTicket['timeout'] | null): PromptEvent => ({
  name: 'DisputeEvent',
  fields: { ticketId, timeout },
});
const disputed = (world: World, ticketId: string, ticket: PromptTicket): Progress => ({
  world,
  ticket: { ...ticket, isDisputed: true },
  events: [disputeEvent(ticketId, null)],
  payouts: [],
});

/** Whether the time is over. The platform tells only when an epoch began, so within one epoch it never is and after one it always is, whatever the timeout. */
const didTimeout = ({ timeout }: PromptTicket, context: RuleContext): boolean => {
  if (context.epoch === timeout.startedInEpoch)
    return u64.sub(context.epochStartMs, timeout.startedAtEpochTimestampMs) > timeout.timeoutMs;
  return context.epoch === timeout.startedInEpoch + 1n ? context.epochStartMs > timeout.timeoutMs : true;
};

/** Pays the nodes that committed, each the same under the epoch lock, and the rest back to the payer. A destroyed node's share stays in the treasury. */
const paid = (world: World, context: RuleContext, ticketId: string, ticket: PromptTicket): Progress => {
  const count = BigInt(ticket.completed.length);
  const perNode = u64.add(
    u64.mul(ticket.inputFeePerToken, valueOf(ticket.inputTokens)),
    u64.mul(ticket.outputFeePerToken, valueOf(ticket.outputTokens)),
  );
  const exact = u64.mul(count, perNode);
  const refund = exact >= ticket.collectedFee ? 0n : ticket.collectedFee - exact;
  const reward = u64.div(exact >= ticket.collectedFee ? ticket.collectedFee : exact, count);
  const nodes = ticket.completed.reduce<World['nodes']>((before, id) => {
    const node = before.get(id);
    return node ? withEntry(before, id, { ...node, ...attributeFee(node, reward, context.epoch) }) : before;
  }, world.nodes);
  return {
    world: { ...world, nodes, feeTreasury: take(world.feeTreasury, refund) },
    ticket: null,
    events: [{ name: 'SettledEvent', fields: { ticketId, oracleNodeId: null } }],
    payouts: payout(ticket.payer, refund),
  };
};

/** The time begins anew. */
const restarted = (ticket: PromptTicket, context: RuleContext): PromptTicket => ({
  ...ticket,
  timeout: {
    ...ticket.timeout,
    startedInEpoch: context.epoch,
    startedAtEpochTimestampMs: context.epochStartMs,
  },
});

/** Of the nodes drawn those beside the one that committed: it is taken out, or, where it was not drawn, one too many is. */
const others = (drawn: readonly bigint[], asserter: bigint | undefined, wanted: bigint): bigint[] => {
  const rest = [...drawn];
  const at = rest.findIndex((id) => id === asserter);
  if (at < 0) {
    if (BigInt(rest.length) === wanted + 1n) rest.pop();
    return rest;
  }
  const last = rest.pop();
  if (last !== undefined && at < rest.length) rest[at] = last;
  return rest;
};

/**
 * Draws the extra nodes of a cross validation and tells of them. The contract does not put them on the ticket, so they
 * cannot commit, and the next attempt to settle judges the one leaf there is. Too few: it tells to try again, and then
 * its certain chance of 1000 permille never strikes, because the test is inverted. Aborts: `dynamic_field` 1, 5, 14.
 */
const crossValidated = (world: World, context: RuleContext, ticketId: string, ticket: PromptTicket): Progress => {
  const wanted = ticket.crossValidation?.howManyExtraNodes ?? 0n;
  const list = [...echelonOf(world, ticket.model, ticket.echelon).nodes];
  const drawn = drawNodes(world, list, u64.add(wanted, 1n), context.draws);
  const extra = others(drawn, ticket.all[0], wanted);
  const left = withEchelonNodes(world, ticket.model, ticket.echelon, list);
  const anew = restarted(ticket, context);
  if (wanted > BigInt(extra.length)) {
    const crossValidation = { probabilityPermille: PERMILLE, howManyExtraNodes: wanted };
    const fields = { ticketId, howManyNodesInEchelon: wanted };
    return {
      world: left,
      ticket: { ...anew, crossValidation },
      events: [{ name: 'RetrySettlementEvent', fields }],
      payouts: [],
    };
  }
  const newNodes = extra.toReversed().map((nodeId, at) => ({ nodeId, order: BigInt(at) + 1n }));
  return {
    world: left,
    ticket: { ...anew, crossValidation: null },
    events: [{ name: 'NewlySampledNodesEvent', fields: { ticketId, newNodes } }],
    payouts: [],
  };
};

/** Slashes a node that let the time pass; its collateral goes to everybody. */
const slashed = (world: World, id: bigint): World => {
  const node = world.nodes.get(id);
  if (!node) return world;
  const slash = timeoutSlash(node.collateral, world.settings.slashOnTimeoutPermille);
  return {
    ...world,
    communalTreasury: u64.add(world.communalTreasury, slash),
    nodes: withEntry(world.nodes, id, { ...node, collateral: take(node.collateral, slash) }),
  };
};

/** Slashes the silent and puts others, drawn from the echelon, in their places, until nobody is left to draw; then, if nobody was replaced, it is a dispute. */
const replaced = (world: World, context: RuleContext, ticketId: string, ticket: PromptTicket): Progress => {
  const all = [...ticket.all];
  const newNodes: { nodeId: bigint; order: bigint }[] = [];
  let now = world;
  for (const [order, silent] of all.entries()) {
    if (ticket.completed.includes(silent)) continue;
    now = slashed(now, silent);
    const list = [...echelonOf(now, ticket.model, ticket.echelon).nodes];
    const nodeId = drawNode(now, list, context.draws);
    now = withEchelonNodes(now, ticket.model, ticket.echelon, list);
    if (nodeId === null) break;
    newNodes.push({ nodeId, order: BigInt(order) });
    all[order] = nodeId;
  }
  if (newNodes.length === 0) return disputed(now, ticketId, ticket);
  return {
    world: now,
    ticket: restarted({ ...ticket, all }, context),
    events: [{ name: 'NewlySampledNodesEvent', fields: { ticketId, newNodes } }],
    payouts: [],
  };
};

/** Settles as far as the ticket is ready; a ticket that is not is left as it is. */
const settled = (world: World, context: RuleContext, ticketId: string, ticket: PromptTicket): Progress => {
  if (ticket.isDisputed) return { world, ticket, events: [], payouts: [] };
  if (ticket.completed.length === ticket.all.length) {
    if (ticket.crossValidation) {
      const isMore = ticket.crossValidation.probabilityPermille < context.draws.nonce() % PERMILLE;
      const go = isMore ? crossValidated : paid;
      return go(world, context, ticketId, ticket);
    }
    const agrees = sameBytes(ticket.merkleRoot, blake2b(ticket.merkleLeaves, { dkLen: HASH_BYTES }));
    return agrees ? paid(world, context, ticketId, ticket) : disputed(world, ticketId, ticket);
  }
  // How often the time passed is never counted, so the contract's limit of three is never reached.
  return didTimeout(ticket, context)
    ? replaced(world, context, ticketId, ticket)
    : { world, ticket, events: [], payouts: [] };
};

const finished = (ticketId: string, before: readonly PromptEvent[], progress: Progress): Effect => {
  const prompts = new Map(progress.world.prompts);
  if (progress.ticket) prompts.set(ticketId, progress.ticket);
  else prompts.delete(ticketId);
  const promptEvents = [...before, ...progress.events];
  return effect({ ...progress.world, prompts }, { promptEvents, payouts: progress.payouts });
};

/** A node's commitment to a prompt's result. */
export interface Commitment {
  readonly node: bigint;
  readonly ticketId: string;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly merkleRoot: Uint8Array;
  readonly chunkHash: Uint8Array;
}

/** The leaves with the hash in its place, padded with zeros where nodes before it have not committed. */
const withLeaf = (leaves: Uint8Array, place: number, hash: Uint8Array): Uint8Array => {
  const all = new Uint8Array(Math.max(leaves.length, (place + 1) * HASH_BYTES));
  all.set(leaves);
  all.set(hash, place * HASH_BYTES);
  return all;
};

/** Notes a commitment: the first fixes counts and root, any other that differs opens a dispute in which others may still commit. */
const noted = (ticket: PromptTicket, given: Commitment): { ticket: PromptTicket; events: readonly PromptEvent[] } => {
  const { node, ticketId, inputTokens, outputTokens } = given;
  const isFirst = ticket.completed.length === 0;
  const hasRoot = ticket.merkleRoot.length > 0;
  const countsDiffer =
    !isFirst && !ticket.isDisputed && (ticket.inputTokens !== inputTokens || ticket.outputTokens !== outputTokens);
  const rootDiffers = hasRoot && !ticket.isDisputed && !sameBytes(ticket.merkleRoot, given.merkleRoot);
  const isNew = countsDiffer || rootDiffers;
  const merkleLeaves = withLeaf(ticket.merkleLeaves, ticket.all.indexOf(node), given.chunkHash);
  return {
    ticket: {
      ...ticket,
      ...(isFirst ? { inputTokens, outputTokens } : {}),
      ...(countsDiffer ? { tokenCountsDisputedBy: node } : {}),
      merkleRoot: hasRoot ? ticket.merkleRoot : given.merkleRoot,
      merkleLeaves,
      completed: [...ticket.completed, node],
      isDisputed: ticket.isDisputed || isNew,
    },
    events: [
      ...(isFirst ? [{ name: 'FirstSubmissionEvent', fields: { ticketId, nodeId: node } } as const] : []),
      ...(isNew ? [disputeEvent(ticketId, ticket.timeout)] : []),
    ],
  };
};

/** A node commits, and what is ready is settled. Aborts: `settlement` 3, `dynamic_field` 1, `settlement` 1, 0, then those of settling. */
export const submitCommitment = (world: World, context: RuleContext, given: Commitment): Effect => {
  check(given.merkleRoot.length === HASH_BYTES && given.chunkHash.length === HASH_BYTES, 3);
  const before = entryOf(world.prompts, given.ticketId);
  check(!before.completed.includes(given.node), 1);
  check(before.all.includes(given.node), 0);
  const { ticket, events } = noted(before, given);
  return finished(given.ticketId, events, settled(world, context, given.ticketId, ticket));
};

/** Anybody's attempt to settle. Aborts: `dynamic_field` 1, then those of settling. */
export const tryToSettle = (world: World, context: RuleContext, ticketId: string): Effect =>
  finished(ticketId, [], settled(world, context, ticketId, entryOf(world.prompts, ticketId)));

/** An oracle's word in a dispute. */
export interface OracleWord {
  readonly node: bigint;
  readonly ticketId: string;
  readonly leaves: Uint8Array;
}

/**
 * An oracle's word. The contract takes the token counts out of the ticket twice, and finds none the second time, so no
 * dispute can be settled: what it would slash and share is undone. Aborts: `dynamic_field` 1, `settlement` 2, 4,
 * `dynamic_field` 1, 5 (db), `settlement` 5, `option` 262145.
 */
export const settleDispute = (world: World, context: RuleContext, word: OracleWord): Effect => {
  const ticket = entryOf(world.prompts, word.ticketId);
  check(ticket.isDisputed && didTimeout(ticket, context), 2);
  check(word.leaves.length === ticket.merkleLeaves.length, 4);
  check(echelonOf(world, ticket.model, ticket.echelon).oracles.includes(word.node), 5);
  const places = new Set([...ticket.all, ...ticket.completed]);
  const most = [...places].reduce((sum, id) => sum + (world.nodes.get(id)?.collateral ?? 0n), 0n);
  // With that much to slash the shares may overflow before the counts are missed.
  if (most * PERMILLE > u64.max) throw new NotExecuted('settlement::settle_dispute over collateral this high');
  return abortWith('std::option', 262_145n);
};
