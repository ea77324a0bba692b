/** The order in which execution providers are tried, what the last check found of each, and how to mend it (product.md, "Hardware"). */
import { ArrowDown, ArrowUp, CircleAlert, CircleCheck, Plus, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { ProvidersView } from '../../../src-shared/bridge/views.ts';
import { useTell } from '../../components/announcer.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Read } from '../../components/read.tsx';
import { Mark } from '../../components/state-pill.tsx';
import { useAct, useCall } from '../../data/client.tsx';
import { rateText } from '../../format/quantity.ts';

type Provider = ProvidersView['order'][number];

function Finding({ view, provider }: { view: ProvidersView; provider: Provider }) {
  const { t } = useTranslation();
  const probe = view.probes.find((one) => one.provider === provider);
  const fall = view.falls.find((one) => one.provider === provider);
  const reason = fall?.reason ?? (probe?.ok === false ? (probe.reason ?? t('machine.doesNotRun')) : null);
  const remedy = fall?.remedy ?? probe?.remedy ?? null;
  const serves = view.devices.some((device) => device.provider === provider && device.loaded.length > 0);
  return (
    <>
      <span className="provider-marks">
        {serves && (
          <Mark tone="executing" icon={CircleCheck}>
            {t('hardware.providers.serves')}
          </Mark>
        )}
        {fall !== undefined && (
          <Mark tone="unstaking" icon={CircleAlert}>
            {t('hardware.providers.passedOver')}
          </Mark>
        )}
        <span className="muted">
          {probe === undefined
            ? t('hardware.providers.unchecked')
            : probe.tokensPerSecond !== null
              ? t('machine.rate', { rate: rateText(probe.tokensPerSecond) })
              : null}
        </span>
      </span>
      {reason !== null && (
        <p className="break" lang="en">
          {reason}
        </p>
      )}
      {remedy !== null && (
        <p className="hint break" lang="en">
          {remedy}
        </p>
      )}
      {probe?.software === true && <p className="hint">{t('hardware.providers.software')}</p>}
    </>
  );
}

function Order({ view }: { view: ProvidersView }) {
  const { t } = useTranslation();
  const tell = useTell();
  const set = useAct('inference.setProviders', ['inference.providers', 'node.alerts']);
  const change = (order: readonly Provider[] | null): void =>
    set.mutate(
      { order: order === null ? null : [...order] },
      { onSuccess: () => tell(true, t('hardware.providers.saved')), onError: (error) => tell(false, error.message) },
    );
  const name = (provider: Provider): string => t(`machine.providerName.${provider}`);
  const { order } = view;
  const swap = (at: number, to: number): void =>
    change(order.map((one, index) => (index === at ? (order[to] ?? one) : index === to ? (order[at] ?? one) : one)));
  const left = view.available.filter((provider) => !order.includes(provider));
  return (
    <>
      <ol className="providers" aria-label={t('hardware.providers.order')}>
        {order.map((provider, index) => (
          <li key={provider}>
            <span className="provider-place">{index + 1}</span>
            <div>
              <p className="provider-name">{name(provider)}</p>
              <Finding view={view} provider={provider} />
            </div>
            <span className="provider-acts">
              <IconButton
                small
                label={t('hardware.providers.up', { name: name(provider) })}
                icon={<ArrowUp size={15} aria-hidden="true" />}
                disabled={index === 0}
                onClick={() => swap(index, index - 1)}
              />
              <IconButton
                small
                label={t('hardware.providers.down', { name: name(provider) })}
                icon={<ArrowDown size={15} aria-hidden="true" />}
                disabled={index === order.length - 1}
                onClick={() => swap(index, index + 1)}
              />
              <IconButton
                small
                label={t('hardware.providers.leaveOut', { name: name(provider) })}
                icon={<X size={15} aria-hidden="true" />}
                disabled={order.length === 1}
                onClick={() => change(order.filter((one) => one !== provider))}
              />
            </span>
          </li>
        ))}
      </ol>
      {left.length > 0 && (
        <div className="section">
          <h3>{t('hardware.providers.notListed')}</h3>
          <ul className="providers">
            {left.map((provider) => (
              <li key={provider}>
                <span className="provider-place">—</span>
                <div>
                  <p className="provider-name">{name(provider)}</p>
                  <Finding view={view} provider={provider} />
                </div>
                <span className="provider-acts">
                  <IconButton
                    small
                    label={t('hardware.providers.add', { name: name(provider) })}
                    icon={<Plus size={15} aria-hidden="true" />}
                    onClick={() => change([...order, provider])}
                  />
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
      <div className="card-foot actions">
        <span className="hint">{t(view.isChosen ? 'hardware.providers.chosen' : 'hardware.providers.byCheck')}</span>
        {view.isChosen && (
          <Button small busy={set.isPending} onClick={() => change(null)}>
            {t('hardware.providers.follow')}
          </Button>
        )}
        <Link className="button small" href="/settings/machine">
          {t('hardware.empty.check')}
        </Link>
      </div>
    </>
  );
}

/** The card. */
export function ProvidersCard() {
  const { t } = useTranslation();
  const providers = useCall('inference.providers', {});
  return (
    <Card title={t('hardware.providers.title')}>
      <p className="hint">{t('hardware.providers.intro')}</p>
      <Read query={providers}>{(view) => <Order view={view} />}</Read>
    </Card>
  );
}
