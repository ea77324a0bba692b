/** The bridge's leaving area: the toggle, and what it shows (coordinator.md 8). */
import { localMoment } from '../core/chain-time.ts';
import { leaveView } from '../core/views/leave-view.ts';
import type { NodeArea } from '../handlers/node-handlers.ts';
import { needChain, type AreaParts } from './area-parts.ts';
import { openRequests } from './attestation-area.ts';

/** Assembles the area over the live parts. */
export function leaveArea(parts: AreaParts): NodeArea['leave'] {
  const { deps } = parts;
  return {
    view: async () => {
      const live = needChain(parts);
      const facts = live.leaveFacts();
      const plan = live.leave.plan();
      const earnings = live.chain.earnings();
      const stacks = live.chain.stackViews(0);
      const local = (atMs: number | null): number | null => localMoment(atMs, facts.nowMs, deps.now());
      const view = leaveView(live.leave.row(), plan, facts, {
        coin: live.profile.coin,
        openValue: earnings.pending.value,
        claimableValue: earnings.claimable.value,
        disputedValue: stacks.reduce((sum, stack) => (stack.phase === 'disputed' ? sum + stack.value : sum), 0n),
        stranded: stacks.flatMap(({ phase, strandedBy, value }) => (phase === 'stranded' && strandedBy !== null ? [{ why: strandedBy, value }] : [])),
        requests: openRequests(live),
        collateral: earnings.collateral.value,
        chainReadAtMs: live.chain.snapshot().readAtMs,
      }, live.leave.problem());
      return { ...view, startedMs: local(view.startedMs), cancelWindowEndsMs: local(view.cancelWindowEndsMs), cooldownEndsMs: local(view.cooldownEndsMs) };
    },
    start: async () => {
      await parts.needSession().chain.refresh();
      parts.needSession().leave.start();
      parts.changed('node');
      advanceLeave(parts);
    },
    cancel: async () => {
      parts.needSession().leave.cancel();
      parts.changed('node');
      advanceLeave(parts);
    },
  };
}

/** Leaving goes on by itself; what holds it up is logged and shown by its steps. */
function advanceLeave({ needSession, deps }: AreaParts): void {
  needSession()
    .leave.advance()
    .catch((error: unknown) => deps.log.warn('leave.waiting', { error }));
}
