/** Why a state holds, as a sentence's end, in English: what the window, the tray and the system's notices say alike (product.md: "all text in one catalogue"). */
import type { StateReason } from './node-state.ts';

/** Words of the reasons that are said alike everywhere; the others depend on what the reader can do where they are. */
export const reasonWords = {
  leaving_finishing_work: 'finishing the work that runs before leaving',
  leaving_settling: 'settling open stacks before leaving',
  leaving_waiting_window: 'waiting for challenge windows to end',
  leaving_waiting_cancel_window: 'nothing is open; leaving can still be cancelled',
  leaving_disabling: 'disabling the node on chain',
  leaving_waiting_collateral: 'waiting until the collateral is unlocked',
  leaving_destroying: 'returning the collateral',
  left: 'this node has left the network',
  running: 'working',
  running_paused: 'finishing the work that runs, then paused',
  running_unlinked: 'working; the link is down and is opened again',
  not_set_up: 'set-up is not finished',
  chain_unknown: 'the chain has not been read yet',
  not_registered: 'this node is not registered',
  disabled: 'this node is disabled on chain',
  not_subscribed: 'not subscribed to any task',
  no_model: 'no model of a subscribed task is ready',
  no_link: 'no link to the coordinator; connecting',
  paused: 'paused by you',
  too_hot: 'too hot; resumes when cool',
  by_schedule: 'outside its schedule',
} as const satisfies Partial<Record<StateReason, string>>;
