/** One GPU: its switch, its four gauges and their history (product.md, "Hardware"). */
import { FlaskConical, Power } from 'lucide-react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { GaugePoint, GpuView, HardwareView, HistorySpan } from '../../../src-shared/bridge/hardware-calls.ts';
import { Unknown } from '../../components/amount.tsx';
import { useTell } from '../../components/announcer.tsx';
import { Card } from '../../components/card.tsx';
import { Switch } from '../../components/field.tsx';
import { Sparkline } from '../../components/sparkline.tsx';
import { Mark } from '../../components/state-pill.tsx';
import { useAct } from '../../data/client.tsx';
import { celsiusText, loadText, vramText, wattText } from '../../format/gauge.ts';
import { evenly, rangeOf } from '../../format/gauge-history.ts';
import type { GaugeName } from '../../format/gauge-history.ts';

type Gauge = {
  key: 'util' | 'vram' | 'temp' | 'power';
  gauge: GaugeName;
  now: number | null;
  text: (value: number) => string;
  /** Top of the scale, where the device has one. */
  top: number | null;
  aside: string | null;
  limit: number | null;
};

function Reading({
  gauge,
  points,
  span,
  nowMs,
}: {
  gauge: Gauge;
  points: readonly GaugePoint[];
  span: HistorySpan;
  nowMs: number;
}) {
  const { t } = useTranslation();
  const values = evenly(points, gauge.gauge, span, nowMs);
  const range = rangeOf(values);
  const name = t(`hardware.gpu.gauge.${gauge.key}`);
  const summary =
    range === null
      ? t('hardware.gpu.noHistory')
      : t('hardware.gpu.range', { least: gauge.text(range.least), most: gauge.text(range.most) });
  return (
    <div className="gauge">
      <p className="gauge-name">{name}</p>
      <p className="gauge-now figure">
        {gauge.now === null ? <Unknown reason={t('hardware.gpu.untold')} /> : gauge.text(gauge.now)}
        {gauge.now !== null && gauge.aside !== null && <span className="gauge-aside">{gauge.aside}</span>}
      </p>
      {range !== null && (
        <Sparkline
          values={values}
          most={Math.max(gauge.top ?? 0, range.most)}
          limit={gauge.limit}
          label={t('hardware.gpu.history', { name, summary })}
        />
      )}
    </div>
  );
}

function gaugesOf(gpu: GpuView, pauseAtC: number | null, t: TFunction): Gauge[] {
  const { utilPct, vramUsedMib, vramTotalMib, tempC, powerW, powerLimitW } = gpu;
  const of = (total: number | null, text: (value: number) => string): string | null =>
    total === null ? null : t('hardware.gpu.of', { total: text(total) });
  return [
    { key: 'util', gauge: 'utilPct', now: utilPct, text: loadText, top: 100, aside: null, limit: null },
    {
      key: 'vram',
      gauge: 'vramUsedMib',
      now: vramUsedMib,
      text: vramText,
      top: vramTotalMib,
      aside: of(vramTotalMib, vramText),
      limit: null,
    },
    { key: 'temp', gauge: 'tempC', now: tempC, text: celsiusText, top: 100, aside: null, limit: pauseAtC },
    {
      key: 'power',
      gauge: 'powerW',
      now: powerW,
      text: wattText,
      top: powerLimitW,
      aside: powerLimitW === null ? null : t('hardware.gpu.cap', { watts: wattText(powerLimitW) }),
      limit: null,
    },
  ];
}

/** The card. */
export function GpuCard(props: {
  gpu: GpuView;
  care: HardwareView['care'];
  points: readonly GaugePoint[];
  span: HistorySpan;
  nowMs: number;
}) {
  const { gpu, care, points, span, nowMs } = props;
  const { t } = useTranslation();
  const tell = useTell();
  const set = useAct('hardware.switchGpu', ['hardware.get', 'inference.providers']);
  const isSimulated = gpu.vendor === 'simulated';
  const pauseAtC = care.temperature.enabled ? care.temperature.pauseAtC : null;
  return (
    <Card
      title={gpu.model}
      head={
        isSimulated ? (
          <Mark tone="unstaking" icon={FlaskConical}>
            {t('hardware.gpu.simulated')}
          </Mark>
        ) : !gpu.enabled ? (
          <Mark tone="idle" icon={Power}>
            {t('hardware.gpu.off')}
          </Mark>
        ) : (
          <span className="hint">
            {[gpu.tool, gpu.driver === null ? null : t('hardware.gpu.driver', { driver: gpu.driver })]
              .filter(Boolean)
              .join(' · ')}
          </span>
        )
      }
    >
      <div className="gauges">
        {gaugesOf(gpu, pauseAtC, t)
          .filter(({ key }) => !isSimulated || key === 'temp')
          .map((gauge) => (
            <Reading key={gauge.key} gauge={gauge} points={points} span={span} nowMs={nowMs} />
          ))}
      </div>
      {isSimulated ? (
        <p className="hint">{t('hardware.gpu.simulatedHint')}</p>
      ) : (
        <Switch
          label={t('hardware.gpu.serves')}
          hint={t('hardware.gpu.servesHint')}
          checked={gpu.enabled}
          disabled={set.isPending}
          onChange={(on) => set.mutate({ id: gpu.id, on }, { onError: (error) => tell(false, error.message) })}
        />
      )}
    </Card>
  );
}
