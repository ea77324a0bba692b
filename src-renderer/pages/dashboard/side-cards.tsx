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
import { Sparkline } from '../../components/sparkline.tsx';
import { celsiusText, loadText, vramText, wattText } from '../../format/gauge.ts';
import { machineGauges, rangeOf } from '../../format/gauge-history.ts';
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
  const stacks = useCall('stacks.list', { unfinishedOnly: true });
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

/** Load, memory, temperature and power of all GPUs that are switched on, each with the last hour. */
function MachineGauges() {
  const { t } = useTranslation();
  const nowMs = useNow(5_000);
  const hardware = useCall('hardware.get', {}).data;
  const gpus = hardware?.gpus.filter(({ enabled, vendor }) => enabled && vendor !== 'simulated') ?? [];
  const history = useCall('hardware.history', { span: 'hour' }, { enabled: gpus.length > 0, keepPrevious: true });
  if (gpus.length === 0) return null;
  const shown = gpus.map(({ id }) => history.data?.find((one) => one.gpu === id)?.points ?? []);
  return (
    <ul className="machine-gauges">
      {machineGauges(gpus, shown, nowMs).map(({ key, now, values, top }) => {
        const text = { util: loadText, vram: vramText, temp: celsiusText, power: wattText }[key];
        const name = t(`hardware.gpu.gauge.${key}`);
        const range = rangeOf(values);
        const summary =
          range === null
            ? t('hardware.gpu.noHistory')
            : t('hardware.gpu.range', { least: text(range.least), most: text(range.most) });
        return (
          <li key={key}>
            <span className="muted">{name}</span>
            <span className="figure">{now === null ? <Unknown reason={t('hardware.gpu.untold')} /> : text(now)}</span>
            {range !== null && (
              <Sparkline
                values={values}
                most={Math.max(top, range.most)}
                label={t('hardware.gpu.history', { name, summary })}
              />
            )}
          </li>
        );
      })}
    </ul>
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
      head={<Link href="/hardware">{t('hardware.dashboard.open')}</Link>}
    >
      <MachineGauges />
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
            gpu === undefined ? (
              <Unknown key="g" reason={t('dashboard.notChecked')} />
            ) : (
              <span key="g" lang="en">
                {gpu.found}
              </span>
            ),
          ],
        ]}
      />
    </Card>
  );
}
