/** Days and hours of work, typed as bands and shown as a week (product.md, "Hardware": schedule). */
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HardwareView } from '../../../src-shared/bridge/hardware-calls.ts';
import { useTell } from '../../components/announcer.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Field, Switch } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { useAct } from '../../data/client.tsx';
import { dateFormat } from '../../format/formatters.ts';
import { weekTimeText } from '../../format/time.ts';
import { formOf, newBand, readForm, timeOf, weekOf } from './schedule-fields.ts';
import type { BandForm, BandProblem } from './schedule-fields.ts';

const dayMinutes = 1_440;
/** The first of January 2024 was a Monday. */
const dayName = (day: number, style: 'long' | 'short'): string =>
  dateFormat(undefined, { weekday: style }).format(new Date(2024, 0, 1 + day, 12));
const allDays = [0, 1, 2, 3, 4, 5, 6];

function Week({ bands }: { bands: HardwareView['care']['schedule']['bands'] }) {
  const { t } = useTranslation();
  const week = weekOf(bands);
  const hours = (stretches: { from: number; until: number }[]): string =>
    stretches.length === 0
      ? t('hardware.schedule.closed')
      : stretches
          .map(({ from, until }) => `${timeOf(from)}–${until === dayMinutes ? '24:00' : timeOf(until)}`)
          .join(' ');
  const summary = week
    .map((stretches, day) => t('hardware.schedule.weekDay', { day: dayName(day, 'short'), hours: hours(stretches) }))
    .join(', ');
  return (
    <div className="week" role="img" aria-label={t('hardware.schedule.week', { summary })}>
      {week.map((stretches, day) => (
        <div key={day} className="week-day">
          <span>{dayName(day, 'short')}</span>
          <span className="week-bar">
            {stretches.map(({ from, until }) => (
              <i
                key={from}
                style={{
                  insetInlineStart: `${(from / dayMinutes) * 100}%`,
                  width: `${((until - from) / dayMinutes) * 100}%`,
                }}
              />
            ))}
          </span>
        </div>
      ))}
      <div className="week-day week-axis">
        <span />
        <span>
          {[0, 6, 12, 18, 24].map((hour) => (
            <span key={hour}>{hour}</span>
          ))}
        </span>
      </div>
    </div>
  );
}

type BandProps = {
  band: BandForm;
  problem: BandProblem | undefined;
  number: number;
  onChange: (band: BandForm) => void;
  onRemove: () => void;
};

function Band({ band, problem, number, onChange, onRemove }: BandProps) {
  const { t } = useTranslation();
  const toggle = (day: number): void =>
    onChange({ ...band, days: band.days.includes(day) ? band.days.filter((one) => one !== day) : [...band.days, day] });
  const badTime = (isBad: boolean | undefined): string | null =>
    isBad === true ? t('hardware.schedule.badTime') : null;
  return (
    <fieldset className="band">
      <legend className="sr-only">{t('hardware.schedule.band', { number })}</legend>
      <div className="segments band-days" role="group" aria-label={t('hardware.schedule.days')}>
        {allDays.map((day) => (
          <label key={day} title={dayName(day, 'long')}>
            <input
              type="checkbox"
              checked={band.days.includes(day)}
              aria-label={dayName(day, 'long')}
              onChange={() => toggle(day)}
            />
            <span aria-hidden="true">{dayName(day, 'short')}</span>
          </label>
        ))}
      </div>
      <div className="band-times">
        <Field
          label={t('hardware.schedule.from')}
          type="time"
          value={band.from}
          error={badTime(problem?.from)}
          onChange={(event) => onChange({ ...band, from: event.target.value })}
        />
        <Field
          label={t('hardware.schedule.until')}
          type="time"
          value={band.until}
          error={badTime(problem?.until)}
          onChange={(event) => onChange({ ...band, until: event.target.value })}
        />
        <IconButton
          label={t('hardware.schedule.remove', { number })}
          icon={<X size={16} aria-hidden="true" />}
          onClick={onRemove}
        />
      </div>
      {problem?.days === true && <p className="hint bad">{t('hardware.schedule.badDays')}</p>}
    </fieldset>
  );
}

/** The card. The picture follows the form; nothing counts before the button. */
export function ScheduleCard({ view }: { view: HardwareView }) {
  const { t } = useTranslation();
  const tell = useTell();
  const save = useAct('hardware.setCare', ['hardware.get', 'node.whyIdle']);
  const [form, setForm] = useState(() => formOf(view.care.schedule));
  const { schedule, problems } = readForm(form);
  const setBands = (bands: readonly BandForm[]): void => setForm({ ...form, bands });
  return (
    <Card title={t('hardware.schedule.title')}>
      <form
        className="stack-list"
        onSubmit={(event) => {
          event.preventDefault();
          if (schedule === null) return;
          // As a promise: the new settings may arrive first and begin this form anew.
          save.mutateAsync({ care: { ...view.care, schedule } }).then(
            () => tell(true, t('hardware.schedule.saved')),
            (error: Error) => tell(false, error.message),
          );
        }}
      >
        <Switch
          label={t('hardware.schedule.on')}
          hint={t('hardware.schedule.onHint')}
          checked={form.enabled}
          onChange={(enabled) =>
            setForm({ enabled, bands: enabled && form.bands.length === 0 ? [newBand] : form.bands })
          }
        />
        {!form.enabled && <p className="muted">{t('hardware.schedule.always')}</p>}
        {form.enabled && (
          <>
            {form.bands.length === 0 && <Notice tone="unstaking" title={t('hardware.schedule.never')} />}
            {form.bands.map((band, index) => (
              <Band
                key={index}
                band={band}
                number={index + 1}
                problem={problems[index]}
                onChange={(next) => setBands(form.bands.map((one, at) => (at === index ? next : one)))}
                onRemove={() => setBands(form.bands.filter((_, at) => at !== index))}
              />
            ))}
            <p className="hint">{t('hardware.schedule.untilHint')}</p>
            {schedule !== null && schedule.bands.length > 0 && <Week bands={schedule.bands} />}
          </>
        )}
        {view.care.schedule.enabled && view.scheduleChangesAtMs !== null && (
          <p className="hint">{t('hardware.schedule.changes', { time: weekTimeText(view.scheduleChangesAtMs) })}</p>
        )}
        <div className="actions">
          {form.enabled && (
            <Button icon={<Plus size={15} aria-hidden="true" />} onClick={() => setBands([...form.bands, newBand])}>
              {t('hardware.schedule.add')}
            </Button>
          )}
          <Button type="submit" look="primary" busy={save.isPending}>
            {t('hardware.schedule.save')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
