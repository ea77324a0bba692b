/** One stack in a side panel with an address of its own: stakes, choice, commitments, re-run requests, evidence (product.md, "Attestations and disputes"). */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AttestationDetail, AttestationView } from '../../../src-shared/bridge/attestation-calls.ts';
import type { AppError } from '../../../src-shared/errors.ts';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { Facts } from '../../components/card.tsx';
import { IdText } from '../../components/copy.tsx';
import { Notice } from '../../components/notice.tsx';
import { Read } from '../../components/read.tsx';
import { Sheet } from '../../components/sheet.tsx';
import { useAct, useCall } from '../../data/client.tsx';
import { formatUnits } from '../../format/amount.ts';
import { RerunProgress, Stakes } from './attestation-card.tsx';
import { reads } from './attestation-reads.ts';
import { Audit, Commitments, Entries, OwnStanding } from './attestation-record.tsx';
import { stateText } from './attestation-text.ts';
import { DisputeSheet } from './dispute-sheet.tsx';
import { EvidenceActions } from './evidence-actions.tsx';
import { PhaseMark } from './phase-mark.tsx';

/** Silence against dispute, side by side: what the choice costs. */
function Choice({ one, detail }: { one: AttestationView; detail: AttestationDetail }) {
  const { t } = useTranslation();
  const { coin } = detail;
  const money = (value: bigint | null, unknown: string): string =>
    value === null ? unknown : `${formatUnits(value, coin.decimals).exact} ${coin.symbol}`;
  const penalty = money(one.penalty, t('attestations.choice.penaltyUnknown'));
  const frozen = money(one.frozen, t('attestations.choice.frozenUnknown'));
  return (
    <div className="attest-choice">
      <div>
        <h3>{t('attestations.choice.silence')}</h3>
        <p>{t('attestations.choice.silenceMeans', { penalty })}</p>
      </div>
      <div>
        <h3>{t('attestations.choice.dispute')}</h3>
        <p>{t('attestations.choice.disputeMeans', { frozen })}</p>
      </div>
    </div>
  );
}

function Decisions({ one, onDispute }: { one: AttestationView; onDispute: (() => void) | null }) {
  const { t } = useTranslation();
  const tell = useTell();
  const decide = useAct('attestations.decide', reads);
  const restart = useAct('attestations.restart', reads);
  const dismiss = useAct('attestations.dismiss', reads);
  const { stackSmallId } = one;
  const failed = { onError: (error: AppError) => tell(false, error.message) };
  return (
    <div className="actions">
      {one.canAttest && (
        <Button
          look="primary"
          busy={decide.isPending}
          onClick={() => decide.mutate({ stackSmallId, decision: 'attest' }, failed)}
        >
          {t(one.reason === 'fingerprint' ? 'attestations.attestAnyway' : 'attestations.attest')}
        </Button>
      )}
      {one.canRestart && (
        <Button busy={restart.isPending} onClick={() => restart.mutate({ stackSmallId }, failed)}>
          {t('attestations.again')}
        </Button>
      )}
      {one.canStaySilent && (
        <Button busy={decide.isPending} onClick={() => decide.mutate({ stackSmallId, decision: 'silent' }, failed)}>
          {t('attestations.stay')}
        </Button>
      )}
      {one.phase === 'silent' && (
        <Button busy={decide.isPending} onClick={() => decide.mutate({ stackSmallId, decision: 'policy' }, failed)}>
          {t('attestations.leave')}
        </Button>
      )}
      {onDispute !== null && (
        <Button look="danger" onClick={onDispute}>
          {t('attestations.startDispute')}
        </Button>
      )}
      {one.phase === 'slashed' && !one.dismissed && (
        <Button busy={dismiss.isPending} onClick={() => dismiss.mutate({ stackSmallId }, failed)}>
          {t('attestations.dismiss')}
        </Button>
      )}
    </div>
  );
}

function Details({
  detail,
  stackSmallId,
  onDispute,
}: {
  detail: AttestationDetail;
  stackSmallId: bigint;
  onDispute: () => void;
}) {
  const { t } = useTranslation();
  const { attestation, audit, coin } = detail;
  return (
    <>
      {attestation !== null && (
        <>
          <div>
            <PhaseMark phase={attestation.phase} />
          </div>
          <p>{stateText(attestation, t)}</p>
          {attestation.lastError !== null && (
            <Notice tone="idle" title={t('attestations.error')}>
              <p className="break">{attestation.lastError.message}</p>
            </Notice>
          )}
          <Stakes one={attestation} coin={coin} />
          <RerunProgress one={attestation} />
          {attestation.phase === 'asks' && <Choice one={attestation} detail={detail} />}
          <Decisions
            one={attestation}
            onDispute={attestation.canDispute && detail.computed !== null ? onDispute : null}
          />
          {attestation.digest !== null && (
            <Facts
              rows={[[t('proposal.digest'), <IdText key="d" id={attestation.digest} name={t('proposal.digest')} />]]}
            />
          )}
        </>
      )}
      {detail.own !== null && <OwnStanding own={detail.own} detail={detail} />}
      <Commitments detail={detail} />
      {audit !== null && <Audit audit={audit} />}
      <Entries detail={detail} />
      <EvidenceActions stackSmallId={stackSmallId} />
    </>
  );
}

/** Reads the stack by its number, so that its address always works. */
export function AttestationPanel({ stackSmallId, onClose }: { stackSmallId: bigint; onClose: () => void }) {
  const { t } = useTranslation();
  const [disputing, setDisputing] = useState(false);
  const query = useCall('attestations.get', { stackSmallId });
  const attestation = query.data?.attestation ?? null;
  const computed = query.data?.computed ?? null;
  if (disputing && attestation !== null && computed !== null && query.data) {
    return (
      <DisputeSheet
        one={attestation}
        commitment={computed.proof}
        coin={query.data.coin}
        onClose={() => setDisputing(false)}
      />
    );
  }
  return (
    <Sheet title={t('attestations.panel', { id: stackSmallId.toString() })} onClose={onClose}>
      <Read query={query}>
        {(detail) =>
          detail === null ? (
            <Notice tone="idle" role="status" title={t('attestations.notFound')} />
          ) : (
            <Details detail={detail} stackSmallId={stackSmallId} onDispute={() => setDisputing(true)} />
          )
        }
      </Read>
    </Sheet>
  );
}
