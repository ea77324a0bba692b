/** State with its reason, network, health, pause and alerts; changes of state are read out (design.md, "Frame"). */
import { Clock, FlaskConical, Globe, Pause, Play } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { NodeView } from '../../src-shared/bridge/views.ts';
import { Button } from '../components/button.tsx';
import { useTell } from '../components/announcer.tsx';
import { StatePill } from '../components/state-pill.tsx';
import { useNow } from '../components/use-now.ts';
import { useAct } from '../data/client.tsx';
import { agoText } from '../format/time.ts';
import { Alerts } from './alerts.tsx';
import { ChainHealth, LinkHealth } from './health.tsx';
import { reasonText } from './reason.ts';

/** The network's name; striped on the sandbox so that play money is never mistaken. */
export function NetworkBadge({ network }: { network: NodeView['network'] }) {
  const { t } = useTranslation();
  const sandbox = network.kind === 'sandbox';
  const Icon = sandbox ? FlaskConical : Globe;
  return (
    <span className={sandbox ? 'network-badge striped' : 'network-badge'} data-testid="network-badge">
      <Icon size={14} aria-hidden="true" />
      <span className="sr-only">{t('frame.network')}</span>
      {sandbox ? t('frame.playMoney', { name: network.name }) : network.name}
    </span>
  );
}

function PauseButton({ paused }: { paused: boolean }) {
  const { t } = useTranslation();
  const tell = useTell();
  const act = useAct(paused ? 'node.resume' : 'node.pause', ['node.get', 'node.alerts', 'node.timeline']);
  const Icon = paused ? Play : Pause;
  return (
    <Button
      small
      busy={act.isPending}
      icon={<Icon size={15} aria-hidden="true" />}
      onClick={() => act.mutate({}, { onError: (error) => tell(false, error.message) })}
    >
      {t(paused ? 'act.resume' : 'act.pause')}
    </Button>
  );
}

/** The bar itself. `oldSinceMs`: when the state was last read, if it can no longer be read. */
export function TopBar({ node, oldSinceMs }: { node: NodeView; oldSinceMs: number | null }) {
  const { t } = useTranslation();
  const nowMs = useNow(10_000);
  const reason = reasonText(node, t);
  const spoken = node.reason === 'running' ? t('reason.running') : reason;
  return (
    <header className="bar">
      <div className="bar-state">
        <StatePill state={node.state} />
        <span className="bar-reason" data-testid="state-reason">
          {reason}
        </span>
        {(node.state === 'IDLE' || node.state === 'READY') && (
          <Link href="/why-idle" title={t('whyIdle.title')}>
            {t('whyIdle.link')}
          </Link>
        )}
        {oldSinceMs !== null && (
          <span className="pill tone-unstaking" role="status">
            <Clock size={14} aria-hidden="true" />
            {t('frame.old', { ago: agoText(oldSinceMs, nowMs) })}
          </span>
        )}
        <span className="sr-only" role="status">
          {t('frame.stateNow', { state: t(`nodeState.${node.state}`), reason: spoken })}
        </span>
      </div>
      <div className="bar-tools">
        <NetworkBadge network={node.network} />
        <LinkHealth link={node.link} />
        <ChainHealth chain={node.chain} />
        <PauseButton paused={node.paused} />
        <Alerts />
      </div>
    </header>
  );
}
