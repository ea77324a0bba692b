/** G2's confidential keys: the administrator calls for new ones, each node commits to its own (protocol.md 2.3, 2.7). */
import { G2_MAX_DEVICE_TYPE, u64 } from '../../../../src-shared/atoma/index.ts';
import { effect, entryOf, ensure } from './outcome.ts';
import type { Effect, RuleContext } from './outcome.ts';
import { withEntry } from './world.ts';
import type { KeyCommitment, World } from './world.ts';

/** The administrator's call for new keys; `nonce` is drawn by the caller. */
export const rotateNetworkKey = (world: World, context: RuleContext, nonce: bigint): Effect => {
  const counter = u64.add(world.keyRotation.counter, 1n);
  return effect(
    { ...world, keyRotation: { counter, nonce } },
    { events: [{ name: 'NewKeyRotationEvent', fields: { keyRotationCounter: counter, epoch: context.epoch, nonce } }] },
  );
};

/** A node's commitment to a key for one device. The evidence is announced and not kept. */
export interface KeyRequest {
  readonly node: bigint;
  readonly publicKey: Uint8Array;
  readonly evidence: Uint8Array;
  readonly counter: bigint;
  readonly deviceType: number;
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

const committed = (before: KeyCommitment | null, request: KeyRequest, epoch: bigint): KeyCommitment => {
  const { counter, publicKey, deviceType } = request;
  if (before === null || counter > before.counter) return { counter, epoch, publicKey, deviceTypes: [deviceType] };
  // A device listed already keeps the old key silently, while the event announces the new one (protocol.md 2.3).
  if (before.deviceTypes.includes(deviceType)) return before;
  ensure(sameBytes(before.publicKey, publicKey), 50);
  return { ...before, epoch, deviceTypes: [...before.deviceTypes, deviceType] };
};

/** Commits the node to a key. Aborts: 48, `dynamic_field` 1, 49, 50. */
export const rotateNodeKey = (world: World, context: RuleContext, request: KeyRequest): Effect => {
  ensure(request.deviceType <= G2_MAX_DEVICE_TYPE, 48);
  const node = entryOf(world.nodes, request.node);
  ensure(request.counter === world.keyRotation.counter, 49);
  ensure(request.counter >= (node.keyCommitment?.counter ?? 0n), 49);
  const keyCommitment = committed(node.keyCommitment, request, context.epoch);
  return effect(
    { ...world, nodes: withEntry(world.nodes, request.node, { ...node, keyCommitment }) },
    {
      events: [
        {
          name: 'NodePublicKeyCommittmentEvent',
          fields: {
            epoch: context.epoch,
            keyRotationCounter: request.counter,
            nodeId: request.node,
            newPublicKey: request.publicKey,
            deviceType: request.deviceType,
            evidenceBytes: request.evidence,
          },
        },
      ],
    },
  );
};
