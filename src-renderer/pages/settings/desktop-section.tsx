/** Settings of the desktop application: tray, start, sleep and notices by kind (product.md, Settings and Notifications). */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DesktopSettings } from '../../../src-shared/bridge/desktop-calls.ts';
import { noticeKindSchema } from '../../../src-shared/bridge/desktop-calls.ts';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Field, Switch } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { Read } from '../../components/read.tsx';
import { useAct, useCall } from '../../data/client.tsx';
import { useShowShortcuts } from '../../frame/shortcuts.tsx';

const switches = ['keepInTray', 'startAtLogin', 'startHidden', 'stayAwake'] as const;
const minutes = { least: 1, most: 120 };

const minutesOf = (text: string): number | null => {
  const value = /^\d{1,3}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return value >= minutes.least && value <= minutes.most ? value : null;
};

function Forms({ settings }: { settings: DesktopSettings }) {
  const { t } = useTranslation();
  const tell = useTell();
  const save = useAct('desktop.set', ['desktop.get']);
  const { notices } = settings;
  const [every, setEvery] = useState(String(notices.everyMinutes));
  const everyMinutes = minutesOf(every);
  const send = (next: DesktopSettings): void =>
    save.mutate(
      { settings: next },
      { onSuccess: () => tell(true, t('settings.saved')), onError: (error) => tell(false, error.message) },
    );
  return (
    <>
      <Card title={t('desktop.window')}>
        {switches.map((name) => (
          <Switch
            key={name}
            label={t(`desktop.${name}`)}
            hint={t(`desktop.${name}Hint`)}
            checked={settings[name]}
            disabled={save.isPending || (name === 'startHidden' && !settings.startAtLogin)}
            onChange={(on) => send({ ...settings, [name]: on })}
          />
        ))}
      </Card>
      <Card title={t('desktop.notices')}>
        <p className="hint">{t('desktop.noticesHint')}</p>
        {noticeKindSchema.options.map((kind) => (
          <Switch
            key={kind}
            label={t(`desktop.kind.${kind}`)}
            checked={notices.kinds[kind]}
            disabled={save.isPending}
            onChange={(on) => send({ ...settings, notices: { ...notices, kinds: { ...notices.kinds, [kind]: on } } })}
          />
        ))}
        <form
          className="stack-list"
          onSubmit={(event) => {
            event.preventDefault();
            if (everyMinutes !== null) send({ ...settings, notices: { ...notices, everyMinutes } });
          }}
        >
          <Field
            label={t('desktop.everyMinutes')}
            hint={t('desktop.everyMinutesHint')}
            inputMode="numeric"
            value={every}
            onChange={(event) => setEvery(event.target.value)}
            error={everyMinutes === null ? t('network.between', { min: minutes.least, max: minutes.most }) : null}
          />
          <div className="actions">
            <Button type="submit" look="primary" busy={save.isPending} disabled={everyMinutes === null}>
              {t('act.save')}
            </Button>
          </div>
        </form>
      </Card>
    </>
  );
}

/** The section. */
export function DesktopSection() {
  const { t } = useTranslation();
  const show = useShowShortcuts();
  return (
    <>
      <Read query={useCall('desktop.get', {})}>
        {({ isDesktop, settings }) =>
          isDesktop ? <Forms settings={settings} /> : <Notice tone="ready" title={t('desktop.notHere')} />
        }
      </Read>
      <Card title={t('shortcuts.title')}>
        <p className="hint">{t('shortcuts.intro')}</p>
        <div className="actions">
          <Button onClick={show}>{t('shortcuts.open')}</Button>
        </div>
      </Card>
    </>
  );
}
