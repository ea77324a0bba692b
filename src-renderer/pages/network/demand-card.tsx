/** The buyers of the sandbox: how many, how often, how much, at what price; one switch starts and stops them. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SandboxView } from '../../../src-shared/bridge/views.ts';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Field, Switch } from '../../components/field.tsx';
import { useAct } from '../../data/client.tsx';
import { countText } from '../../format/amount.ts';
import { BuyingTasks } from './buying-tasks.tsx';
import { demandLimits, readDemand, readDemandField } from './dials.ts';
import type { DemandField, DemandText } from './dials.ts';

const fields: readonly DemandField[] = ['buyers', 'requestsPerMinute', 'stackUnits', 'price'];

/** The form; remounted when the sandbox reports another demand. */
export function DemandCard({ demand }: { demand: SandboxView['demand'] }) {
  const { t } = useTranslation();
  const tell = useTell();
  const act = useAct('sandbox.setDemand', ['sandbox.get']);
  const [text, setText] = useState<DemandText>({
    buyers: String(demand.buyers),
    requestsPerMinute: String(demand.requestsPerMinute),
    stackUnits: String(demand.stackUnits),
    price: String(demand.price),
  });
  const send = (
    change: Partial<Pick<SandboxView['demand'], 'running' | 'taskSmallIds' | 'functions'>>,
    said: string,
  ): void => {
    const next = readDemand(text, { ...demand, ...change });
    if (next !== null)
      act.mutate(next, { onSuccess: () => tell(true, said), onError: (error) => tell(false, error.message) });
  };
  const valid = readDemand(text, demand) !== null;
  return (
    <Card title={t('network.demand')} className="span-6 dial-long">
      <form
        className="dial"
        onSubmit={(event) => {
          event.preventDefault();
          send({}, t('network.demandSet'));
        }}
      >
        <Switch
          label={t('network.buying')}
          hint={t(demand.running ? 'network.buyingOn' : 'network.buyingOff')}
          checked={demand.running}
          disabled={act.isPending || !valid}
          onChange={(running) => send({ running }, t(running ? 'network.buyingOn' : 'network.buyingOff'))}
        />
        <BuyingTasks
          taskSmallIds={demand.taskSmallIds}
          functions={demand.functions}
          disabled={act.isPending || !valid}
          onChange={(mix) => send(mix, t('network.demandSet'))}
        />
        <div className="form-grid">
          {fields.map((field) => (
            <Field
              key={field}
              label={t(`network.field.${field}`)}
              inputMode="numeric"
              value={text[field]}
              onChange={(event) => setText({ ...text, [field]: event.target.value })}
              error={
                readDemandField(field, text[field]) === null
                  ? t('network.between', {
                      min: countText(demandLimits[field][0]),
                      max: countText(demandLimits[field][1]),
                    })
                  : null
              }
            />
          ))}
        </div>
        <div className="actions">
          <Button type="submit" busy={act.isPending} disabled={!valid}>
            {t('network.apply')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
