/** Am I asked to check someone, or accused: requests with deadline and penalty, own stacks that others check, checks before settling, what a dispute means (product.md, "Attestations and disputes"). */
import { ScanSearch } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useParams } from 'wouter';
import type {
  AttestationsView,
  AttestationView,
  OwnTicketView,
  StackAuditView,
} from '../../../src-shared/bridge/attestation-calls.ts';
import type { Coin } from '../../../src-shared/domain/amounts.ts';
import { Amount } from '../../components/amount.tsx';
import { Card } from '../../components/card.tsx';
import { DataTable, type Column } from '../../components/data-table.tsx';
import { Empty } from '../../components/notice.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Read } from '../../components/read.tsx';
import { Term } from '../../components/term.tsx';
import { useCall } from '../../data/client.tsx';
import { AttestationCard } from './attestation-card.tsx';
import { AttestationPanel } from './attestation-panel.tsx';
import { inOrder, isOpen, nodesText, ownState } from './attestation-text.ts';
import { AuditMark, PhaseMark } from './phase-mark.tsx';
import './attestations.css';

function StackLink({ id }: { id: bigint }) {
  const { t } = useTranslation();
  const text = id.toString();
  return (
    <Link href={`/attestations/${text}`} aria-label={t('attestations.open', { id: text })}>
      #{text}
    </Link>
  );
}

function Asked({ asked, coin }: { asked: readonly AttestationView[]; coin: Coin }) {
  const { t } = useTranslation();
  const open = inOrder(asked.filter(isOpen));
  return (
    <Card title={t('attestations.asked')}>
      {open.length === 0 ? (
        <p className="hint">{t('attestations.askedNone')}</p>
      ) : (
        <div className="attest-list">
          {open.map((one) => (
            <AttestationCard key={one.stackSmallId.toString()} one={one} coin={coin} />
          ))}
        </div>
      )}
    </Card>
  );
}

function Ended({ ended, coin }: { ended: AttestationView[]; coin: Coin }) {
  const { t } = useTranslation();
  const columns: Column<AttestationView>[] = [
    {
      id: 'stack',
      head: t('attestations.column.stack'),
      read: (one) => one.stackSmallId,
      cell: (one) => <StackLink id={one.stackSmallId} />,
    },
    {
      id: 'end',
      head: t('attestations.column.end'),
      read: (one) => one.phase,
      cell: (one) => <PhaseMark phase={one.phase} />,
    },
    {
      id: 'penalty',
      head: t('attestations.column.penalty'),
      read: (one) => one.penalty ?? 0n,
      figure: true,
      cell: (one) =>
        one.phase === 'slashed' ? (
          <Amount
            value={one.penalty}
            coin={coin}
            source="chain"
            bookedAtMs={one.updatedMs}
            reason={t('attestations.moneyUnknown')}
          />
        ) : (
          '—'
        ),
    },
  ];
  return (
    <Card title={t('attestations.ended')}>
      <DataTable
        label={t('attestations.ended')}
        rows={ended}
        columns={columns}
        rowId={(one) => one.stackSmallId.toString()}
        chosen={null}
      />
    </Card>
  );
}

function Own({ own, me }: { own: OwnTicketView[]; me: bigint | null }) {
  const { t } = useTranslation();
  const columns: Column<OwnTicketView>[] = [
    {
      id: 'stack',
      head: t('attestations.column.stack'),
      read: (one) => one.stackSmallId,
      cell: (one) => <StackLink id={one.stackSmallId} />,
    },
    {
      id: 'state',
      head: t('attestations.column.state'),
      read: ownState,
      cell: (one) => t(`attestations.ownState.${ownState(one)}`),
    },
    {
      id: 'asked',
      head: t('attestations.column.asked'),
      read: (one) => one.requested.length,
      cell: (one) => nodesText(one.requested, me, t),
    },
    {
      id: 'answered',
      head: t('attestations.column.answered'),
      read: (one) => one.attested.length,
      cell: (one) => nodesText(one.attested, me, t),
    },
    {
      id: 'missing',
      head: t('attestations.column.missing'),
      read: (one) => one.missing.length,
      // In a dispute the one that is missing has answered otherwise.
      cell: (one) => (one.isInDispute ? '—' : nodesText(one.missing, me, t)),
    },
    {
      id: 'until',
      head: t('attestations.column.until'),
      read: (one) => one.waitsUntilEpoch ?? 0n,
      figure: true,
      cell: (one) =>
        one.waitsUntilEpoch === null || one.isInDispute
          ? '—'
          : t('attestations.untilEpoch', { epoch: one.waitsUntilEpoch.toString() }),
    },
  ];
  return (
    <Card title={t('attestations.own')}>
      {own.length === 0 ? (
        <p className="hint">{t('attestations.ownNone')}</p>
      ) : (
        <DataTable
          label={t('attestations.own')}
          rows={own}
          columns={columns}
          rowId={(one) => one.stackSmallId.toString()}
          chosen={null}
        />
      )}
    </Card>
  );
}

