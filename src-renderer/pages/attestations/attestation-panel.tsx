/** One stack in a side panel with an address of its own: stakes, choice, commitments, re-run requests, evidence (product.md, "Attestations and disputes"). */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type {
  AttestationDetail,
  AttestationView,
  OwnTicketView,
  StackAuditView,
} from '../../../src-shared/bridge/attestation-calls.ts';
import type { AppError } from '../../../src-shared/errors.ts';
import { Amount } from '../../components/amount.tsx';
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
import { nodesText, ownState, stateText } from './attestation-text.ts';
import { DisputeSheet } from './dispute-sheet.tsx';
import { EvidenceActions } from './evidence-actions.tsx';
import { AuditMark, PhaseMark } from './phase-mark.tsx';

const reads = ['attestations.list', 'attestations.get', 'node.alerts'] as const;
const isEmptyLeaf = (leaf: string): boolean => /^0+$/.test(leaf);

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

/** Who was asked to check an own stack, who answered, and what a dispute of it has taken. */
function OwnStanding({ own, detail }: { own: OwnTicketView; detail: AttestationDetail }) {
  const { t } = useTranslation();
  const { coin } = detail;
  const me = useCall('node.get', {}).data?.nodeSmallId ?? null;
  const frozen = (
    <Amount key="f" value={detail.frozen} coin={coin} source="chain" reason={t('attestations.moneyUnknown')} />
  );
  return (
    <div className="section">
      <h3>{t('attestations.ownHead')}</h3>
      {own.isInDispute && (
        <Notice tone="danger" title={t('attestations.ownDispute.title')}>
          <p>{t('attestations.ownDispute.lost')}</p>
          <p>{t('attestations.ownDispute.next')}</p>
        </Notice>
      )}
      <Facts
        rows={[
          [t('attestations.column.state'), t(`attestations.ownState.${ownState(own)}`)],
          [t('attestations.column.asked'), nodesText(own.requested, me, t)],
          [t('attestations.column.answered'), nodesText(own.attested, me, t)],
          // In a dispute the one that is missing has answered otherwise: it stands among the commitments.
          own.isInDispute ? null : [t('attestations.column.missing'), nodesText(own.missing, me, t)],
          own.isInDispute ? [t('attestations.ownDispute.frozen'), frozen] : null,
        ]}
      />
    </div>
  );
}

function Commitments({ detail }: { detail: AttestationDetail }) {
  const { t } = useTranslation();
  const { commitment, computed } = detail;
  const hash = (id: string, name: string) => <IdText key={name} id={id} name={name} />;
  const agree = commitment !== null && computed !== null && commitment.proof === computed.proof;
  // Of an own stack the root is whole when it is settled; another's when its history was read to its end.
  const isWhole = detail.attestation === null ? detail.own !== null : detail.attestation.total !== null;
  return (
    <div className="section">
      <h3>{t('attestations.commitments')}</h3>
      <Facts
        rows={[
          commitment === null
            ? null
            : [t('attestations.proofOnChain'), hash(commitment.proof, t('attestations.proofOnChain'))],
          [
            t('attestations.proofHere'),
            computed === null ? t('attestations.notComputed') : hash(computed.proof, t('attestations.proofHere')),
          ],
          computed === null ? null : [t('attestations.root'), hash(computed.root, t('attestations.root'))],
          computed === null || computed.leaf === null
            ? null
            : [t('attestations.ownLeaf'), hash(computed.leaf, t('attestations.ownLeaf'))],
          ...detail.disputes.map(({ node, commitment: other }) => {
            const name = t('attestations.ownDispute.by', { id: node.toString() });
            return [name, hash(other, name)] as const;
          }),
          ...(commitment?.leaves ?? []).map((leaf, place) => {
            const name = t('attestations.leaf', { place });
            return [name, isEmptyLeaf(leaf) ? t('attestations.leafEmpty') : hash(leaf, name)] as const;
          }),
        ]}
      />
      {isWhole && commitment !== null && computed !== null && (
        <p className="hint">{t(agree ? 'attestations.agrees' : 'attestations.differs')}</p>
      )}
    </div>
  );
}

function Audit({ audit }: { audit: StackAuditView }) {
  const { t } = useTranslation();
  const tell = useTell();
  const overrule = useAct('attestations.overrule', reads);
  return (
    <div className="section">
      <h3>{t('attestations.audits')}</h3>
      <div>
        <AuditMark status={audit.status} />
      </div>
      {audit.lastError !== null && <p className="hint break">{audit.lastError.message}</p>}
      <Facts
        rows={[
          [
            t('attestations.column.checked'),
            t('attestations.auditOf', { checked: audit.checked, entries: audit.entries }),
          ],
          [t('attestations.column.differing'), String(audit.differing)],
          audit.rootFound === null
            ? null
            : [
                t('attestations.rootStored'),
                <IdText key="f" id={audit.rootFound} name={t('attestations.rootStored')} />,
              ],
          audit.rootKept === null
            ? null
            : [t('attestations.rootKept'), <IdText key="k" id={audit.rootKept} name={t('attestations.rootKept')} />],
        ]}
      />
      {audit.status === 'failed' && (
        <Notice tone="danger" title={t('attestations.auditFailed')}>
          <Button
            small
            busy={overrule.isPending}
            onClick={() =>
              overrule.mutate({ stackSmallId: audit.stackSmallId }, { onError: (error) => tell(false, error.message) })
            }
          >
            {t('attestations.overrule')}
          </Button>
        </Notice>
      )}
    </div>
  );
}

function Entries({ detail }: { detail: AttestationDetail }) {
  const { t } = useTranslation();
  return (
    <div className="section">
      <h3>{t('attestations.entries')}</h3>
      {detail.entries.length === 0 && <p className="hint">{t('attestations.entriesNone')}</p>}
      <ul className="attest-entries">
        {detail.entries.map((entry) => (
          <li key={entry.index} className={entry.verdict === 'differs' ? 'differs' : ''}>
            <Facts
              rows={[
                [t('attestations.entry'), `${entry.index} · ${t(`attestations.verdict.${entry.verdict}`)}`],
                [t('attestations.request'), <IdText key="t" id={entry.taskId} name={t('attestations.request')} />],
                [t('attestations.theirs'), <IdText key="e" id={entry.entry} name={t('attestations.theirs')} />],
                entry.verdict === 'differs'
                  ? [t('attestations.ours'), <IdText key="o" id={entry.ownEntry} name={t('attestations.ours')} />]
                  : null,
                entry.verdict === 'agrees'
                  ? null
                  : [
                      `${t('attestations.theirs')} · ${t('attestations.ours')}`,
                      `${entry.fingerprint} · ${entry.ownFingerprint}`,
                    ],
                entry.runs > 1 ? [t('attestations.runs'), String(entry.runs)] : null,
              ]}
            />
          </li>
        ))}
      </ul>
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
