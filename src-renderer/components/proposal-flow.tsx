/** The one way from an intent to an executed transaction: propose → preview → confirm on the host's own page → outcome (architecture.md, "Loopback host"). */
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../src-shared/bridge/index.ts';
import type { Intent, Outcome, Preview, Proposal } from '../../src-shared/bridge/intents.ts';
import { suiCoin } from '../../src-shared/domain/amounts.ts';
import type { AppError } from '../../src-shared/errors.ts';
import { useClient } from '../data/client.tsx';
import { durationText } from '../format/time.ts';
import { Amount } from './amount.tsx';
import { Button } from './button.tsx';
import { Facts } from './card.tsx';
import { IdText } from './copy.tsx';
import { FocusKept } from './focus-kept.tsx';
import { intentText } from './intent-text.ts';
import { ErrorNotice, Notice } from './notice.tsx';
import { Skeleton } from './read.tsx';
import { SecurePageWait, showSecurePage } from './secure-page.tsx';
import { Sheet } from './sheet.tsx';
import { useNow } from './use-now.ts';

/** What is proposed: an intent of ours, or a transaction that the node must recognise as one. */
export type ProposalSource = { kind: 'intent'; intent: Intent } | { kind: 'transaction'; transaction: string };

type Props = {
  source: ProposalSource;
  /** Called once with the outcome, also when the transaction failed on chain. */
  onOutcome?: (outcome: Outcome) => void;
  /** Offered beside the act; left out where there is nothing to go back to. */
  onCancel?: () => void;
  /** Level of its headings: 3 under the heading of a sheet, 2 right under the page's. */
  level?: 2 | 3;
};

const sourceKey = (source: ProposalSource): string =>
  JSON.stringify(source, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));

