/** Temperatures at which work pauses and goes on, yielding to other programs, and how to cap power (product.md, "Hardware"). */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { careSchema, type HardwareView } from '../../../src-shared/bridge/hardware-calls.ts';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { Card, Facts } from '../../components/card.tsx';
import { Field, Switch } from '../../components/field.tsx';
import { useAct } from '../../data/client.tsx';

const whole = (text: string): number => (/^\d{1,3}$/.test(text.trim()) ? Number(text) : Number.NaN);

function Others({ others }: { others: HardwareView['others'] }) {
  const { t } = useTranslation();
  const shown = ({ status, detail }: { status: 'free' | 'in_use' | 'unknown'; detail: string | null }) => (
    <>
      {t(`hardware.limits.status.${status}`)}
      {detail !== null && (
        <span className="hint block" lang="en">
          {detail}
        </span>
      )}
    </>
  );
  return (
    <Facts
      rows={[
        [t('hardware.limits.load'), shown(others.load)],
        [t('hardware.limits.fullScreen'), shown(others.fullScreen)],
      ]}
    />
  );
}

/** The card. Switches and limits are saved together by its button. */
export function LimitsCard({ view }: { view: HardwareView }) {
  const { t } = useTranslation();
  const tell = useTell();
  const save = useAct('hardware.setCare', ['hardware.get', 'node.whyIdle']);
  const { care } = view;
  const [form, setForm] = useState({
    enabled: care.temperature.enabled,
    pauseAt: String(care.temperature.pauseAtC),
    resumeAt: String(care.temperature.resumeAtC),
    yields: care.yieldToOthers,
  });
  const parsed = careSchema.safeParse({
    ...care,
    temperature: { enabled: form.enabled, pauseAtC: whole(form.pauseAt), resumeAtC: whole(form.resumeAt) },
    yieldToOthers: form.yields,
  });
  const bad = new Set(parsed.error?.issues.map((issue) => issue.path.at(-1)));
  const cards = view.gpus.filter(({ vendor }) => vendor === 'nvidia');
  const watts = cards[0]?.powerLimitW ?? null;
  return (
    <Card title={t('hardware.limits.title')}>
      <form
        className="stack-list"
        onSubmit={(event) => {
          event.preventDefault();
          if (!parsed.success) return;
          // As a promise: the new settings may arrive first and begin this form anew.
          save.mutateAsync({ care: parsed.data }).then(
            () => tell(true, t('hardware.limits.saved')),
            (error: Error) => tell(false, error.message),
          );
        }}
      >
        <Switch
          label={t('hardware.limits.temperature')}
          hint={t('hardware.limits.temperatureHint')}
          checked={form.enabled}
          onChange={(enabled) => setForm({ ...form, enabled })}
        />
        <div className="limit-fields">
          <Field
            label={t('hardware.limits.pauseAt')}
            inputMode="numeric"
            value={form.pauseAt}
            error={bad.has('pauseAtC') ? t('hardware.limits.bad.pauseAt') : null}
            onChange={(event) => setForm({ ...form, pauseAt: event.target.value })}
          />
          <Field
            label={t('hardware.limits.resumeAt')}
            inputMode="numeric"
            value={form.resumeAt}
            error={bad.has('resumeAtC') ? t('hardware.limits.bad.resumeAt') : null}
            onChange={(event) => setForm({ ...form, resumeAt: event.target.value })}
          />
        </div>
        <Switch
          label={t('hardware.limits.yield')}
          hint={t('hardware.limits.yieldHint')}
          checked={form.yields}
          onChange={(yields) => setForm({ ...form, yields })}
        />
        {care.yieldToOthers && <Others others={view.others} />}
        <div className="actions">
          <Button type="submit" look="primary" busy={save.isPending}>
            {t('hardware.limits.save')}
          </Button>
        </div>
      </form>
      {cards.length > 0 && (
        <div className="section">
          <h3>{t('hardware.limits.powerTitle')}</h3>
          <p className="hint">{t('hardware.limits.power')}</p>
          <code className="break">{`sudo nvidia-smi -i 0 -pl ${Math.round((watts ?? 300) * 0.7)}`}</code>
        </div>
      )}
    </Card>
  );
}
