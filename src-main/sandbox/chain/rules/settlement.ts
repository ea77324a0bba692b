/** Settling a stack, attesting to it, disputing it (protocol.md 2.3, 5.8, 6.4). */
import { blake2b } from '@noble/hashes/blake2.js';
import { u64 } from '../../../../src-shared/atoma/index.ts';
import { dbAbort, effect, entryOf, ensure, outOfGas } from './outcome.ts';
import type { Effect, RuleContext, RuleEvent } from './outcome.ts';
import { drawAttestors, needsSampling } from './stacks.ts';
import { termsOf } from './terms.ts';
import { withEntry } from './world.ts';
import type { TicketRecord, World } from './world.ts';

const requireHashes = (world: World, proof: Uint8Array, leaf: Uint8Array): void => {
  const { constants, offsets } = termsOf(world.generation);
  ensure(proof.length === constants.hashBytes, offsets.proof);
  ensure(leaf.length === constants.hashBytes, offsets.leaf);
};

/** An object holds at most 250 KiB on Sui; a ticket with more slots than that cannot be made, whatever the gas. */
const MOST_SLOT_BYTES = 250n * 1_024n;

/** The node's request to settle. */
export interface SettleRequest {
  readonly node: bigint;
  readonly stack: bigint;
  readonly claimedUnits: bigint;
  readonly proof: Uint8Array;
  readonly leaf: Uint8Array;
}

/** Opens the settlement ticket and perhaps draws attestors. Aborts: `dynamic_field` 1, 23, 25, 24, 42 (G2 41), 43 (G2 42). */
export const trySettle = (world: World, context: RuleContext, request: SettleRequest): Effect => {
  const stack = entryOf(world.stacks, request.stack);
  ensure(stack.selectedNode === request.node, 23);
  ensure(request.claimedUnits <= stack.units, 25);
  ensure(!world.tickets.has(request.stack), 24);
  requireHashes(world, request.proof, request.leaf);
  const requested = drawAttestors(world, context, entryOf(world.tasks, stack.task), stack);
  const { constants } = termsOf(world.generation);
  // Slots for the attestors' leaves by the setting, not by how many were drawn (6.4). They are written byte by byte:
  // far too many overflow their count, too many exhaust the gas before they are done.
  const slotBytes = u64.mul(world.settings.crossValidationExtraNodesCount, BigInt(constants.hashBytes));
  if (slotBytes > MOST_SLOT_BYTES) return outOfGas();
  const leaves = new Uint8Array(constants.hashBytes + Number(slotBytes));
  leaves.set(request.leaf);
  const ticket: TicketRecord = {
    selectedNode: request.node,
    claimedUnits: request.claimedUnits,
    requested,
    disputeSettledAtEpoch: context.epoch + constants.disputeDelayEpochs,
    proof: request.proof,
    leaves,
    attested: [],
    inDispute: false,
  };
  return effect(
    { ...world, tickets: withEntry(world.tickets, request.stack, ticket) },
    {
      events: [
        {
          name: 'StackTrySettleEvent',
          fields: {
            stackSmallId: request.stack,
            selectedNodeId: request.node,
            requestedAttestationNodes: [...requested],
            committedStackProof: request.proof,
            stackMerkleLeaf: request.leaf,
            numClaimedComputeUnits: request.claimedUnits,
          },
        },
      ],
    },
  );
};

/** An attestor's answer. */
export interface AttestRequest {
  readonly node: bigint;
  readonly stack: bigint;
  readonly proof: Uint8Array;
  readonly leaf: Uint8Array;
}

const disputeEvent = (stack: bigint, node: bigint, commitment: Uint8Array, ticket: TicketRecord): RuleEvent => ({
  name: 'StackAttestationDisputeEvent',
  fields: {
    stackSmallId: stack,
    attestationCommitment: commitment,
    attestationNodeId: node,
    originalNodeId: ticket.selectedNode,
    originalCommitment: ticket.proof,
  },
});

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

