/** The two lines of a rule: its name, and its live value in a sentence. */
import type { TFunction } from 'i18next';
import type { IdleRule } from '../../../src-shared/bridge/idle.ts';
import { suiCoin, type Coin } from '../../../src-shared/domain/amounts.ts';
import { amountSentence, countText } from '../../format/amount.ts';
import { durationText } from '../../format/time.ts';
import { modelName } from '../../format/quantity.ts';

/** Values of the sentence in the locale's writing; what is not known is left out. */
function valuesOf(rule: IdleRule, coin: Coin): Record<string, string | number> {
  const { figures, amounts, words, taskSmallId } = rule;
  const counted = Object.fromEntries(Object.entries(amounts).map(([name, value]) => [name, countText(value)]));
  const amountOf = (name: string, of: Coin): Record<string, string> =>
    amounts[name] === undefined ? {} : { [name]: amountSentence(amounts[name], of) };
  return {
    ...figures,
    ...words,
    ...counted,
    ...amountOf('collateral', coin),
    ...(amounts.suiMist === undefined ? {} : { sui: amountSentence(amounts.suiMist, suiCoin) }),
    ...(amounts.reserveMist === undefined ? {} : { reserve: amountSentence(amounts.reserveMist, suiCoin) }),
    ...(figures.aheadMs === undefined ? {} : { ahead: durationText(Math.abs(figures.aheadMs)) }),
    ...(figures.limitMs === undefined ? {} : { limit: durationText(figures.limitMs) }),
    ...(words.model === undefined ? {} : { model: modelName(words.model) }),
    ...(taskSmallId === null ? {} : { task: taskSmallId.toString() }),
  };
}

/** Name of the rule. */
export const ruleTitle = (rule: IdleRule, t: TFunction): string =>
  t(`whyIdle.rule.${rule.rule}.title`, rule.taskSmallId === null ? {} : { task: rule.taskSmallId.toString() });

/** What holds, in a sentence with the live values. */
export function ruleProof(rule: IdleRule, coin: Coin, t: TFunction): string {
  const values = valuesOf(rule, coin);
  if (rule.rule === 'keys' && rule.status === 'failed')
    return t(`whyIdle.rule.keys.failed_${rule.words.state === 'none' ? 'none' : 'locked'}`);
  if (rule.rule === 'subscribed' && rule.status === 'ok')
    return t('whyIdle.rule.subscribed.ok', { count: rule.figures.tasks ?? 0 });
  if (rule.rule === 'schedule' && rule.status === 'failed' && rule.figures.opensInMs !== undefined)
    return t('whyIdle.rule.schedule.failed_opens', { opens: durationText(rule.figures.opensInMs) });
  return t(`whyIdle.rule.${rule.rule}.${rule.status}` as 'whyIdle.rule.gas.ok', values).trim();
}
