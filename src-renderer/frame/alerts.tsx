/** What the operator should look at, behind a bell with a count; each leads to the page that mends it. */
import { Bell, CircleAlert, Info, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { z } from 'zod';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { alertSchema } from '../../src-shared/bridge/views.ts';
import { Button } from '../components/button.tsx';
import { Disclosure } from '../components/disclosure.tsx';
import { useCall } from '../data/client.tsx';
import { firstAlerts } from './first-alerts.ts';
import { pathOf } from './rail.tsx';

/** One alert. */
export type Alert = z.output<typeof alertSchema>;

const icons = { info: Info, warning: TriangleAlert, danger: CircleAlert } as const;
const tones = { info: 'ready', warning: 'unstaking', danger: 'danger' } as const;

/** As many as can be taken in at a glance; the rest unfolds. */
const shownAtFirst = 4;

/** A list of alerts with links. */
export function AlertList({ alerts, onFollow }: { alerts: readonly Alert[]; onFollow?: () => void }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const shown = all || alerts.length <= shownAtFirst + 1 ? alerts : firstAlerts(alerts, shownAtFirst);
  return (
    <ul className="stack-list">
      {shown.map((alert) => {
        const Icon = icons[alert.level];
        return (
          <li key={alert.id} className={`notice tone-${tones[alert.level]}`}>
            <Icon size={18} role="img" aria-label={t(`alert.level.${alert.level}`)} />
            <span className="notice-body">
              <span className="break">{alert.message}</span>
              {alert.page !== 'setup' && (
                <Link
                  href={alert.section === undefined ? pathOf[alert.page] : `${pathOf[alert.page]}/${alert.section}`}
                  {...(onFollow === undefined ? {} : { onClick: onFollow })}
                >
                  {t('alert.open', { page: t(`page.${alert.page}`) })}
                </Link>
              )}
            </span>
          </li>
        );
      })}
      {shown.length < alerts.length && (
        <li>
          <Button small onClick={() => setAll(true)}>
            {t('alert.more', { count: alerts.length - shown.length })}
          </Button>
        </li>
      )}
    </ul>
  );
}

/** The bell. */
export function Alerts() {
  const { t } = useTranslation();
  const alerts = useCall('node.alerts', {}).data ?? [];
  return (
    <Disclosure
      label={t('alert.bell', { count: alerts.length })}
      button={
        <>
          <Bell size={15} aria-hidden="true" />
          {alerts.length > 0 && <span>{alerts.length}</span>}
        </>
      }
    >
      {(close) => (alerts.length === 0 ? <p>{t('alert.none')}</p> : <AlertList alerts={alerts} onFollow={close} />)}
    </Disclosure>
  );
}
