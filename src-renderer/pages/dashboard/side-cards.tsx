/** "Needs you" with what happens next, and the machine with what runs on it. */
import { CircleCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import { Link } from 'wouter';
import type { NodeView } from '../../../src-shared/bridge/views.ts';
import { Unknown } from '../../components/amount.tsx';
import { Card, Facts } from '../../components/card.tsx';
import { Read } from '../../components/read.tsx';
import { useNow } from '../../components/use-now.ts';
import { useCall } from '../../data/client.tsx';
import { rateText } from '../../format/quantity.ts';
import { durationText } from '../../format/time.ts';
import { AlertList } from '../../frame/alerts.tsx';
import { nextEvent } from './next-event.ts';
import type { NextEvent } from './next-event.ts';

function eventText(event: NextEvent, node: NodeView | undefined, nowMs: number, t: TFunction): string {
  switch (event.kind) {
    case 'claim':
      return t('dashboard.next.claim', { count: event.stacks });
    case 'settle':
      return t('dashboard.next.settle', { stack: event.stack.toString(), percent: event.percent });
    case 'nothing':
      return t('dashboard.next.nothing');
    case 'window': {
      const said = t('dashboard.next.window', { stack: event.stack.toString(), count: event.epochs });
      const endsAtMs = node?.chain.epochEndsAtMs ?? null;
      return endsAtMs === null
        ? said
        : `${said} ${t('dashboard.next.epochEnds', { time: durationText(endsAtMs - nowMs) })}`;
    }
  }
}

/** Alerts, or nothing and what comes next. */
export function NeedsCard({ node }: { node: NodeView | undefined }) {
  const { t } = useTranslation();
  const nowMs = useNow(5_000);
  const alerts = useCall('node.alerts', {});
  const stacks = useCall('stacks.list', {});
  return (
    <Card className="span-7" title={t('dashboard.needs')}>
      <Read query={alerts}>
        {(list) =>
          list.length > 0 ? (
            <AlertList alerts={list} />
          ) : (
            <p className="calm">
              <CircleCheck size={18} aria-hidden="true" />
              <span>
                {t('dashboard.nothing')}{' '}
                {stacks.data !== undefined && eventText(nextEvent(stacks.data), node, nowMs, t)}
              </span>
            </p>
          )
        }
      </Read>
    </Card>
  );
}

/** Speed, slots, models, and the machine as it was last checked. */
export function MachineCard({ node }: { node: NodeView | undefined }) {
  const { t } = useTranslation();
  const models = useCall('models.list', {});
  const setup = useCall('setup.get', {});
  const loaded = models.data?.filter((model) => model.loaded);
  const gpu = setup.data?.machine?.rules.find((rule) => rule.rule === 'gpu');
  const best = setup.data?.machine?.providers
    .filter((probe) => probe.ok)
    .sort((a, b) => (b.tokensPerSecond ?? 0) - (a.tokensPerSecond ?? 0))[0];
  return (
    <Card
      className="span-5"
      title={t('dashboard.machine')}
      head={<Link href="/settings/machine">{t('dashboard.machineOpen')}</Link>}
    >
      <Facts
        ends
        rows={[
          [
            t('dashboard.speed'),
            node?.tokensPerSecond === undefined || node.tokensPerSecond === null ? (
              <Unknown key="s" reason={t('dashboard.unknownSpeed')} />
            ) : (
              t('machine.rate', { rate: rateText(node.tokensPerSecond) })
            ),
          ],
          [
            t('dashboard.slots'),
            node === undefined ? '—' : t('dashboard.slotsOf', { used: node.slots.used, total: node.slots.total }),
          ],
          [
            t('dashboard.models'),
            loaded === undefined
              ? '—'
              : loaded.length === 0
                ? t('dashboard.noModelLoaded')
                : loaded.map((model) => model.name).join(', '),
          ],
          [
            t('dashboard.provider'),
            best === undefined ? (
              <Unknown key="p" reason={t('dashboard.notChecked')} />
            ) : (
              t(`machine.providerName.${best.provider}`)
            ),
          ],
          [
            t('machine.ruleName.gpu'),
            gpu === undefined ? <Unknown key="g" reason={t('dashboard.notChecked')} /> : gpu.found,
          ],
        ]}
      />
    </Card>
  );
}
