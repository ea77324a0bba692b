/** The machine check as it was last run, to be run again, and the models on disk. */
import { CircleAlert, CircleCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { Card, Facts } from '../../components/card.tsx';
import { IdText } from '../../components/copy.tsx';
import { ProvidersTable, RulesTable } from '../../components/machine-report.tsx';
import { Empty, ErrorNotice } from '../../components/notice.tsx';
import { Read } from '../../components/read.tsx';
import { Mark } from '../../components/state-pill.tsx';
import { useNow } from '../../components/use-now.ts';
import { useAct, useCall } from '../../data/client.tsx';
import { sizeText } from '../../format/quantity.ts';
import { agoText } from '../../format/time.ts';

function ModelsCard() {
  const { t } = useTranslation();
  const models = useCall('models.list', {});
  return (
    <Card title={t('settings.models')}>
      <Read query={models}>
        {(list) =>
          list.length === 0 ? (
            <Empty icon={CircleAlert}>{t('settings.noModels')}</Empty>
          ) : (
            <ul className="stack-list">
              {list.map((model) => (
                <li key={model.id} className="section">
                  <div className="card-head">
                    <h3>{model.name}</h3>
                    <Mark
                      tone={model.verified ? 'executing' : 'danger'}
                      icon={model.verified ? CircleCheck : CircleAlert}
                    >
                      {t(model.verified ? 'settings.verified' : 'settings.notVerified')}
                    </Mark>
                  </div>
                  <Facts
                    rows={[
                      [t('settings.revision'), <code key="r">{model.revision}</code>],
                      [t('settings.size'), sizeText(model.sizeBytes)],
                      [t('settings.sha'), <IdText key="s" id={model.sha256} name={t('settings.sha')} />],
                      [t('settings.inMemory'), t(model.loaded ? 'settings.loaded' : 'settings.notLoaded')],
                    ]}
                  />
                </li>
              ))}
            </ul>
          )
        }
      </Read>
    </Card>
  );
}

/** The section. */
export function MachineSection() {
  const { t } = useTranslation();
  const nowMs = useNow(30_000);
  const setup = useCall('setup.get', {});
  const check = useAct('setup.machineCheck', ['setup.get']);
  return (
    <>
      <Card
        title={t('settings.section.machine')}
        head={
          <Button small busy={check.isPending} onClick={() => check.mutate({})}>
            {t(setup.data?.machine === null ? 'machine.run' : 'machine.again')}
          </Button>
        }
      >
        {check.error !== null && <ErrorNotice error={check.error} />}
        <Read query={setup}>
          {({ machine }) =>
            machine === null ? (
              <p className="muted">{t('dashboard.notChecked')}</p>
            ) : (
              <>
                <p className="hint">{t('machine.checked', { ago: agoText(machine.atMs, nowMs) })}</p>
                <RulesTable rules={machine.rules} />
                <ProvidersTable providers={machine.providers} />
              </>
            )
          }
        </Read>
      </Card>
      <ModelsCard />
    </>
  );
}
