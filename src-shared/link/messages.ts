/** Every frame of coordinator link v1 as a schema; unknown fields are ignored, named ones are required (coordinator.md 3). */
import { z } from 'zod';
import { addressSchema, base64Schema, hash32Schema, modelIdSchema, taskIdSchema } from '../domain/ids.ts';
import { nodeStateSchema } from '../domain/node-state.ts';
import {
  declineCodeSchema,
  failureCodeSchema,
  historyRefusedCodeSchema,
  refusedCodeSchema,
  rejectReasonSchema,
  workloadClassSchema,
} from './codes.ts';

const integer = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const signature = z.string().min(1).max(400);
const gauge = z.number().nullable();
const message = z.string().max(2000).optional();

/** One GPU as a heartbeat reports it; null where the machine does not tell. */
export const gpuGaugeSchema = z.object({ util_pct: gauge, vram_used_mb: gauge, temp_c: gauge, power_w: gauge });
export type GpuGauge = z.infer<typeof gpuGaugeSchema>;

const challenge = z.object({
  type: z.literal('challenge'),
  nonce: hash32Schema,
  ts: integer,
  coordinator_id: addressSchema,
  sig: signature,
});
const welcome = z.object({
  type: z.literal('welcome'),
  session_id: z.string().min(1).max(200),
  heartbeat_interval_ms: z.number().int().min(1_000).max(120_000),
  missed_heartbeats_allowed: z.number().int().min(0).max(1_000),
  /** Dispatched to this node and neither declined, failed, answered nor given up. */
  awaiting: z.array(taskIdSchema),
});
const refused = z.object({ type: z.literal('refused'), code: refusedCodeSchema, message });
const heartbeatAck = z.object({ type: z.literal('heartbeat_ack'), seq: integer, ts: integer });
const dispatch = z.object({
  type: z.literal('dispatch'),
  task_id: taskIdSchema,
  task_small_id: integer,
  stack_small_id: integer,
  /** A string here: a class that this node does not know is declined `unsupported_workload`, not a broken frame. */
  workload_class: z.string().min(1).max(60),
  /** `<name>@<revision>`; empty for wasm.run. Outranks the model in the body. */
  model: z.union([modelIdSchema, z.literal('')]),
  max_compute_units: integer,
  deadline_ts: integer,
  stream: z.boolean(),
  /** Compact JWE. */
  envelope: z.string().min(1),
});
const resultAck = z
  .object({
    type: z.literal('result_ack'),
    task_id: taskIdSchema,
    status: z.enum(['accepted', 'duplicate', 'rejected']),
    entry_index: integer.optional(),
    reason: rejectReasonSchema.optional(),
    sig: signature,
  })
  .refine((ack) => (ack.status === 'rejected' ? ack.reason !== undefined : ack.entry_index !== undefined), {
    error: 'entry_index stands with all but rejected, reason with rejected',
  });
const failureAck = z.object({ type: z.literal('failure_ack'), task_id: taskIdSchema });
const cancel = z.object({ type: z.literal('cancel'), task_id: taskIdSchema, reason: message });
const historyItem = z.object({
  index: integer,
  task_id: taskIdSchema,
  workload_class: workloadClassSchema,
  model: z.string(),
  max_compute_units: integer,
  envelope: z.string().min(1),
  entry: hash32Schema,
  fingerprint: z.string(),
});
const history = z.object({
  type: z.literal('history'),
  stack_small_id: integer,
  items: z.array(historyItem).max(256),
  /** Value for `after` of the next request; null at the end. */
  next: z.number().int().nullable(),
});
const historyRefused = z.object({ type: z.literal('history_refused'), stack_small_id: integer, code: historyRefusedCodeSchema });
const bye = z.object({ type: z.literal('bye'), code: z.string().min(1).max(60), message });

/** Frames a coordinator sends. */
export const coordinatorMessageSchema = z.discriminatedUnion('type', [
  challenge,
  welcome,
  refused,
  heartbeatAck,
  dispatch,
  resultAck,
  failureAck,
  cancel,
  history,
  historyRefused,
  bye,
]);
export type CoordinatorMessage = z.infer<typeof coordinatorMessageSchema>;
export type Dispatch = z.infer<typeof dispatch>;
export type Welcome = z.infer<typeof welcome>;
export type ResultAck = z.infer<typeof resultAck>;
export type HistoryItem = z.infer<typeof historyItem>;

const hello = z.object({
  type: z.literal('hello'),
  /** Checked by its own schema afterwards: what is wrong in it is refused (bad_manifest), not a broken frame. */
  manifest: z.record(z.string(), z.unknown()),
  nonce: z.string(),
  ts: integer,
  sig: z.string(),
});
const heartbeat = z.object({
  type: z.literal('heartbeat'),
  seq: z.number().int().min(1),
  ts: integer,
  state: nodeStateSchema,
  running: integer,
  free_slots: integer,
  gpu: z.array(gpuGaugeSchema),
  sig: signature,
});
const accepted = z.object({ type: z.literal('accepted'), task_id: taskIdSchema });
const declined = z.object({ type: z.literal('declined'), task_id: taskIdSchema, code: declineCodeSchema, message });
const chunk = z.object({ type: z.literal('chunk'), task_id: taskIdSchema, seq: integer, data: base64Schema });
const result = z.object({
  type: z.literal('result'),
  task_id: taskIdSchema,
  stack_small_id: integer,
  result: base64Schema,
  poe: hash32Schema,
  entry: hash32Schema,
  compute_units: integer,
  usage: z.object({ input: integer, output: integer }),
  fingerprint: z.string().max(300),
  timing: z.object({ queued_ms: integer, decrypt_ms: integer, execute_ms: integer, total_ms: integer }),
  sig: signature,
});
const failure = z.object({
  type: z.literal('failure'),
  task_id: taskIdSchema,
  code: failureCodeSchema,
  message,
  ts: integer,
  sig: signature,
});
/** The node takes nothing new until the session ends: new dispatches are declined `paused`, running work finishes. */
const drain = z.object({ type: z.literal('drain'), reason: message });
const historyRequest = z.object({
  type: z.literal('history_request'),
  stack_small_id: integer,
  after: z.number().int().min(-1),
  sig: signature,
});

/** Frames a node sends. */
export const nodeMessageSchema = z.discriminatedUnion('type', [
  hello,
  heartbeat,
  accepted,
  declined,
  chunk,
  result,
  failure,
  drain,
  historyRequest,
  bye,
]);
export type NodeMessage = z.infer<typeof nodeMessageSchema>;
export type ResultMessage = z.infer<typeof result>;
export type HeartbeatMessage = z.infer<typeof heartbeat>;

