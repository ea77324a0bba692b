/** Result of the machine check: rules with what was found, providers with the speed of a real inference. */
import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { MachineCheck } from '../../src-shared/bridge/views.ts';
import { rateText } from '../format/quantity.ts';
import { Mark } from './state-pill.tsx';

const marks = {
  ok: ['executing', CircleCheck],
  warning: ['unstaking', TriangleAlert],
  failed: ['danger', CircleAlert],
} as const;

/** Rules as a table: rule, found, needed, mark and fix. */
export function RulesTable({ rules }: { rules: MachineCheck['rules'] }) {
  const { t } = useTranslation();
  return (
    <div className="table-wrap" tabIndex={0} role="group" aria-label={t('machine.rules')}>
      <table className="table">
        <caption className="sr-only">{t('machine.rules')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('machine.rule')}</th>
            <th scope="col">{t('machine.found')}</th>
            <th scope="col">{t('machine.needed')}</th>
            <th scope="col">{t('machine.result')}</th>
          </tr>
        </thead>
        <tbody>
          {rules.map((rule) => (
            <tr key={rule.rule}>
              <th scope="row">{t(`machine.ruleName.${rule.rule}`)}</th>
              <td className="break">{rule.found}</td>
              <td>{rule.needed}</td>
              <td>
                <Mark tone={marks[rule.status][0]} icon={marks[rule.status][1]}>
                  {t(`machine.status.${rule.status}`)}
                </Mark>
                {rule.fix !== null && <p className="hint">{rule.fix}</p>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Providers as a table: name, speed, and why one does not run. */
export function ProvidersTable({ providers }: { providers: MachineCheck['providers'] }) {
  const { t } = useTranslation();
  return (
    <div className="table-wrap" tabIndex={0} role="group" aria-label={t('machine.providers')}>
      <table className="table">
        <caption className="sr-only">{t('machine.providers')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('machine.provider')}</th>
            <th scope="col">{t('machine.result')}</th>
            <th scope="col" className="right">
              {t('machine.speed')}
            </th>
          </tr>
        </thead>
        <tbody>
          {providers.map((probe) => (
            <tr key={probe.provider}>
              <th scope="row">{t(`machine.providerName.${probe.provider}`)}</th>
              <td className="break">
                {probe.ok ? (
                  <Mark tone="executing" icon={CircleCheck}>
                    {t('machine.runs')}
                  </Mark>
                ) : (
                  <>
                    <span>{probe.reason ?? t('machine.doesNotRun')}</span>
                    {probe.remedy !== null && <p className="hint">{probe.remedy}</p>}
                  </>
                )}
              </td>
              <td className="right nowrap">
                {probe.tokensPerSecond === null ? '—' : t('machine.rate', { rate: rateText(probe.tokensPerSecond) })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