function Audits({ audits }: { audits: StackAuditView[] }) {
  const { t } = useTranslation();
  const columns: Column<StackAuditView>[] = [
    {
      id: 'stack',
      head: t('attestations.column.stack'),
      read: (one) => one.stackSmallId,
      cell: (one) => <StackLink id={one.stackSmallId} />,
    },
    {
      id: 'state',
      head: t('attestations.column.state'),
      read: (one) => one.status,
      cell: (one) => <AuditMark status={one.status} />,
    },
    {
      id: 'checked',
      head: t('attestations.column.checked'),
      read: (one) => one.checked,
      figure: true,
      cell: (one) => t('attestations.auditOf', { checked: one.checked, entries: one.entries }),
    },
    {
      id: 'differing',
      head: t('attestations.column.differing'),
      read: (one) => one.differing,
      figure: true,
      cell: (one) => String(one.differing),
    },
  ];
  return (
    <Card title={t('attestations.audits')}>
      {audits.length === 0 ? (
        <p className="hint">{t('attestations.auditsNone')}</p>
      ) : (
        <DataTable
          label={t('attestations.audits')}
          rows={audits}
          columns={columns}
          rowId={(one) => one.stackSmallId.toString()}
          chosen={null}
        />
      )}
    </Card>
  );
}

function Meaning(): ReactNode {
  const { t } = useTranslation();
  return (
    <Card title={t('attestations.meaning.title')}>
      <ul className="attest-meaning">
        {(['frozen', 'unpaid', 'nobody', 'auto', 'silence'] as const).map((name) => (
          <li key={name}>{t(`attestations.meaning.${name}`)}</li>
        ))}
      </ul>
    </Card>
  );
}

function Everything({ view, sandbox }: { view: AttestationsView; sandbox: boolean }) {
  const { t } = useTranslation();
  const ended = view.asked.filter((one) => !isOpen(one));
  if (view.asked.length === 0 && view.own.length === 0 && view.audits.length === 0) {
    return (
      <>
        <Empty
          icon={ScanSearch}
          action={
            <Link className="button" href={sandbox ? '/network' : '/tasks'}>
              {t(sandbox ? 'attestations.emptyNetwork' : 'attestations.emptyTasks')}
            </Link>
          }
        >
          {t('attestations.empty')}
        </Empty>
        <Meaning />
      </>
    );
  }
  return (
    <div className="attest-page">
      <Asked asked={view.asked} coin={view.coin} />
      <Own own={view.own} me={view.nodeSmallId} />
      <Audits audits={view.audits} />
      {ended.length > 0 && <Ended ended={ended} coin={view.coin} />}
      <Meaning />
    </div>
  );
}

/** The page; `/attestations/12` opens stack #12 beside it. */
export function AttestationsPage() {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const { stackSmallId } = useParams<{ stackSmallId?: string }>();
  const view = useCall('attestations.list', {});
  const sandbox = useCall('node.get', {}).data?.network.kind === 'sandbox';
  const chosen = stackSmallId !== undefined && /^\d{1,20}$/.test(stackSmallId) ? BigInt(stackSmallId) : null;
  return (
    <>
      <PageHead
        title={t('page.attestations')}
        intro={
          <>
            {t('attestations.intro')} <Term name="attestation" /> · <Term name="stack" /> · <Term name="epoch" />
          </>
        }
      />
      <Read query={view}>{(data) => <Everything view={data} sandbox={sandbox} />}</Read>
      {chosen !== null && <AttestationPanel stackSmallId={chosen} onClose={() => navigate('/attestations')} />}
    </>
  );
}
