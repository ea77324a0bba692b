/** Link and chain health in the top bar: a word each, details unfold. */
import { Blocks, Link2, Unlink2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { NodeView } from '../../src-shared/bridge/views.ts';
import { Facts } from '../components/card.tsx';
import { IdText } from '../components/copy.tsx';
import { Disclosure } from '../components/disclosure.tsx';
import { Notice } from '../components/notice.tsx';
import { Term } from '../components/term.tsx';
import { useNow } from '../components/use-now.ts';
import { agoText, durationText } from '../format/time.ts';

/** True where the operator should see that something is off. */
export const isLinkBad = (status: NodeView['link']['status']): boolean =>
  status === 'refused' || status === 'connecting';
/** As {@link isLinkBad}, for the chain. */
export const isChainBad = (status: NodeView['chain']['status']): boolean => status === 'down' || status === 'slow';

/** The link to the coordinator. */
export function LinkHealth({ link }: { link: NodeView['link'] }) {
  const { t } = useTranslation();
  const nowMs = useNow(5_000);
  const bad = isLinkBad(link.status);
  const Icon = link.status === 'connected' ? Link2 : Unlink2;
  return (
    <Disclosure
      label={t('health.linkLabel', { status: t(`health.link.${link.status}`) })}
      button={
        <span className={bad ? 'health bad' : 'health'}>
          <Icon size={15} aria-hidden="true" />
          <span className="health-word">{t('health.linkWord')}</span>
        </span>
      }
    >
      {() => (
        <>
          <p className="notice-title">{t(`health.link.${link.status}`)}</p>
          <Facts
            rows={[
              link.url === null ? null : [t('health.address'), <code key="url">{link.url}</code>],
              link.sinceMs === null ? null : [t('health.since'), agoText(link.sinceMs, nowMs)],
              link.coordinatorId === null
                ? null
                : [t('health.coordinator'), <IdText key="id" id={link.coordinatorId} name={t('health.coordinator')} />],
              link.nextAttemptMs === null ? null : [t('health.nextAttempt'), durationText(link.nextAttemptMs - nowMs)],
            ]}
          />
          {link.lastError !== null && <Notice tone={bad ? 'danger' : 'idle'} title={link.lastError.message} />}
        </>
      )}
    </Disclosure>
  );
}

/** The full node that the chain is read from. */
export function ChainHealth({ chain }: { chain: NodeView['chain'] }) {
  const { t } = useTranslation();
  const nowMs = useNow(5_000);
  const bad = isChainBad(chain.status);
  return (
    <Disclosure
      label={t('health.chainLabel', { status: t(`health.chain.${chain.status}`) })}
      button={
        <span className={bad ? 'health bad' : 'health'}>
          <Blocks size={15} aria-hidden="true" />
          <span className="health-word">{t('health.chainWord')}</span>
        </span>
      }
    >
      {() => (
        <>
          <p className="notice-title">{t(`health.chain.${chain.status}`)}</p>
          <Facts
            rows={[
              chain.endpoint === null ? null : [t('health.address'), <code key="url">{chain.endpoint}</code>],
              [<Term key="epoch" name="epoch" />, chain.epoch === null ? '—' : chain.epoch.toString()],
              chain.epochEndsAtMs === null ? null : [t('health.epochEnds'), durationText(chain.epochEndsAtMs - nowMs)],
              [t('health.read'), chain.readAtMs === null ? t('health.neverRead') : agoText(chain.readAtMs, nowMs)],
            ]}
          />
          {bad && chain.lastError !== null && <Notice tone="danger" title={chain.lastError.message} />}
        </>
      )}
    </Disclosure>
  );
}
