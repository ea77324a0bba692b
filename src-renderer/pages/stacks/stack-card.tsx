/** One stack: what is used, what it is worth, and its one next act. */
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Policies, StackView } from '../../../src-shared/bridge/views.ts';
import type { Coin } from '../../../src-shared/domain/amounts.ts';
import { suiCoin } from '../../../src-shared/domain/amounts.ts';
import { Amount } from '../../components/amount.tsx';
import { Button } from '../../components/button.tsx';
import { IdText } from '../../components/copy.tsx';
import { Notice } from '../../components/notice.tsx';
import { Progress } from '../../components/progress.tsx';
import { amountSentence, countText } from '../../format/amount.ts';
import { epochsLeft } from '../../format/epochs.ts';
import { modelName, percentOf } from '../../format/quantity.ts';
import { isAlmostFull, nextAct } from './pipeline.ts';

/** The policy that settles an open stack. */
export type SettlePolicies = Pick<Policies, 'autoSettle' | 'settleAtPercent'>;

/** What a card can ask for. */
export type StackActs = {
  settle: (id: bigint) => void;
  claim: (ids: readonly bigint[]) => void;
  busy: ReadonlySet<bigint>;
};

/** What an open stack waits for, by the policy; null while the policy is not read. */
function openText(stack: StackView, policies: SettlePolicies | undefined, t: TFunction): string | null {
  if (stack.awaitingAck > 0) return t('stacks.awaiting', { count: stack.awaitingAck });
  if (stack.usedUnits === 0n) return t('stacks.noneYet');
  if (policies === undefined) return null;
  if (!policies.autoSettle) return t('stacks.byHand');
  return isAlmostFull(stack, policies.settleAtPercent)
    ? t('stacks.almostFull')
    : t('stacks.settlesAt', { percent: countText(policies.settleAtPercent) });
}

function statusText(stack: StackView, policies: SettlePolicies | undefined, t: TFunction): string | null {
  if (stack.phase === 'challenge') {
    const left = epochsLeft(stack);
    if (left !== null) return t('stacks.epochsLeft', { count: left });
    // The event of a settlement names no end; the ticket that does is read behind it.
    return t(stack.epoch === null ? 'stacks.windowUnknown' : 'stacks.windowUnread');
  }
  if (stack.phase === 'working') return openText(stack, policies, t);
  if (stack.phase === 'settling' || stack.phase === 'claiming' || stack.phase === 'disputed' || stack.phase === 'gone')
    return t(`stacks.phaseHint.${stack.phase}`);
  return null;
}

/** The card. `policies` is what settles open stacks by itself. `selected` is given where several can be claimed together. */
export function StackCard(props: {
  stack: StackView;
  coin: Coin;
  acts: StackActs;
  policies: SettlePolicies | undefined;
  selected?: boolean;
  onSelect?: (on: boolean) => void;
}) {
  const { t } = useTranslation();
  const { stack, coin, acts } = props;
  const id = stack.stackSmallId.toString();
  const act = nextAct(stack);
  const status = statusText(stack, props.policies, t);
  const units = stack.claimedUnits ?? stack.usedUnits;
  const digest = stack.claimDigest ?? stack.settleDigest;
  return (
    <article className="stack-card" aria-labelledby={`stack-${id}`}>
      <h3 id={`stack-${id}`}>
        {props.onSelect !== undefined && (
          <input
            type="checkbox"
            className="check"
            aria-label={t('stacks.select', { id })}
            checked={props.selected ?? false}
            onChange={(event) => props.onSelect?.(event.target.checked)}
          />
        )}
        {t('stacks.stack', { id })}
      </h3>
      <p className="model">{stack.model === null ? t('task.noModel') : modelName(stack.model)}</p>
      <Amount
        value={stack.value}
        coin={coin}
        source={stack.phase === 'working' ? 'local' : 'chain'}
        readAtMs={stack.phase === 'claimed' ? null : stack.updatedMs}
        size="medium"
      />
      <Progress percent={percentOf(units, stack.numComputeUnits)} label={t('stacks.used', { id })} />
      <p className="stack-line">
        {t('stacks.unitsOf', { used: countText(units), total: countText(stack.numComputeUnits) })}
      </p>
      {stack.gasMist !== 0n && (
        <p className="stack-line">
          {t('stacks.gas')}{' '}
          <Amount value={stack.gasMist} coin={suiCoin} source="chain" reason={t('stacks.gasUnknown')} />
        </p>
      )}
      {digest !== null && <IdText id={digest} name={t('proposal.digest')} />}
      {status !== null && (stack.phase !== 'disputed' || stack.lastError === null) && <p className="hint">{status}</p>}
      {stack.strandedBy !== null && (
        <Notice
          tone="danger"
          title={t(`stacks.stranded.${stack.strandedBy}`, { amount: amountSentence(stack.value, coin) })}
        />
      )}
      {stack.strandedBy === null && stack.lastError !== null && (
        <Notice tone="danger" title={stack.lastError.message} />
      )}
      {act === 'settle' && (
        <Button
          small
          busy={acts.busy.has(stack.stackSmallId)}
          onClick={() => acts.settle(stack.stackSmallId)}
          aria-label={t('stacks.settleNamed', { id })}
        >
          {t('stacks.settle')}
        </Button>
      )}
      {act === 'claim' && (
        <Button
          small
          look="primary"
          busy={acts.busy.has(stack.stackSmallId)}
          onClick={() => acts.claim([stack.stackSmallId])}
          aria-label={t('stacks.claimNamed', { id })}
        >
          {t('stacks.claim')}
        </Button>
      )}
    </article>
  );
}