function useProposal(source: ProposalSource, attempt: number) {
  const client = useClient();
  return useQuery<Proposal, AppError>({
    queryKey: ['proposal', sourceKey(source), attempt],
    queryFn: () =>
      source.kind === 'intent'
        ? client.call('wallet.propose', { intent: source.intent })
        : client.call('wallet.proposeTransaction', { transaction: source.transaction }),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
}

/** Opens the host's page and waits for what the operator decides there. */
function useConfirmation(onOutcome: Props['onOutcome']) {
  const client = useClient();
  const outcome = useMutation<Outcome, AppError, string>({
    mutationFn: (proposalId) => client.call('wallet.outcome', { proposalId }),
    onSuccess: (value) => onOutcome?.(value),
  });
  const confirm = useMutation<CallOutput<'wallet.confirm'>, AppError, string>({
    mutationFn: (proposalId) => client.call('wallet.confirm', { proposalId }),
    onSuccess: ({ url }, proposalId) => {
      showSecurePage(url);
      outcome.mutate(proposalId);
    },
  });
  return { outcome, confirm };
}

function PreviewView({ preview, level }: { preview: Preview; level: 2 | 3 }) {
  const { t } = useTranslation();
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <>
      <div className="section">
        <Heading>{t('proposal.whatHappens')}</Heading>
        <p className="break">{intentText(preview.intent, preview.terms, t)}</p>
      </div>
      <div className="section">
        <Heading>{t('proposal.costsNow')}</Heading>
        <Facts
          ends
          rows={[
            ...preview.changes.map(
              (change, index) =>
                [
                  <span key={index}>{t(change.amount < 0n ? 'proposal.leaves' : 'proposal.arrives')}</span>,
                  <Amount key={index} value={change.amount} coin={change.coin} source="chain" signed />,
                ] as const,
            ),
            [
              t('proposal.gas'),
              <Amount
                key="gas"
                value={preview.gasMist}
                coin={suiCoin}
                source="chain"
                reason={t('proposal.gasUnknown')}
              />,
            ],
          ]}
        />
        <p className="hint">{t('proposal.simulated')}</p>
      </div>
      <div className="section">
        <Heading>{t('proposal.undo')}</Heading>
        {preview.warnings.map((warning) => (
          <Notice key={warning} tone="danger" title={warning} />
        ))}
        {preview.irreversible ? (
          <Notice tone="danger" title={t('proposal.irreversible')} />
        ) : (
          <p>
            {preview.intent.kind === 'register' && !preview.terms.takesCollateral
              ? t('proposal.undoOf.registerFree')
              : t(`proposal.undoOf.${preview.intent.kind}`)}
          </p>
        )}
      </div>
    </>
  );
}

/** How a transaction ended, with its digest. */
export function OutcomeView({ outcome }: { outcome: Outcome }) {
  const { t } = useTranslation();
  const tone = outcome.status === 'success' ? 'executing' : outcome.status === 'failed' ? 'danger' : 'unstaking';
  return (
    <Notice tone={tone} role="status" title={t(`proposal.outcome.${outcome.status}`)}>
      {outcome.error !== null && <p className="break">{outcome.error.message}</p>}
      <Facts
        rows={[
          [t('proposal.digest'), <IdText key="digest" id={outcome.digest} name={t('proposal.digest')} />],
          outcome.gasMist === null
            ? null
            : [t('proposal.gasPaid'), <Amount key="gas" value={outcome.gasMist} coin={suiCoin} source="chain" />],
        ]}
      />
    </Notice>
  );
}

function Deadline({ atMs, onPassed }: { atMs: number; onPassed: () => void }) {
  const { t } = useTranslation();
  const left = atMs - useNow(1_000);
  const passed = left <= 0;
  useEffect(() => {
    if (passed) onPassed();
  }, [passed, onPassed]);
  return <p className="hint">{t('proposal.expires', { time: durationText(left) })}</p>;
}

/** Preview, confirmation and outcome of one proposal, to stand in a page or a sheet. */
export function ProposalFlow(props: Props) {
  const { t } = useTranslation();
  const [attempt, setAttempt] = useState(0);
  const proposal = useProposal(props.source, attempt);
  const { confirm, outcome } = useConfirmation(props.onOutcome);
  const again = useRef((): void => undefined);
  const restart = (): void => {
    confirm.reset();
    outcome.reset();
    setAttempt((count) => count + 1);
  };
  useEffect(() => {
    again.current = restart;
  });
  const cancel = props.onCancel !== undefined && <Button onClick={props.onCancel}>{t('act.cancel')}</Button>;

  if (outcome.data !== undefined) {
    return (
      <FocusKept step="outcome">
        <OutcomeView outcome={outcome.data} />
        <div className="actions">
          {outcome.data.status === 'failed' && <Button onClick={restart}>{t('act.startAgain')}</Button>}
          {props.onCancel !== undefined && <Button onClick={props.onCancel}>{t('act.close')}</Button>}
        </div>
      </FocusKept>
    );
  }
  if (proposal.data === undefined && proposal.error === null)
    return (
      <FocusKept step="simulating">
        <Skeleton label={t('proposal.simulating')} />
      </FocusKept>
    );
  const failure = outcome.error ?? confirm.error ?? proposal.error;
  if (failure !== null || proposal.data === undefined) {
    return (
      <FocusKept step="failure">
        <ErrorNotice error={failure} onRetry={restart} retryLabel={t('act.startAgain')} />
        <div className="actions">{cancel}</div>
      </FocusKept>
    );
  }
  const { preview, proposalId, expiresMs } = proposal.data;
  if (confirm.data !== undefined) {
    return (
      <FocusKept step="waiting">
        <SecurePageWait url={confirm.data.url} waiting={t('proposal.waiting')} />
        <div className="actions">{cancel}</div>
      </FocusKept>
    );
  }
  return (
    <FocusKept step="preview">
      <PreviewView preview={preview} level={props.level ?? 3} />
      {preview.possible ? (
        <Deadline atMs={expiresMs} onPassed={() => again.current()} />
      ) : (
        <Notice tone="danger" role="alert" title={t('proposal.notPossible')}>
          <p className="break">{preview.problem?.message}</p>
        </Notice>
      )}
      <div className="actions">
        {preview.possible ? (
          <Button
            look={preview.irreversible ? 'danger' : 'primary'}
            busy={confirm.isPending}
            onClick={() => confirm.mutate(proposalId)}
          >
            {t(`proposal.act.${preview.intent.kind}`)}
          </Button>
        ) : (
          <Button onClick={restart}>{t('act.tryAgain')}</Button>
        )}
        {cancel}
      </div>
    </FocusKept>
  );
}

/** The flow in a sheet from the right. */
export function ProposalSheet(props: {
  title: string;
  source: ProposalSource;
  onClose: () => void;
  onOutcome?: (outcome: Outcome) => void;
}) {
  return (
    <Sheet title={props.title} onClose={props.onClose}>
      <ProposalFlow
        source={props.source}
        onCancel={props.onClose}
        {...(props.onOutcome === undefined ? {} : { onOutcome: props.onOutcome })}
      />
    </Sheet>
  );
}
