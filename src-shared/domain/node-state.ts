/** The four local states and the reasons that stand beside them (coordinator.md 8). */
import { z } from 'zod';

/** UNSTAKING, EXECUTING, IDLE, READY in the precedence of coordinator.md 8. */
export const nodeStateSchema = z.enum(['UNSTAKING', 'EXECUTING', 'IDLE', 'READY']);
export type NodeState = z.infer<typeof nodeStateSchema>;

/** Why the state holds; IDLE names the first thing that is missing, in this order. */
export const stateReasonSchema = z.enum([
  'leaving_finishing_work',
  'leaving_settling',
  'leaving_waiting_window',
  'leaving_waiting_cancel_window',
  'leaving_disabling',
  'leaving_waiting_collateral',
  'leaving_destroying',
  'left',
  'running',
  'running_paused',
  'running_unlinked',
  'keys_locked',
  'not_set_up',
  'chain_unknown',
  'not_registered',
  'disabled',
  'not_subscribed',
  'no_model',
  'no_link',
  'link_refused',
  'paused',
  'too_hot',
  'in_use',
  'by_schedule',
  'waiting_for_work',
]);
export type StateReason = z.infer<typeof stateReasonSchema>;

/** A derived state with its reason. */
export type StateWithReason = { state: NodeState; reason: StateReason };
