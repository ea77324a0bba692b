/** One request to attest: its state, deadline, penalty and reward in tokens, and how far the re-run is (product.md, "Attestations and disputes"). */
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { AttestationView } from '../../../src-shared/bridge/attestation-calls.ts';
import type { Coin } from '../../../src-shared/domain/amounts.ts';
import { Amount } from '../../components/amount.tsx';
import { Facts } from '../../components/card.tsx';
import { Notice } from '../../components/notice.tsx';
import { Progress } from '../../components/progress.tsx';
import { useNow } from '../../components/use-now.ts';
import { deadlineText, progressText, stateText } from './attestation-text.ts';
import { PhaseMark } from './phase-mark.tsx';

/** Deadline and money of an attestation. */
export function Stakes({ one, coin }: { one: AttestationView; coin: Coin }) {
  const { t } = useTranslation();
  const nowMs = useNow(10_000);
  const deadline = deadlineText(one, nowMs, t);
  const reason = t('attestations.moneyUnknown');
  return (
    <Facts
      rows={[
        deadline === null ? null : [t('attestations.deadline'), deadline],
        [
          t('attestations.penalty'),
          <Amount key="p" value={one.penalty} coin={coin} source="chain" readAtMs={one.updatedMs} reason={reason} />,
        ],
        [
          t('attestations.reward'),
          <Amount key="r" value={one.reward} coin={coin} source="chain" readAtMs={one.updatedMs} reason={reason} />,
        ],
        one.places > 1
          ? [t('attestations.places'), t('attestations.placesOf', { count: one.places, all: one.requested.length })]
          : null,
        one.selectedNode === null
          ? null
          : [
              t('attestations.settledBy'),
              one.ownStack ? t('attestations.thisNode') : t('attestations.node', { id: one.selectedNode.toString() }),
            ],
      ]}
    />
  );
}

/** How far the re-run is. */
export function RerunProgress({ one }: { one: AttestationView }) {
  const { t } = useTranslation();
  const percent = one.total !== null ? 100 : one.phase === 'running' ? null : 0;
  return (
    <div className="attest-progress">
      <Progress percent={percent} label={t('attestations.progress', { id: one.stackSmallId.toString() })} />
      <p className="hint">{progressText(one, t)}</p>
    </div>
  );
}

/** The card. */
export function AttestationCard({ one, coin }: { one: AttestationView; coin: Coin }) {
  const { t } = useTranslation();
  const id = one.stackSmallId.toString();
  return (
    <article className={`attest-card ${one.phase === 'asks' ? 'asks' : ''}`} aria-labelledby={`attest-${id}`}>
      <div className="attest-head">
        <h3 id={`attest-${id}`}>
          <Link href={`/attestations/${id}`} aria-label={t('attestations.open', { id })}>
            {t('attestations.stack', { id })}
          </Link>
        </h3>
        <PhaseMark phase={one.phase} />
      </div>
      <p>{stateText(one, t)}</p>
      {one.urgent && <Notice tone="unstaking" title={t('attestations.halfGone')} />}
      {one.lastError !== null && <p className="hint break">{one.lastError.message}</p>}
      <Stakes one={one} coin={coin} />
      <RerunProgress one={one} />
    </article>
  );
}
