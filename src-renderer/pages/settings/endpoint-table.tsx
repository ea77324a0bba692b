/** The full nodes of the network with what was last seen of each: state, latency, checkpoint, error (issue: several endpoints with health and failover). */
import { CircleCheck, CircleHelp, CircleX, Clock } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { SettingsView } from '../../../src-shared/bridge/views.ts';
import type { Tone } from '../../components/notice.tsx';
import { Mark } from '../../components/state-pill.tsx';
import { countText } from '../../format/amount.ts';
import { workTimeText } from '../../format/time.ts';
import { PlainTable } from '../../components/plain-table.tsx';

type Endpoint = SettingsView['network']['health'][number];

const looks: Record<Endpoint['status'], readonly [Tone, LucideIcon]> = {
  unknown: ['idle', CircleHelp],
  ok: ['executing', CircleCheck],
  slow: ['unstaking', Clock],
  behind: ['unstaking', Clock],
  down: ['danger', CircleX],
  wrong_chain: ['danger', CircleX],
};

function Row({ endpoint, inUse }: { endpoint: Endpoint; inUse: boolean }) {
  const { t } = useTranslation();
  const [tone, icon] = looks[endpoint.status];
  return (
    <tr className={inUse ? 'chosen' : undefined}>
      <th scope="row">
        <code className="break">{endpoint.url}</code>
        {inUse && <p className="hint">{t('settings.endpoint.inUse')}</p>}
        {endpoint.lastError !== null && <p className="hint break">{endpoint.lastError.message}</p>}
      </th>
      <td data-head={t('settings.endpoint.state')}>
        <Mark tone={tone} icon={icon}>
          {t(`settings.endpoint.status.${endpoint.status}`)}
        </Mark>
      </td>
      <td className="right nowrap" data-head={t('settings.endpoint.latency')}>
        <span>{endpoint.latencyMs === null ? '—' : workTimeText(endpoint.latencyMs)}</span>
      </td>
      <td className="right nowrap" data-head={t('settings.endpoint.checkpoint')}>
        <span>{endpoint.checkpoint === null ? '—' : countText(endpoint.checkpoint)}</span>
      </td>
    </tr>
  );
}

/** `inUse` is the address that is asked now. */
export function EndpointTable({ endpoints, inUse }: { endpoints: readonly Endpoint[]; inUse: string | null }) {
  const { t } = useTranslation();
  return (
    <PlainTable
      label={t('settings.endpoints')}
      cards
      heads={[
        t('settings.endpoint.address'),
        t('settings.endpoint.state'),
        { text: t('settings.endpoint.latency'), figure: true },
        { text: t('settings.endpoint.checkpoint'), figure: true },
      ]}
    >
      {endpoints.map((endpoint) => (
        <Row key={endpoint.url} endpoint={endpoint} inUse={endpoint.url === inUse} />
      ))}
    </PlainTable>
  );
}
