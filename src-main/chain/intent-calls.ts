/** Which function of the contract an intent calls, and its plain arguments by parameter name; the call table picks those that its generation takes (protocol.md 2). */
import { bcs } from '@mysten/sui/bcs';
import { fromBase64, fromHex } from '@mysten/sui/utils';
import type { CallName, Contract } from '../../src-shared/atoma/index.ts';
import type { Intent } from '../../src-shared/bridge/intents.ts';
import { AppError } from '../../src-shared/errors.ts';
import { blake2b256, committedProof, stackLeaf } from '../../src-shared/link/proof.ts';

/** This node's place in a settlement ticket. */
export type AttestationFacts = {
  /** Index in the ticket's requested nodes. */
  readonly index: number;
  /** Leaves of the ticket beside the selected node's: m of protocol.md 6.4. */
  readonly extraNodes: number;
};

/** What the arguments are made from beside the intent. */
export type CallFacts = {
  readonly contract: Contract;
  /** `extra_nodes_count` at this moment: m of protocol.md 6.4. */
  readonly extraNodes: number;
  /** Merkle root over the entries of a stack; null while it has none. */
  readonly root: (stackSmallId: bigint) => Uint8Array | null;
  /** Set when the intent attests. */
  readonly attestation: AttestationFacts | null;
};

/** BCS of the plain arguments by parameter name. */
export type CallValues = Readonly<Record<string, Uint8Array>>;
type Call = { readonly name: CallName; readonly values: CallValues };

const u64 = (value: bigint): Uint8Array => bcs.u64().serialize(value).toBytes();
const u64s = (values: readonly bigint[]): Uint8Array => bcs.vector(bcs.u64()).serialize(values).toBytes();
const byteVector = (value: Uint8Array): Uint8Array => bcs.byteVector().serialize(value).toBytes();

/** The call behind an intent. Every intent but a transfer is one call. */
export function callOf(intent: Exclude<Intent, { kind: 'transfer' }>, facts: CallFacts): Call {
  switch (intent.kind) {
    case 'faucet':
      return { name: 'faucet', values: { amount: u64(intent.amount) } };
    case 'register':
      return { name: 'register_node_entry', values: {} };
    case 'subscribe':
      return { name: 'subscribe_node_to_task', values: offer(intent) };
    case 'update_subscription':
      return { name: 'update_node_subscription', values: offer(intent) };
    case 'unsubscribe':
      return { name: 'unsubscribe_node_from_task', values: task(intent) };
    case 'disable':
      return { name: 'permanently_disable_node', values: {} };
    case 'destroy':
      return { name: 'destroy_disabled_node', values: {} };
    case 'withdraw_fees':
      return { name: 'withdraw_fees', values: {} };
    case 'rotate_key':
      return { name: 'rotate_node_public_key', values: keyRotation(intent) };
    case 'deprecate_task':
      return { name: 'deprecate_task', values: {} };
    case 'remove_task':
      return { name: 'remove_deprecated_task', values: {} };
    case 'create_task':
      return { name: 'create_task_entry', values: newTask(intent, facts.contract) };
    case 'buy_stack':
      return { name: 'acquire_new_stack_entry', values: { ...task(intent), num_compute_units: u64(intent.computeUnits), price: u64(intent.price) } };
    default:
      return stackCall(intent, facts);
  }
}

type StackIntent = Extract<Intent, { kind: 'settle' | 'claim' | 'claim_direct' | 'attest' | 'dispute' }>;

/** Calls about stacks. */
function stackCall(intent: StackIntent, facts: CallFacts): Call {
  switch (intent.kind) {
    case 'settle':
      return { name: 'try_settle_stack', values: settlement(intent, facts) };
    case 'claim':
      return { name: 'claim_funds', values: { settled_ticket_ids: u64s(intent.stackSmallIds) } };
    case 'claim_direct':
      return { name: 'claim_funds_for_stacks', values: { stack_small_ids: u64s(intent.stackSmallIds), num_compute_units_per_stack_to_claim: u64s(intent.units) } };
    case 'attest':
      return { name: 'submit_stack_settlement_attestation', values: attestation(intent, facts) };
    case 'dispute':
      return { name: 'start_attestation_dispute', values: { stack_small_id: u64(intent.stackSmallId), attestation_commitment: byteVector(fromHex(intent.commitment)) } };
  }
}

const task = ({ taskSmallId }: { taskSmallId: bigint }): CallValues => ({ task_small_id: u64(taskSmallId) });

/** The price under both names, the capacity also where the contract fixes it: the table takes what it knows. */
const offer = (intent: { taskSmallId: bigint; price: bigint; maxComputeUnits: bigint }): CallValues => ({
  ...task(intent),
  price_per_compute_unit: u64(intent.price),
  price_per_one_million_compute_units: u64(intent.price),
  max_num_compute_units: u64(intent.maxComputeUnits),
});

const keyRotation = (intent: Extract<Intent, { kind: 'rotate_key' }>): CallValues => ({
  confidential_compute_public_key_commitment: byteVector(fromHex(intent.publicKey)),
  confidential_compute_evidence_bytes: byteVector(fromBase64(intent.evidence)),
  key_rotation_counter: u64(intent.counter),
  device_type: bcs.u16().serialize(intent.deviceType).toBytes(),
});

const newTask = (intent: Extract<Intent, { kind: 'create_task' }>, contract: Contract): CallValues => ({
  role: bcs.u16().serialize(intent.role).toBytes(),
  model_name: bcs.option(bcs.string()).serialize(intent.modelName).toBytes(),
  security_level: bcs.option(bcs.u16()).serialize(contract.securityCodes[intent.securityLevel]).toBytes(),
  minimum_reputation_score: bcs.option(bcs.u8()).serialize(intent.minimumReputation).toBytes(),
  is_public: bcs.bool().serialize(intent.isPublic).toBytes(),
});

/** Proof and leaf by the rule at the end of protocol.md 6.4. A stack without entries has no root; any 32 bytes pass, so its root is the hash of nothing. */
function settlement(intent: { stackSmallId: bigint; claimedUnits: bigint }, facts: CallFacts): CallValues {
  const root = facts.root(intent.stackSmallId) ?? blake2b256(new Uint8Array());
  return {
    stack_small_id: u64(intent.stackSmallId),
    num_claimed_compute_units: u64(intent.claimedUnits),
    committed_stack_proof: byteVector(committedProof(root, facts.extraNodes)),
    stack_merkle_leaf: byteVector(stackLeaf(0, root)),
  };
}

/** "Attestor at index j of `requested_attestation_nodes`: i = j + 1"; the proof reaches over all leaves of the ticket (protocol.md 6.3, 6.4). */
function attestation(intent: { stackSmallId: bigint; root: string }, facts: CallFacts): CallValues {
  if (facts.attestation === null) throw new AppError('chain.rejected', { detail: 'this node was not asked to attest that stack' });
  const root = fromHex(intent.root);
  return {
    stack_small_id: u64(intent.stackSmallId),
    committed_stack_proof: byteVector(committedProof(root, facts.attestation.extraNodes)),
    stack_merkle_leaf: byteVector(stackLeaf(facts.attestation.index + 1, root)),
  };
}
