/** One console in a sheet: what it said last, what is wrong with reading it, its certificate, and its removal. */
import { RefreshCw, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { FleetNode } from '../../../src-shared/bridge/fleet-calls.ts';
import { Amount, Unknown } from '../../components/amount.tsx';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { Facts } from '../../components/card.tsx';
import { Notice, type Tone } from '../../components/notice.tsx';
import { Sheet } from '../../components/sheet.tsx';
import { useNow } from '../../components/use-now.ts';
import { useAct } from '../../data/client.tsx';
import { countText } from '../../format/amount.ts';
import { agoText } from '../../format/time.ts';
import { ConsoleState } from './console-state.tsx';

const toneOf: Record<'info' | 'warning' | 'danger', Tone> = { info: 'idle', warning: 'unstaking', danger: 'danger' };

function Said({ node }: { node: FleetNode }) {
  const { t } = useTranslation();
  const nowMs = useNow(10_000);
  const { summary, lastSeenMs } = node;
  if (summary === null) return <p className="muted">{t('fleet.panel.neverSeen')}</p>;
  const amount = (value: bigint | null) =>
    value === null ? (
      <Unknown reason={t('fleet.unsaid')} />
    ) : (
      <Amount value={value} coin={summary.coin} source="local" readAtMs={lastSeenMs} />
    );
  return (
    <Facts
      rows={[
        [t('fleet.column.seen'), lastSeenMs === null ? t('fleet.never') : agoText(lastSeenMs, nowMs)],
        [t('fleet.column.network'), summary.network.name],
        [
          t('fleet.panel.node'),
          summary.nodeSmallId === null ? t('fleet.panel.notRegistered') : `#${summary.nodeSmallId.toString()}`,
        ],
        [t('fleet.panel.running'), countText(summary.running)],
        [t('fleet.column.today'), amount(summary.earnedToday)],
        [t('fleet.panel.earned30'), amount(summary.earned30Days)],
        [t('fleet.panel.pending'), amount(summary.pending)],
        [t('fleet.column.claimable'), amount(summary.claimable)],
        [t('fleet.column.version'), summary.version],
      ]}
    />
  );
}

function Certificate({ node }: { node: FleetNode }) {
  const { t } = useTranslation();
  const tell = useTell();
  const trust = useAct('fleet.trust', ['fleet.list']);
  const { offered } = node;
  return (
    <>
      <Facts
        rows={[
          [
            t('fleet.column.address'),
            <code key="a" className="break">
              {node.url}
            </code>,
          ],
          [
            t('fleet.panel.certificate'),
            node.pinned === null ? (
              t('fleet.panel.noPin')
            ) : (
              <code key="c" className="break">
                {node.pinned}
              </code>
            ),
          ],
          offered === null
            ? null
            : [
                t('fleet.panel.offered'),
                <code key="o" className="break">
                  {offered}
                </code>,
              ],
        ]}
      />
      {offered !== null && (
        <div className="actions">
          <Button
            look="danger"
            busy={trust.isPending}
            onClick={() =>
              trust.mutate(
                { id: node.id, certificate: offered },
                {
                  onSuccess: () => tell(true, t('fleet.panel.trusted')),
                  onError: (error) => tell(false, error.message),
                },
              )
            }
          >
            {t('fleet.panel.trust')}
          </Button>
        </div>
      )}
    </>
  );
}

/** The sheet. */
export function FleetPanel({ node, onClose }: { node: FleetNode; onClose: () => void }) {
  const { t } = useTranslation();
  const tell = useTell();
  const refresh = useAct('fleet.refresh', ['fleet.list']);
  const remove = useAct('fleet.remove', ['fleet.list']);
  const failed = (error: Error): void => tell(false, error.message);
  return (
    <Sheet title={node.name} onClose={onClose}>
      <div>
        <ConsoleState node={node} />
      </div>
      {node.problem !== null && (
        <Notice
          tone={node.problem === 'other_certificate' || node.problem === 'bad_certificate' ? 'danger' : 'unstaking'}
          title={t(`fleet.problem.${node.problem}`)}
        >
          <p>{t(`fleet.fix.${node.problem}`)}</p>
        </Notice>
      )}
      <Said node={node} />
      {node.summary !== null && node.summary.alerts.length > 0 && (
        <section className="section" aria-label={t('fleet.panel.alerts')}>
          <h3>{t('fleet.panel.alerts')}</h3>
          {node.summary.alerts.map((alert, index) => (
            <Notice key={index} tone={toneOf[alert.level]} title={alert.message} />
          ))}
        </section>
      )}
      <Certificate node={node} />
      <div className="actions">
        <Button
          busy={refresh.isPending}
          icon={<RefreshCw size={16} aria-hidden="true" />}
          onClick={() => refresh.mutate({ id: node.id }, { onError: failed })}
        >
          {t('fleet.panel.refresh')}
        </Button>
        <Button
          busy={remove.isPending}
          icon={<Trash2 size={16} aria-hidden="true" />}
          onClick={() =>
            remove.mutate(
              { id: node.id },
              {
                onSuccess: () => (tell(true, t('fleet.panel.removed', { name: node.name })), onClose()),
                onError: failed,
              },
            )
          }
        >
          {t('fleet.panel.remove')}
        </Button>
      </div>
      <p className="hint">{t('fleet.panel.removeHint')}</p>
    </Sheet>
  );
}
