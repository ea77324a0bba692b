/** An intent as a sentence for the preview; main decodes and shows it once more on its own page. */
import type { TFunction } from 'i18next';
import type { Intent, Preview } from '../../src-shared/bridge/intents.ts';
import { parkedPrice } from '../../src-shared/bridge/intents.ts';
import { countText } from '../format/amount.ts';
import { idListText } from '../format/quantity.ts';

/** What happens when it is confirmed, in the terms of the contract's generation. */
export function intentText(intent: Intent, terms: Preview['terms'], t: TFunction): string {
  const unit =
    terms.priceUnit === 1n ? t('proposal.perUnit') : t('proposal.perUnits', { units: countText(terms.priceUnit) });
  switch (intent.kind) {
    case 'faucet':
      return t('proposal.does.faucet');
    case 'register':
      return t(terms.takesCollateral ? 'proposal.does.register' : 'proposal.does.registerFree');
    case 'disable':
      return t('proposal.does.disable');
    case 'destroy':
      return t('proposal.does.destroy');
    case 'subscribe':
    case 'update_subscription':
      if (intent.price === parkedPrice) return t('proposal.does.park', { task: intent.taskSmallId.toString() });
      return t(`proposal.does.${intent.kind}`, {
        task: intent.taskSmallId.toString(),
        price: countText(intent.price),
        unit,
        units: countText(intent.maxComputeUnits),
      });
    case 'unsubscribe':
      return t('proposal.does.unsubscribe', { task: intent.taskSmallId.toString() });
    case 'settle':
      return t('proposal.does.settle', {
        stack: intent.stackSmallId.toString(),
        units: countText(intent.claimedUnits),
      });
    case 'claim':
      return t('proposal.does.claim', { stacks: idListText(intent.stackSmallIds) });
    case 'claim_direct':
      return t('proposal.does.claim_direct', { stacks: idListText(intent.stackSmallIds) });
    case 'rotate_key':
      return t('proposal.does.rotate_key', { counter: intent.counter.toString() });
    case 'withdraw_fees':
      return t('proposal.does.withdraw_fees');
    case 'attest':
    case 'dispute':
      return t(`proposal.does.${intent.kind}`, { stack: intent.stackSmallId.toString() });
    case 'create_task':
      return t('proposal.does.create_task', { model: intent.modelName ?? '–' });
    case 'deprecate_task':
    case 'remove_task':
      return t(`proposal.does.${intent.kind}`, { task: intent.taskSmallId.toString() });
    case 'buy_stack':
      return t('proposal.does.buy_stack', {
        task: intent.taskSmallId.toString(),
        units: countText(intent.computeUnits),
        price: countText(intent.price),
        unit,
      });
    case 'transfer':
      return t('proposal.does.transfer', { to: intent.to });
  }
}
