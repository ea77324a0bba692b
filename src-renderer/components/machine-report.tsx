/** Result of the machine check: rules with what was found, providers with the speed of a real inference. */
import { CircleAlert, CircleCheck, CircleDashed, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { MachineCheck } from '../../src-shared/bridge/views.ts';
import { rateText } from '../format/quantity.ts';
import { Mark } from './state-pill.tsx';
import { PlainTable } from './plain-table.tsx';

const marks = {
  ok: ['executing', CircleCheck],
  warning: ['unstaking', TriangleAlert],
  failed: ['danger', CircleAlert],
} as const;

/** Rules as a table: rule, found, needed, mark and fix. */
export function RulesTable({ rules }: { rules: MachineCheck['rules'] }) {
  const { t } = useTranslation();
  return (
    <PlainTable
      label={t('machine.rules')}
      heads={[t('machine.rule'), t('machine.found'), t('machine.needed'), t('machine.result')]}
      cards
    >
      {rules.map((rule) => (
        <tr key={rule.rule}>
          <th scope="row">{t(`machine.ruleName.${rule.rule}`)}</th>
          {/* The node says these in English, whatever the language of the window. */}
          <td className="break" data-head={t('machine.found')}>
            <span lang="en">{rule.found}</span>
          </td>
          <td data-head={t('machine.needed')}>
            <span lang="en">{rule.needed}</span>
          </td>
          <td data-head={t('machine.result')}>
            <span className="mark-note">
              <Mark tone={marks[rule.status][0]} icon={marks[rule.status][1]}>
                {t(`machine.status.${rule.status}`)}
              </Mark>
              {rule.fix !== null && (
                <span className="hint" lang="en">
                  {rule.fix}
                </span>
              )}
            </span>
          </td>
        </tr>
      ))}
    </PlainTable>
  );
}

/** Providers as a table: name, speed, and why one does not run. */
export function ProvidersTable({ providers }: { providers: MachineCheck['providers'] }) {
  const { t } = useTranslation();
  return (
    <PlainTable
      label={t('machine.providers')}
      heads={[t('machine.provider'), t('machine.result'), { text: t('machine.speed'), figure: true }]}
      cards
    >
      {providers.map((probe) => (
        <tr key={probe.provider}>
          <th scope="row">{t(`machine.providerName.${probe.provider}`)}</th>
          <td data-head={t('machine.result')}>
            {probe.ok ? (
              <Mark tone="executing" icon={CircleCheck}>
                {t('machine.runs')}
              </Mark>
            ) : (
              <span className="mark-note">
                <Mark tone="idle" icon={CircleDashed}>
                  {t('machine.doesNotRun')}
                </Mark>
                {probe.remedy !== null && <span lang="en">{probe.remedy}</span>}
                {probe.reason !== null && (
                  <span className="hint break" lang="en">
                    {probe.reason}
                  </span>
                )}
              </span>
            )}
          </td>
          <td className="right nowrap" data-head={t('machine.speed')}>
            <span>
              {probe.tokensPerSecond === null ? '—' : t('machine.rate', { rate: rateText(probe.tokensPerSecond) })}
            </span>
          </td>
        </tr>
      ))}
    </PlainTable>
  );
}
