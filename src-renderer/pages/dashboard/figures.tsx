/** Earned, pending, claimable and claimed kept apart, with reputation and collateral beside them. */
import { useTranslation } from 'react-i18next';
import type { EarningsView, NodeView } from '../../../src-shared/bridge/views.ts';
import { Amount, ReadAmount, Unknown } from '../../components/amount.tsx';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { Term } from '../../components/term.tsx';
import { useAct, useCall } from '../../data/client.tsx';

function ClaimButton() {
  const { t } = useTranslation();
  const tell = useTell();
  const stacks = useCall('stacks.list', { unfinishedOnly: true }).data ?? [];
  const claim = useAct('stacks.claim', ['stacks.list', 'earnings.get', 'ledger.list']);
  const ids = stacks
    .filter((stack) => stack.phase === 'claimable')
    .map((stack) => stack.stackSmallId)
    .slice(0, 50);
  if (ids.length === 0) return null;
  const run = (): void =>
    claim.mutate(
      { stackSmallIds: ids },
      {
        onSuccess: (outcome) =>
          tell(outcome.status === 'success', outcome.error?.message ?? t(`proposal.outcome.${outcome.status}`)),
        onError: (error) => tell(false, error.message),
      },
    );
  return (
    <Button small look="primary" busy={claim.isPending} onClick={run}>
      {t('stacks.claim')}
    </Button>
  );
}

/** The row of figures. */
export function Figures({ earnings, node }: { earnings: EarningsView; node: NodeView | undefined }) {
  const { t } = useTranslation();
  const { coin, earned } = earnings;
  return (
    <div className="figures span-12">
      <section className="figure-cell" aria-labelledby="fig-earned">
        <h2 id="fig-earned">{t('dashboard.earnedToday')}</h2>
        <Amount value={earned.today} coin={coin} size="large" />
        <div className="figure-sub">
          {(['days7', 'days30', 'all'] as const).map((range) => (
            <span key={range}>
              {t(`dashboard.range.${range}`)} <Amount value={earned[range]} coin={coin} />
            </span>
          ))}
        </div>
      </section>
      <section className="figure-cell" aria-labelledby="fig-pending">
        <h2 id="fig-pending">{t('dashboard.pending')}</h2>
        <ReadAmount reading={earnings.pending} coin={coin} size="large" reason={t('dashboard.unknownPending')} />
        <p className="figure-sub">{t('dashboard.pendingHint')}</p>
      </section>
      <section className="figure-cell" aria-labelledby="fig-claimable">
        <h2 id="fig-claimable">{t('dashboard.claimable')}</h2>
        <ReadAmount reading={earnings.claimable} coin={coin} size="large" reason={t('dashboard.unknownChain')} />
        <div className="figure-sub figure-act">
          <p>{t('dashboard.claimableHint')}</p>
          <ClaimButton />
        </div>
      </section>
      <section className="figure-cell" aria-labelledby="fig-claimed">
        <h2 id="fig-claimed">{t('dashboard.claimed')}</h2>
        <ReadAmount reading={earnings.claimed} coin={coin} size="large" reason={t('dashboard.unknownChain')} />
        <p className="figure-sub">{t('dashboard.claimedHint')}</p>
      </section>
      <section className="figure-cell" aria-labelledby="fig-standing">
        <h2 id="fig-standing">
          <Term name="reputation">{t('dashboard.reputation')}</Term>
        </h2>
        <p className="figure">
          {earnings.reputation.value === null ? (
            <Unknown reason={t('dashboard.unknownChain')} />
          ) : (
            earnings.reputation.value
          )}
          {earnings.reputation.value !== null && (
            <span className="muted reputation-of"> {t('dashboard.ofHundred')}</span>
          )}
        </p>
        <div className="figure-sub">
          <span>
            <Term name="collateral" />{' '}
            <ReadAmount reading={earnings.collateral} coin={coin} reason={t('dashboard.unknownChain')} />
          </span>
          {node?.nodeSmallId !== undefined && node.nodeSmallId !== null && (
            <span>
              {t('dashboard.node')} <span>#{node.nodeSmallId.toString()}</span>
            </span>
          )}
        </div>
      </section>
    </div>
  );
}