/** Marks the ticket disputed. Aborts: G2 46 if it is already (5.8). */
const disputed = (world: World, ticket: TicketRecord): TicketRecord => {
  if (termsOf(world.generation).restrictsDisputes) ensure(!ticket.inDispute, 46);
  return { ...ticket, inDispute: true };
};

/** The answer that completes the places: the root decides. One that does not match is told by the dispute alone, like a proof that does not (2.3, 6.4). */
const closing = (
  world: World,
  context: RuleContext,
  request: AttestRequest,
  ticket: TicketRecord,
  noted: RuleEvent,
): { ticket: TicketRecord; events: readonly RuleEvent[] } => {
  if (!sameBytes(blake2b(ticket.leaves, { dkLen: 32 }), ticket.proof)) {
    const event = disputeEvent(request.stack, request.node, request.proof, ticket);
    return { ticket: disputed(world, ticket), events: [event] };
  }
  const settled: RuleEvent = {
    name: 'StackSettlementTicketEvent',
    fields: {
      stackSmallId: request.stack,
      selectedNodeId: ticket.selectedNode,
      numClaimedComputeUnits: ticket.claimedUnits,
      requestedAttestationNodes: [...ticket.requested],
      disputeSettledAtEpoch: context.epoch,
      committedStackProof: ticket.proof,
    },
  };
  return { ticket, events: [noted, settled] };
};

/** Takes an answer; a different proof opens a dispute and the call still succeeds. Aborts: 27, 28, 42 (G2 41), 43 (G2 42), 26, 29, 30, G2 46. */
export const attest = (world: World, context: RuleContext, request: AttestRequest): Effect => {
  const stack = world.stacks.get(request.stack) ?? dbAbort(27);
  const ticket = world.tickets.get(request.stack) ?? dbAbort(28);
  requireHashes(world, request.proof, request.leaf);
  ensure(needsSampling(world, entryOf(world.tasks, stack.task)), 26);
  ensure(context.epoch <= ticket.disputeSettledAtEpoch, 29);
  const place = ticket.requested.indexOf(request.node);
  ensure(place >= 0, 30);
  const store = (next: TicketRecord): World => ({ ...world, tickets: withEntry(world.tickets, request.stack, next) });
  if (!sameBytes(request.proof, ticket.proof)) {
    return effect(store(disputed(world, ticket)), {
      events: [disputeEvent(request.stack, request.node, request.proof, ticket)],
    });
  }
  const leaves = ticket.leaves.slice();
  leaves.set(request.leaf, (place + 1) * termsOf(world.generation).constants.hashBytes);
  const answered: TicketRecord = { ...ticket, leaves, attested: [...ticket.attested, request.node] };
  const noted: RuleEvent = {
    name: 'NewStackSettlementAttestationEvent',
    fields: {
      stackSmallId: request.stack,
      attestationNodeId: request.node,
      committedStackProof: request.proof,
      stackMerkleLeaf: request.leaf,
    },
  };
  if (answered.attested.length !== ticket.requested.length) return effect(store(answered), { events: [noted] });
  const closed = closing(world, context, request, answered, noted);
  return effect(store(closed.ticket), { events: closed.events });
};

/** Any badge holder may dispute any ticket in G1, for good; in G2 once, and under sampling consensus only (5.8). Aborts: `dynamic_field` 1, G2 46, 47. */
export const dispute = (
  world: World,
  request: { readonly node: bigint; readonly stack: bigint; readonly commitment: Uint8Array },
): Effect => {
  const ticket = entryOf(world.tickets, request.stack);
  const marked = disputed(world, ticket);
  if (termsOf(world.generation).restrictsDisputes) {
    const task = entryOf(world.tasks, entryOf(world.stacks, request.stack).task);
    ensure(needsSampling(world, task), 47);
  }
  return effect(
    { ...world, tickets: withEntry(world.tickets, request.stack, marked) },
    { events: [disputeEvent(request.stack, request.node, request.commitment, ticket)] },
  );
};
