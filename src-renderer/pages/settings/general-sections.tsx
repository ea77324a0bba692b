/** Theme, language, versions, how to update, and records that were set aside. */
import { useTranslation } from 'react-i18next';
import type { SettingsView } from '../../../src-shared/bridge/views.ts';
import { useTell } from '../../components/announcer.tsx';
import { Card, Facts } from '../../components/card.tsx';
import { Segments, Select } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { Read } from '../../components/read.tsx';
import { applyTheme } from '../../components/theme.ts';
import type { Theme } from '../../components/theme.ts';
import { useAct, useCall } from '../../data/client.tsx';
import { formatUnits } from '../../format/amount.ts';
import { dateTimeText } from '../../format/time.ts';
import { languageName, offeredLanguages } from '../../text/languages.ts';

const themes: readonly Theme[] = ['system', 'light', 'dark'];

/** Theme by system, light or dark; applied at once, kept by the node. */
export function AppearanceSection({ settings }: { settings: SettingsView }) {
  const { t } = useTranslation();
  const tell = useTell();
  const save = useAct('settings.theme', ['settings.get']);
  const choose = (theme: Theme): void => {
    applyTheme(theme);
    save.mutate({ theme }, { onError: (error) => tell(false, error.message) });
  };
  return (
    <>
      <Card title={t('settings.section.appearance')}>
        <div className="section">
          <p className="legend" aria-hidden="true">
            {t('settings.theme')}
          </p>
          <Segments
            legend={t('settings.theme')}
            value={save.variables?.theme ?? settings.theme}
            onChange={choose}
            options={themes.map((theme) => [theme, t(`settings.themes.${theme}`)] as const)}
          />
          <p className="hint">{t('settings.themeHint')}</p>
        </div>
      </Card>
      <LanguageCard choice={settings.language} />
    </>
  );
}

/** A moment whose day, month and hour cannot be taken for each other. */
const sampleMs = Date.UTC(2026, 10, 21, 15, 4, 5);

/** Language and writing of numbers and dates; applied at once, kept by the node. */
function LanguageCard({ choice }: { choice: SettingsView['language'] }) {
  const { t } = useTranslation();
  const tell = useTell();
  const save = useAct('settings.language', ['settings.get']);
  const keep = (change: Partial<SettingsView['language']>): void =>
    save.mutate({ ...choice, ...change }, { onError: (error) => tell(false, error.message) });
  return (
    <Card title={t('settings.language')}>
      <Select
        label={t('settings.languageOf')}
        value={choice.tag ?? ''}
        options={[
          ['', t('settings.languageSystem')],
          ...offeredLanguages(choice.tag).map(({ tag }) => [tag, languageName(tag)] as const),
        ]}
        onChange={(tag) => keep({ tag: tag === '' ? null : tag })}
        hint={t('settings.languageHint')}
      />
      <Select
        label={t('settings.formats')}
        value={choice.formats}
        options={(['system', 'language'] as const).map((one) => [one, t(`settings.formatsOf.${one}`)] as const)}
        onChange={(formats) => keep({ formats })}
        hint={t('settings.formatsSample', { number: formatUnits(12_345_67n, 2).exact, date: dateTimeText(sampleMs) })}
      />
    </Card>
  );
}

/** Versions, the way to a newer one (decision 0022), and parked rows. */
export function AboutSection({ parked }: { parked: SettingsView['parked'] }) {
  const { t } = useTranslation();
  const info = useCall('app.info', {});
  return (
    <>
      <Card title={t('settings.section.about')}>
        <Read query={info}>
          {(app) => (
            <Facts
              rows={[
                [t('settings.version'), app.version],
                [t('settings.host'), t(`settings.hosts.${app.host}`)],
                app.electron === null ? null : ['Electron', app.electron],
                ['Node.js', app.node],
                [t('settings.platform'), app.platform],
              ]}
            />
          )}
        </Read>
      </Card>
      <Card title={t('settings.updates')}>
        <p>{t('settings.updatesText')}</p>
      </Card>
      <Card title={t('settings.parked')}>
        {parked.length === 0 ? (
          <p className="muted">{t('settings.noneParked')}</p>
        ) : (
          <>
            <Notice tone="unstaking" title={t('settings.parkedHint')} />
            <Facts rows={parked.map((row) => [`${row.table} ${row.id}`, row.reason] as const)} />
          </>
        )}
      </Card>
    </>
  );
}
