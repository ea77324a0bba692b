/** Earned, pending, claimable and claimed kept apart, with reputation and collateral beside them. */
import type { ReactNode } from 'react';
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

/** One cell: what it is, its figure, and what stands below. */
function Cell(props: { name: string; title: ReactNode; figure: ReactNode; children: ReactNode }) {
  const id = `fig-${props.name}`;
  return (
    <section className="figure-cell" aria-labelledby={id}>
      <h2 id={id}>{props.title}</h2>
      {props.figure}
      {props.children}
    </section>
  );
}

function Standing({ earnings, node }: { earnings: EarningsView; node: NodeView | undefined }) {
  const { t } = useTranslation();
  return (
    <div className="figure-sub">
      <span>
        <Term name="collateral" />{' '}
        <ReadAmount reading={earnings.collateral} coin={earnings.coin} reason={t('dashboard.unknownChain')} />
      </span>
      {node?.nodeSmallId !== undefined && node.nodeSmallId !== null && (
        <span>
          {t('dashboard.node')} <span>#{node.nodeSmallId.toString()}</span>
        </span>
      )}
    </div>
  );
}

function Reputation({ value }: { value: number | null }) {
  const { t } = useTranslation();
  return (
    <p className="figure">
      {value === null ? <Unknown reason={t('dashboard.unknownChain')} /> : value}
      {value !== null && <span className="muted reputation-of"> {t('dashboard.ofHundred')}</span>}
    </p>
  );
}

/** The row of figures; `earnings` is null where they could not be read. */
export function Figures({ earnings, node }: { earnings: EarningsView | null; node: NodeView | undefined }) {
  const { t } = useTranslation();
  const large = (show: (view: EarningsView) => ReactNode): ReactNode =>
    earnings === null ? (
      <span className="amount large">
        <Unknown reason={t('state.notRead')} />
      </span>
    ) : (
      show(earnings)
    );
  const read = (of: 'pending' | 'claimable' | 'claimed', reason: string): ReactNode =>
    large((view) => <ReadAmount reading={view[of]} coin={view.coin} size="large" reason={reason} />);
  return (
    <div className="figures span-12">
      <Cell
        name="earned"
        title={t('dashboard.earnedToday')}
        figure={large(({ earned, coin }) => (
          <Amount value={earned.today} coin={coin} size="large" />
        ))}
      >
        {earnings !== null && (
          <div className="figure-sub">
            {(['days7', 'days30', 'all'] as const).map((range) => (
              <span key={range}>
                {t(`dashboard.range.${range}`)} <Amount value={earnings.earned[range]} coin={earnings.coin} />
              </span>
            ))}
          </div>
        )}
      </Cell>
      <Cell name="pending" title={t('dashboard.pending')} figure={read('pending', t('dashboard.unknownPending'))}>
        <p className="figure-sub">{t('dashboard.pendingHint')}</p>
      </Cell>
      <Cell name="claimable" title={t('dashboard.claimable')} figure={read('claimable', t('dashboard.unknownChain'))}>
        <div className="figure-sub figure-act">
          <p>{t('dashboard.claimableHint')}</p>
          <ClaimButton />
        </div>
      </Cell>
      <Cell name="claimed" title={t('dashboard.claimed')} figure={read('claimed', t('dashboard.unknownChain'))}>
        <p className="figure-sub">{t('dashboard.claimedHint')}</p>
      </Cell>
      <Cell
        name="standing"
        title={<Term name="reputation">{t('dashboard.reputation')}</Term>}
        figure={large(({ reputation }) => (
          <Reputation value={reputation.value} />
        ))}
      >
        {earnings !== null && <Standing earnings={earnings} node={node} />}
      </Cell>
    </div>
  );
}
