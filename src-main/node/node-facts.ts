/** Reads from the live parts what the node's state is derived from (coordinator.md 8). */
import type { Hold } from '../../src-shared/bridge/hardware-calls.ts';
import type { NodeFacts } from '../core/node-machine.ts';
import { isActive } from '../core/views/task-views.ts';
import type { VaultStatus } from '../keys/vault.ts';
import type { Session } from '../session/session-parts.ts';

type Sources = { session: Session | null; vault: VaultStatus; started: boolean; paused: boolean; holds: readonly Hold[] };

/** The facts now; without a session nothing of chain and link is known. */
export function nodeFacts({ session, vault, started, paused, holds }: Sources): NodeFacts {
  const snapshot = session?.chain.snapshot() ?? null;
  const registration = snapshot?.registration ?? null;
  const plan = session?.leave.plan() ?? null;
  const status = session?.link?.status() ?? null;
  return {
    leaving: plan?.reason ?? null,
    left: (session?.leave.row()?.finishedMs ?? null) !== null,
    running: session?.jobs.running().length ?? 0,
    keys: vault.unlocked ? 'open' : vault.exists ? 'locked' : 'none',
    setUp: started,
    chainRead: registration !== null,
    registered: registration?.registered === true,
    disabled: registration?.registered === true && registration.node.disabledAtEpoch !== null,
    subscribed: [...(snapshot?.subscriptions?.values() ?? [])].some(isActive),
    modelReady: (session?.servedTasks().length ?? 0) > 0,
    link: status?.status === 'connected' ? 'up' : status?.status === 'refused' ? 'refused' : 'down',
    paused: paused || status?.draining === true,
    tooHot: holds.includes('too_hot'),
    inUse: holds.includes('in_use'),
    outsideSchedule: holds.includes('by_schedule'),
  };
}
