/** The network in use: ids, endpoints with their health, the coordinator and its pinned identity. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SettingsView } from '../../../src-shared/bridge/views.ts';
import { addressSchema } from '../../../src-shared/domain/ids.ts';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { Card, Facts } from '../../components/card.tsx';
import { IdText } from '../../components/copy.tsx';
import { Field } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { useAct, useCall } from '../../data/client.tsx';
import { EndpointTable } from './endpoint-table.tsx';

/** Shown when the coordinator presents another identity than the pinned one. */
function TrustForm({ found }: { found: string | null }) {
  const { t } = useTranslation();
  const tell = useTell();
  const [id, setId] = useState(found ?? '');
  const trust = useAct('settings.trustCoordinator', ['settings.get', 'node.get', 'node.alerts']);
  const valid = addressSchema.safeParse(id).success;
  return (
    <form
      className="stack-list"
      onSubmit={(event) => {
        event.preventDefault();
        if (valid)
          trust.mutate(
            { coordinatorId: id },
            { onSuccess: () => tell(true, t('settings.trusted')), onError: (error) => tell(false, error.message) },
          );
      }}
    >
      <Field
        label={t('settings.newCoordinator')}
        value={id}
        onChange={(event) => setId(event.target.value.trim())}
        hint={t('settings.newCoordinatorHint')}
        error={id === '' || valid ? null : t('settings.badAddress')}
      />
      <div className="actions">
        <Button type="submit" look="danger" busy={trust.isPending} disabled={!valid}>
          {t('settings.trust')}
        </Button>
      </div>
    </form>
  );
}

/** The section. */
export function NetworkSection({ settings }: { settings: SettingsView }) {
  const { t } = useTranslation();
  const { network } = settings;
  const node = useCall('node.get', {}).data;
  const changed = node?.link.lastError?.code === 'link.coordinator_changed';
  const found = node?.link.coordinatorId ?? null;
  return (
    <>
      {changed && (
        <Notice tone="danger" role="alert" title={t('settings.coordinatorChanged')}>
          <p className="break">{node.link.lastError?.message}</p>
          <TrustForm found={found === network.coordinatorId ? null : found} />
        </Notice>
      )}
      <Card title={t('settings.section.network')}>
        <Facts
          rows={[
            [t('settings.name'), network.name],
            [t('settings.generation'), network.generation],
            [
              t('settings.chainId'),
              network.chainId === null ? (
                t('settings.notPinned')
              ) : (
                <IdText key="c" id={network.chainId} name={t('settings.chainId')} />
              ),
            ],
            [t('settings.package'), <IdText key="p" id={network.atomaPackageId} name={t('settings.package')} />],
            [t('settings.db'), <IdText key="d" id={network.atomaDbId} name={t('settings.db')} />],
          ]}
        />
      </Card>
      <Card title={t('settings.endpoints')}>
        {network.health.length > 0 && <EndpointTable endpoints={network.health} inUse={node?.chain.endpoint ?? null} />}
        <Facts
          rows={[
            ...(network.health.length > 0 ? [] : network.endpoints).map(
              (url) =>
                [
                  t('settings.standby'),
                  <code key={url} className="break">
                    {url}
                  </code>,
                ] as const,
            ),
            [
              node === undefined ? t('settings.coordinator') : t(`health.link.${node.link.status}`),
              network.coordinatorUrl === null ? (
                t('settings.noCoordinator')
              ) : (
                <code key="u" className="break">
                  {network.coordinatorUrl}
                </code>
              ),
            ],
            [
              t('settings.coordinatorId'),
              network.coordinatorId === null ? (
                t('settings.notPinned')
              ) : (
                <IdText key="i" id={network.coordinatorId} name={t('settings.coordinatorId')} />
              ),
            ],
          ]}
        />
      </Card>
    </>
  );
}
