/** The sentence beside the state word, from the node's own facts (coordinator.md 8, design.md "Frame"). */
import type { TFunction } from 'i18next';
import type { NodeView } from '../../src-shared/bridge/views.ts';
import { modelName, rateText } from '../format/quantity.ts';

/** "waiting for work on 2 tasks"; while work runs what, for whom and how fast. */
export function reasonText(node: NodeView, t: TFunction): string {
  const first = node.running[0];
  if (node.reason === 'running' && first !== undefined) {
    const what = t('reason.serving', { model: modelName(first.model), stack: first.stackSmallId.toString() });
    const speed = node.tokensPerSecond === null ? [] : [t('reason.speed', { rate: rateText(node.tokensPerSecond) })];
    return [what, ...speed, t('reason.slots', { used: node.slots.used, total: node.slots.total })].join(' · ');
  }
  if (node.reason === 'waiting_for_work') return t('reason.waiting_for_work', { count: node.subscribedTasks });
  return t(`reason.${node.reason}`);
}
