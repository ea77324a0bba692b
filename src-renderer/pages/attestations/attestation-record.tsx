/** What is on record about one stack under sampling consensus: the own ticket, commitments, the audit, entries that were run again (product.md, "Attestations and disputes"). */
import { useTranslation } from 'react-i18next';
import type { AttestationDetail, OwnTicketView, StackAuditView } from '../../../src-shared/bridge/attestation-calls.ts';
import { Amount } from '../../components/amount.tsx';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { Facts } from '../../components/card.tsx';
import { IdText } from '../../components/copy.tsx';
import { Notice } from '../../components/notice.tsx';
import { useAct, useCall } from '../../data/client.tsx';
import { nodesText, ownState } from './attestation-text.ts';
import { reads } from './attestation-reads.ts';
import { AuditMark } from './phase-mark.tsx';

const isEmptyLeaf = (leaf: string): boolean => /^0+$/.test(leaf);

/** Who was asked to check an own stack, who answered, and what a dispute of it has taken. */
export function OwnStanding({ own, detail }: { own: OwnTicketView; detail: AttestationDetail }) {
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

/** What was committed on chain beside what this node computes. */
export function Commitments({ detail }: { detail: AttestationDetail }) {
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

/** This node's own check of its stack before it is settled, and the operator's way past a failed one. */
export function Audit({ audit }: { audit: StackAuditView }) {
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

/** Entries that were run again, with both results. */
export function Entries({ detail }: { detail: AttestationDetail }) {
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
