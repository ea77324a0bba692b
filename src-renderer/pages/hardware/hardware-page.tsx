/** Is the machine healthy, and when does it work: GPUs with their history, limits, schedule, providers, manifest (product.md, "Hardware"). */
import { Cpu } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { HardwareView, HistorySpan } from '../../../src-shared/bridge/hardware-calls.ts';
import { Card } from '../../components/card.tsx';
import { Segments } from '../../components/field.tsx';
import { Empty, Notice } from '../../components/notice.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Read } from '../../components/read.tsx';
import { useNow } from '../../components/use-now.ts';
import { useCall } from '../../data/client.tsx';
import { celsiusText } from '../../format/gauge.ts';
import { sizeText } from '../../format/quantity.ts';
import { agoText, weekTimeText } from '../../format/time.ts';
import { GpuCard } from './gpu-card.tsx';
import { LimitsCard } from './limits-card.tsx';
import { ManifestCard } from './manifest-card.tsx';
import { ProvidersCard } from './providers-card.tsx';
import { ScheduleCard } from './schedule-card.tsx';
import './hardware.css';

function Holds({ view }: { view: HardwareView }) {
  const { t } = useTranslation();
  if (view.holds.length === 0) return null;
  const { resumeAtC } = view.care.temperature;
  return (
    <Notice tone="unstaking" title={t('hardware.hold.title', { count: view.holds.length })}>
      {view.holds.map((hold) => (
        <p key={hold}>
          {hold === 'by_schedule' && view.scheduleChangesAtMs !== null
            ? t('hardware.hold.by_schedule_until', { time: weekTimeText(view.scheduleChangesAtMs) })
            : t(`hardware.hold.${hold}`, { resume: celsiusText(resumeAtC) })}
        </p>
      ))}
    </Notice>
  );
}

function NoGpu({ view }: { view: HardwareView }) {
  const { t } = useTranslation();
  return (
    <Card title={t('hardware.dashboard.noGpu')}>
      <Empty
        icon={Cpu}
        action={
          <Link className="button" href="/settings/machine">
            {t('hardware.empty.check')}
          </Link>
        }
      >
        {t('hardware.empty.title')} {t('hardware.empty.look')}
      </Empty>
      {view.cpu !== null && view.ramBytes !== null && (
        <p className="hint">
          {t('hardware.empty.machine', { cpu: view.cpu.model, cores: view.cpu.cores, ram: sizeText(view.ramBytes) })}
        </p>
      )}
    </Card>
  );
}

function Gpus({ view }: { view: HardwareView }) {
  const { t } = useTranslation();
  const nowMs = useNow(5_000);
  const [span, setSpan] = useState<HistorySpan>('hour');
  const hasGpu = view.gpus.some(({ vendor }) => vendor !== 'simulated');
  const history = useCall('hardware.history', { span }, { enabled: hasGpu, keepPrevious: true });
  return (
    <>
      {hasGpu && (
        <div className="actions spread">
          <Segments
            legend={t('hardware.spanLegend')}
            value={span}
            options={[
              ['hour', t('hardware.span.hour')],
              ['day', t('hardware.span.day')],
            ]}
            onChange={setSpan}
          />
          <span className="hint">
            {view.readAtMs === null ? t('hardware.unread') : t('hardware.read', { ago: agoText(view.readAtMs, nowMs) })}
          </span>
        </div>
      )}
      {view.gpus.map((gpu) => (
        <GpuCard
          key={gpu.id}
          gpu={gpu}
          care={view.care}
          points={history.data?.find((one) => one.gpu === gpu.id)?.points ?? []}
          span={span}
          nowMs={nowMs}
        />
      ))}
      {!hasGpu && <NoGpu view={view} />}
    </>
  );
}

/** The page. */
export function HardwarePage() {
  const { t } = useTranslation();
  const hardware = useCall('hardware.get', {});
  return (
    <>
      <PageHead title={t('page.hardware')} intro={t('hardware.intro')} />
      <Read query={hardware}>
        {(view) => (
          <div className="hardware">
            <Holds view={view} />
            {view.problems.map(({ tool, detail }) => (
              <Notice key={tool} tone="danger" title={t('hardware.problem', { tool, detail })} />
            ))}
            <Gpus view={view} />
            <div className="hardware-pair">
              {/* A form starts anew when what it was made of changed elsewhere, or was saved. */}
              <div className="hardware-column">
                <LimitsCard key={JSON.stringify([view.care.temperature, view.care.yieldToOthers])} view={view} />
                <ManifestCard manifest={view.manifest} />
              </div>
              <div className="hardware-column">
                <ScheduleCard key={JSON.stringify(view.care.schedule)} view={view} />
                <ProvidersCard />
              </div>
            </div>
          </div>
        )}
      </Read>
    </>
  );
}
