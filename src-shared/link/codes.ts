/** The closed code lists of coordinator link v1 (coordinator.md 3). */
import { z } from 'zod';

/** Why a hello is refused, in the order of the checks. */
export const refusedCodeSchema = z.enum([
  'bad_manifest',
  'clock_skew',
  'bad_signature',
  'not_registered',
  'disabled',
  'in_cooldown',
  'sybil',
  'version_unsupported',
  'duplicate_session',
]);
export type RefusedCode = z.infer<typeof refusedCodeSchema>;

/** Why a dispatch is declined; the first that applies, in this order. */
export const declineCodeSchema = z.enum([
  'unstaking',
  'paused',
  'busy',
  'unsupported_workload',
  'unknown_stack',
  'not_my_stack',
  'stack_settling',
  'not_subscribed',
  'model_unavailable',
  'deadline_passed',
  'stack_exhausted',
  'bad_envelope',
]);
export type DeclineCode = z.infer<typeof declineCodeSchema>;

/** Why accepted work ends without a result. */
export const failureCodeSchema = z.enum([
  'decrypt_failed',
  'bad_payload',
  'model_failed',
  'out_of_memory',
  'result_too_large',
  'cancelled',
  'deadline_passed',
  'internal',
]);
export type FailureCode = z.infer<typeof failureCodeSchema>;

/** Failures that are not requeued under a new task_id. */
export const finalFailureCodes: readonly FailureCode[] = ['cancelled', 'bad_payload', 'result_too_large', 'deadline_passed'];

/** Why a result is rejected; the first that applies. `duplicate` is a status of its own, not listed here. */
export const rejectReasonSchema = z.enum(['unknown_task', 'bad_signature', 'bad_poe', 'bad_entry', 'over_budget', 'late']);
export type RejectReason = z.infer<typeof rejectReasonSchema>;

/** Why a history is refused. */
export const historyRefusedCodeSchema = z.enum(['not_requested', 'unknown_stack', 'no_history']);
export type HistoryRefusedCode = z.infer<typeof historyRefusedCodeSchema>;

/** What a dispatch may ask for; training and media.render are known names that v1 refuses. */
export const workloadClassSchema = z.enum(['ai.inference', 'ai.embedding', 'ai.vision', 'ai.image', 'ai.speech', 'wasm.run']);
export type WorkloadClass = z.infer<typeof workloadClassSchema>;

/** Numbers fixed by the link (coordinator.md 3 and 4). */
export const linkLimits = {
  path: '/v1/link',
  subprotocol: 'node-link.v1',
  maxFrameBytes: 4 * 1024 * 1024,
  maxPlaintextBytes: 2 * 1024 * 1024,
  maxResultBytes: 2 * 1024 * 1024,
  maxClockSkewMs: 90_000,
  maxManifestAgeMs: 24 * 3_600_000,
  helloTimeoutMs: 10_000,
  answerTimeoutMs: 2_000,
  pingTimeoutMs: 5_000,
  lateGraceMs: 5_000,
  defaultHeartbeatMs: 30_000,
  reconnectFloorMs: 500,
  reconnectCeilingMs: 60_000,
  badSignatureLimit: 5,
  closeProtocol: 1008,
  closeTooLarge: 1009,
} as const;
