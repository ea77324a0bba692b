/** Step 3: rules with found values, ended by a real small inference on each execution provider. */
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { ProvidersTable, RulesTable } from '../../components/machine-report.tsx';
import { Progress } from '../../components/progress.tsx';
import { useNow } from '../../components/use-now.ts';
import { useAct } from '../../data/client.tsx';
import { agoText, durationText } from '../../format/time.ts';
import type { StepProps } from './step-props.ts';

function Running() {
  const { t } = useTranslation();
  const [startMs] = useState(() => Date.now());
  const nowMs = useNow(1_000);
  return (
    <Notice tone="ready" role="status" title={t('machine.running')}>
      <p>{t('machine.runningHint', { time: durationText(nowMs - startMs) })}</p>
      <Progress percent={null} label={t('machine.running')} />
    </Notice>
  );
}

/** The check; its result stays on screen until "Continue", also when set-up could go on by itself. */
export function MachineStep({ setup, onNext, onStay }: StepProps) {
  const { t } = useTranslation();
  const nowMs = useNow(10_000);
  const check = useAct('setup.machineCheck', ['setup.get']);
  const result = check.data ?? setup.machine;
  const run = (): void => {
    onStay();
    check.mutate({});
  };
  // The first check needs no press: there is nothing to decide before it.
  const began = useRef(false);
  useEffect(() => {
    if (began.current || setup.machine !== null) return;
    began.current = true;
    run();
  });
  const failed =
    result?.rules.some((rule) => rule.status === 'failed') === true ||
    (result !== null && !result.providers.some((probe) => probe.ok));
  return (
    <>
      {check.error !== null && <ErrorNotice error={check.error} />}
      {check.isPending && <Running />}
      {result !== null && !check.isPending && (
        <>
          <RulesTable rules={result.rules} />
          <ProvidersTable providers={result.providers} />
          {failed ? (
            <Notice tone="danger" role="alert" title={t('machine.notEnough')} />
          ) : (
            <Notice tone="executing" role="status" title={t('machine.enough')} />
          )}
        </>
      )}
      <div className="actions">
        {result !== null && !failed && (
          <Button look="primary" onClick={onNext}>
            {t('act.continue')}
          </Button>
        )}
        <Button {...(result === null ? { look: 'primary' as const } : {})} busy={check.isPending} onClick={run}>
          {t(result === null ? 'machine.run' : 'machine.again')}
        </Button>
        {result !== null && !check.isPending && (
          <p className="hint">{t('machine.checked', { ago: agoText(result.atMs, nowMs) })}</p>
        )}
      </div>
    </>
  );
}
