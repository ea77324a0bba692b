/** The last 24 hours as a bar of state colours, with the time in each state and the latest changes as text. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NodeState } from '../../../src-shared/domain/node-state.ts';
import { Card } from '../../components/card.tsx';
import { Read } from '../../components/read.tsx';
import { StatePill } from '../../components/state-pill.tsx';
import { useNow } from '../../components/use-now.ts';
import { useCall } from '../../data/client.tsx';
import { dateTimeText, durationText, hourText } from '../../format/time.ts';
import { notableChanges, resample, stretchesOf, timeByState } from './timeline.ts';
import type { Span } from './timeline.ts';

const dayMs = 86_400_000;
/** Parts of the bar: ten minutes each. */
const barParts = 144;
const states: readonly NodeState[] = ['EXECUTING', 'READY', 'IDLE', 'UNSTAKING'];

function TimelineBar({ spans, sinceMs, nowMs }: { spans: readonly Span[]; sinceMs: number; nowMs: number }) {
  const { t } = useTranslation();
  const stretches = stretchesOf(spans, sinceMs, nowMs);
  const times = timeByState(stretches);
  const shown = states.filter((state) => times.has(state));
  const summary = shown.map((state) => `${t(`nodeState.${state}`)} ${durationText(times.get(state) ?? 0)}`).join(', ');
  return (
    <>
      <div className="timeline-bar" role="img" aria-label={t('dashboard.timelineLabel', { summary })}>
        {resample(stretches, barParts).map((stretch) => (
          <i
            key={stretch.fromMs}
            className={stretch.state === null ? undefined : `fill-${stretch.state}`}
            style={{ flexGrow: stretch.untilMs - stretch.fromMs }}
            title={`${stretch.state === null ? t('dashboard.notRunning') : t(`nodeState.${stretch.state}`)} · ${dateTimeText(stretch.fromMs)}`}
          />
        ))}
      </div>
      <div className="timeline-axis" aria-hidden="true">
        {[0, 0.25, 0.5, 0.75].map((share) => (
          <span key={share}>{hourText(sinceMs + share * dayMs)}</span>
        ))}
        <span>{t('dashboard.now')}</span>
      </div>
      <ul className="chart-legend">
        {shown.map((state) => (
          <li key={state}>
            <i className={`swatch fill-${state}`} />
            {t(`nodeState.${state}`)} <span className="muted">{durationText(times.get(state) ?? 0)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Changes({ spans }: { spans: readonly Span[] }) {
  const { t } = useTranslation();
  const latest = notableChanges(spans).slice(0, 5);
  return (
    <ol className="changes" aria-label={t('dashboard.changes')}>
      {latest.map((span) => (
        <li key={span.fromMs}>
          <span className="muted nowrap">{hourText(span.fromMs)}</span>
          <span>
            <StatePill state={span.state} quiet />
          </span>
          <span>{t(`reasonWord.${span.reason}`)}</span>
        </li>
      ))}
    </ol>
  );
}

/** The card. The start of the day is fixed when the page opens, so that the read stays the same. */
export function TimelineCard() {
  const { t } = useTranslation();
  const nowMs = useNow(30_000);
  const [fromMs] = useState(() => Math.floor((Date.now() - dayMs) / 60_000) * 60_000);
  const timeline = useCall('node.timeline', { sinceMs: fromMs });
  return (
    <Card className="span-5" title={t('dashboard.timeline')}>
      <Read query={timeline}>
        {(spans) => (
          <>
            <TimelineBar spans={spans} sinceMs={nowMs - dayMs} nowMs={nowMs} />
            {spans.length > 0 && <Changes spans={spans} />}
          </>
        )}
      </Read>
    </Card>
  );
}
