/** Direct requests: the node's own API for buyers of its stacks, off by default, and the announcement of its address (protocol.md 7.5 to 7.9). */
import { CircleAlert, CircleCheck, CircleDashed, CirclePause } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IngressSettings, IngressView } from '../../../src-shared/bridge/ingress-calls.ts';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { Card, Facts } from '../../components/card.tsx';
import { Field, Select, Switch } from '../../components/field.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { Read } from '../../components/read.tsx';
import { Mark } from '../../components/state-pill.tsx';
import { useNow } from '../../components/use-now.ts';
import { useAct, useCall } from '../../data/client.tsx';
import { agoText } from '../../format/time.ts';
import { wholeNumber } from './engines/engine-form.ts';

const marks = {
  listening: ['executing', CircleCheck],
  failed: ['danger', CircleAlert],
  off: ['idle', CirclePause],
  closed: ['ready', CircleDashed],
} as const;

function NowCard({ view }: { view: IngressView }) {
  const { t } = useTranslation();
  const tell = useTell();
  const nowMs = useNow(15_000);
  const announce = useAct('ingress.announce', ['ingress.get']);
  const [tone, icon] = marks[view.state];
  const refused = Object.entries(view.refused);
  const { announced } = view;
  return (
    <Card
      title={t('ingress.now')}
      head={
        <Mark tone={tone} icon={icon}>
          {t(`ingress.state.${view.state}`)}
        </Mark>
      }
    >
      {view.problem !== null && <Notice tone="danger" title={view.problem.message} />}
      {view.state === 'closed' && <Notice tone="ready" title={t('ingress.noSession')} />}
      <Facts
        rows={[
          [
            t('ingress.address'),
            view.address === null ? (
              t('ingress.nowhere')
            ) : (
              <code key="a" className="break">
                {view.address}/v1
              </code>
            ),
          ],
          [t('ingress.served'), String(view.served)],
          [t('ingress.running'), String(view.running)],
          [
            t('ingress.refused'),
            refused.length === 0
              ? t('ingress.refusedNone')
              : refused.map(([code, count]) => t('ingress.refusedOf', { count, code })).join(', '),
          ],
          view.settings.announceTo === null
            ? null
            : [
                t('ingress.announced'),
                announced === null
                  ? t('ingress.announcedNever')
                  : (announced.problem?.message ?? agoText(announced.atMs, nowMs)),
              ],
        ]}
      />
      {view.state === 'listening' && view.settings.announceTo !== null && (
        <div className="actions">
          <Button
            busy={announce.isPending}
            onClick={() =>
              announce.mutate(
                {},
                {
                  onSuccess: () => tell(true, t('ingress.announcedOk')),
                  onError: (error) => tell(false, error.message),
                },
              )
            }
          >
            {t('ingress.announceNow')}
          </Button>
        </div>
      )}
    </Card>
  );
}

function IngressForm({ settings }: { settings: IngressSettings }) {
  const { t } = useTranslation();
  const tell = useTell();
  const [draft, setDraft] = useState({
    ...settings,
    port: String(settings.port),
    maxConnections: String(settings.maxConnections),
    publicUrl: settings.publicUrl ?? '',
    country: settings.country ?? '',
    announceTo: settings.announceTo ?? '',
  });
  const save = useAct('ingress.set', ['ingress.get']);
  const change = (part: Partial<typeof draft>): void => setDraft((before) => ({ ...before, ...part }));
  const port = wholeNumber(draft.port, 0, 65_535);
  const maxConnections = wholeNumber(draft.maxConnections, 1, 10_000);
  const country = draft.country === '' || /^[A-Z]{2}$/.test(draft.country);
  const next: IngressSettings | null =
    port === null || maxConnections === null || !country
      ? null
      : {
          enabled: draft.enabled,
          reach: draft.reach,
          port,
          maxConnections,
          publicUrl: draft.publicUrl === '' ? null : draft.publicUrl,
          country: draft.country === '' ? null : draft.country,
          announceTo: draft.announceTo === '' ? null : draft.announceTo,
        };
  return (
    <Card title={t('settings.section.ingress')}>
      <p className="muted">{t('ingress.lead')}</p>
      <form
        className="stack-list"
        onSubmit={(event) => {
          event.preventDefault();
          if (next !== null) save.mutate({ settings: next }, { onSuccess: () => tell(true, t('settings.saved')) });
        }}
      >
        <Switch
          label={t('ingress.switch')}
          hint={t('ingress.switchHint')}
          checked={draft.enabled}
          onChange={(enabled) => change({ enabled })}
        />
        <Select
          label={t('ingress.reach')}
          value={draft.reach}
          options={(['loopback', 'everywhere'] as const).map(
            (reach) => [reach, t(`ingress.reaches.${reach}`)] as const,
          )}
          onChange={(reach) => change({ reach })}
          hint={t(`ingress.reachHint.${draft.reach}`)}
        />
        <div className="two">
          <Field
            label={t('ingress.port')}
            inputMode="numeric"
            value={draft.port}
            onChange={(event) => change({ port: event.target.value })}
            error={port === null ? t('engines.numberBad', { least: 0, most: 65535 }) : null}
            hint={t('ingress.portHint')}
          />
          <Field
            label={t('ingress.connections')}
            inputMode="numeric"
            value={draft.maxConnections}
            onChange={(event) => change({ maxConnections: event.target.value })}
            error={maxConnections === null ? t('engines.numberBad', { least: 1, most: 10000 }) : null}
          />
        </div>
        <h3>{t('ingress.presence')}</h3>
        <p className="hint">{t('ingress.presenceHint')}</p>
        <Field
          label={t('ingress.publicUrl')}
          inputMode="url"
          value={draft.publicUrl}
          onChange={(event) => change({ publicUrl: event.target.value.trim() })}
          hint={t('ingress.publicUrlHint')}
        />
        <div className="two">
          <Field
            label={t('ingress.country')}
            maxLength={2}
            value={draft.country}
            onChange={(event) => change({ country: event.target.value.trim().toUpperCase() })}
            error={country ? null : t('ingress.countryBad')}
            hint={t('ingress.countryHint')}
          />
          <Field
            label={t('ingress.announceTo')}
            inputMode="url"
            value={draft.announceTo}
            onChange={(event) => change({ announceTo: event.target.value.trim() })}
            hint={t('ingress.announceToHint')}
          />
        </div>
        {save.error !== null && <ErrorNotice error={save.error} />}
        <div className="actions">
          <Button type="submit" look="primary" busy={save.isPending} disabled={next === null}>
            {t('act.save')}
          </Button>
        </div>
      </form>
    </Card>
  );
}

/** The section. */
export function IngressSection() {
  const view = useCall('ingress.get', {});
  return (
    <Read query={view}>
      {(ingress) => (
        <>
          {ingress.state !== 'off' && <NowCard view={ingress} />}
          <IngressForm key={JSON.stringify(ingress.settings)} settings={ingress.settings} />
          {ingress.state === 'off' && <NowCard view={ingress} />}
        </>
      )}
    </Read>
  );
}
