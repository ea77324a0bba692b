/** The form of costs and rates: currency, where rates come from, watts, and the tariff by time bands. */
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EconomicsSettings } from '../../../src-shared/bridge/economics.ts';
import { useTell } from '../../components/announcer.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Field, Segments } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { useAct } from '../../data/client.tsx';
import { formOf, readForm, type CostForm } from './cost-fields.ts';

type PartProps = {
  form: CostForm;
  bad: ReadonlySet<string>;
  symbol: string;
  onChange: (change: Partial<CostForm>) => void;
};

function RateFields({ form, bad, symbol, onChange }: PartProps) {
  const { t } = useTranslation();
  const problem = (field: string, text: string): string | null => (bad.has(field) ? text : null);
  if (form.kind === 'manual') {
    return (
      <div className="cost-fields">
        <Field
          label={t('economics.costs.coinRate', { symbol })}
          inputMode="decimal"
          value={form.coin}
          hint={t('economics.costs.rateHint')}
          error={problem('rates.coin', t('economics.costs.bad.decimal'))}
          onChange={(event) => onChange({ coin: event.target.value })}
        />
        <Field
          label={t('economics.costs.suiRate')}
          inputMode="decimal"
          value={form.sui}
          hint={t('economics.costs.rateHint')}
          error={problem('rates.sui', t('economics.costs.bad.decimal'))}
          onChange={(event) => onChange({ sui: event.target.value })}
        />
      </div>
    );
  }
  return (
    <div className="cost-fields">
      <Field
        label={t('economics.costs.address')}
        inputMode="url"
        value={form.url}
        hint={t('economics.costs.addressHint')}
        error={problem('rates.url', t('economics.costs.bad.address'))}
        onChange={(event) => onChange({ url: event.target.value })}
      />
      <Field
        label={t('economics.costs.every')}
        inputMode="numeric"
        value={form.every}
        error={problem('rates.everyMinutes', t('economics.costs.bad.minutes'))}
        onChange={(event) => onChange({ every: event.target.value })}
      />
      <Field
        label={t('economics.costs.coinPath', { symbol })}
        value={form.coinPath}
        hint={t('economics.costs.pathHint')}
        error={problem('rates.coinPath', t('economics.costs.bad.path'))}
        onChange={(event) => onChange({ coinPath: event.target.value })}
      />
      <Field
        label={t('economics.costs.suiPath')}
        value={form.suiPath}
        hint={t('economics.costs.pathHint')}
        error={problem('rates.suiPath', t('economics.costs.bad.path'))}
        onChange={(event) => onChange({ suiPath: event.target.value })}
      />
    </div>
  );
}

function PowerFields({ form, bad, onChange }: PartProps) {
  const { t } = useTranslation();
  const problem = (field: string, text: string): string | null => (bad.has(field) ? text : null);
  return (
    <>
      <div className="cost-fields">
        <Field
          label={t('economics.costs.busy')}
          inputMode="numeric"
          value={form.busy}
          error={problem('watts.busy', t('economics.costs.bad.watts'))}
          onChange={(event) => onChange({ busy: event.target.value })}
        />
        <Field
          label={t('economics.costs.waiting')}
          inputMode="numeric"
          value={form.waiting}
          error={problem('watts.waiting', t('economics.costs.bad.watts'))}
          onChange={(event) => onChange({ waiting: event.target.value })}
        />
        <Field
          label={t('economics.costs.rest')}
          inputMode="numeric"
          value={form.rest}
          error={problem('watts.rest', t('economics.costs.bad.watts'))}
          onChange={(event) => onChange({ rest: event.target.value })}
        />
        <Field
          label={t('economics.costs.loss')}
          inputMode="numeric"
          value={form.loss}
          error={problem('psuLossPercent', t('economics.costs.bad.percent'))}
          onChange={(event) => onChange({ loss: event.target.value })}
        />
      </div>
      <p className="hint">{t('economics.costs.wattsHint')}</p>
    </>
  );
}

function Tariff({ form, bad, onChange }: PartProps) {
  const { t } = useTranslation();
  const change = (at: number, part: Partial<CostForm['bands'][number]>): void =>
    onChange({ bands: form.bands.map((band, index) => (index === at ? { ...band, ...part } : band)) });
  return (
    <fieldset className="stack-list">
      <legend className="legend">{t('economics.costs.tariff')}</legend>
      {form.bands.length === 0 && <p className="hint">{t('economics.costs.noBands')}</p>}
      {form.bands.map((band, index) => (
        <div className="tariff-band" key={index}>
          <Field
            label={t('economics.costs.from')}
            type="time"
            value={band.from}
            error={bad.has(`bands.${index}.fromMinute`) || bad.has('bands') ? t('economics.costs.bad.time') : null}
            onChange={(event) => change(index, { from: event.target.value })}
          />
          <Field
            label={t('economics.costs.perKwh')}
            inputMode="decimal"
            value={band.perKwh}
            error={bad.has(`bands.${index}.perKwh`) ? t('economics.costs.bad.decimal') : null}
            onChange={(event) => change(index, { perKwh: event.target.value })}
          />
          <IconButton
            label={t('economics.costs.removeBand', { from: band.from })}
            icon={<X size={16} aria-hidden="true" />}
            onClick={() => onChange({ bands: form.bands.filter((_, at) => at !== index) })}
          />
        </div>
      ))}
      <div className="actions">
        <Button
          small
          icon={<Plus size={15} aria-hidden="true" />}
          onClick={() =>
            onChange({ bands: [...form.bands, { from: form.bands.length === 0 ? '00:00' : '', perKwh: '' }] })
          }
        >
          {t('economics.costs.addBand')}
        </Button>
      </div>
    </fieldset>
  );
}

/** The card. Nothing is saved before the button; what does not read is marked. */
export function CostsCard({ settings, symbol }: { settings: EconomicsSettings; symbol: string }) {
  const { t } = useTranslation();
  const tell = useTell();
  const save = useAct('economics.set', ['economics.get', 'ledger.list']);
  const [form, setForm] = useState(() => formOf(settings));
  const [tried, setTried] = useState(false);
  const read = readForm(form);
  const part: PartProps = {
    form,
    bad: tried ? read.bad : new Set(),
    symbol,
    onChange: (change) => setForm({ ...form, ...change }),
  };
  return (
    <Card title={t('economics.costs.title')}>
      <form
        className="stack-list"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (read.settings === null) return;
          save.mutate(
            { settings: read.settings },
            { onSuccess: () => tell(true, t('economics.costs.saved')), onError: (error) => tell(false, error.message) },
          );
        }}
      >
        <div className="cost-fields">
          <Field
            label={t('economics.costs.currency')}
            value={form.currency}
            maxLength={3}
            hint={t('economics.costs.currencyHint')}
            error={part.bad.has('currency') ? t('economics.costs.bad.currency') : null}
            onChange={(event) => part.onChange({ currency: event.target.value })}
          />
        </div>
        <Segments
          legend={t('economics.costs.source')}
          value={form.kind}
          onChange={(kind) => part.onChange({ kind })}
          options={[
            ['manual', t('economics.costs.manual')],
            ['url', t('economics.costs.url')],
          ]}
        />
        <RateFields {...part} />
        <PowerFields {...part} />
        <Tariff {...part} />
        {tried && read.settings === null && <Notice tone="danger" role="alert" title={t('economics.costs.problem')} />}
        <div className="actions">
          <Button type="submit" look="primary" busy={save.isPending}>
            {t('economics.costs.save')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
