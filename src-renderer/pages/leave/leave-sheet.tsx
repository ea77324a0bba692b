/** The sheet before leaving: what happens, what it costs now, what can be undone, the simulated transaction, the typed word (design.md, "Irreversible action"). */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Proposal } from '../../../src-shared/bridge/intents.ts';
import type { LeaveView } from '../../../src-shared/bridge/views.ts';
import { suiCoin } from '../../../src-shared/domain/amounts.ts';
import type { AppError } from '../../../src-shared/errors.ts';
import { Amount, ReadAmount } from '../../components/amount.tsx';
import { Button } from '../../components/button.tsx';
import { Facts } from '../../components/card.tsx';
import { Field } from '../../components/field.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { Skeleton } from '../../components/read.tsx';
import { Sheet } from '../../components/sheet.tsx';
import { useAct, useClient } from '../../data/client.tsx';
import { countText } from '../../format/amount.ts';
import { isTyped } from './countdown.ts';

/** What disabling would do now; it is only simulated here and sent much later. */
function Simulation() {
  const { t } = useTranslation();
  const client = useClient();
  const preview = useQuery<Proposal, AppError>({
    queryKey: ['proposal', 'leave'],
    queryFn: () => client.call('wallet.propose', { intent: { kind: 'disable' } }),
    gcTime: 0,
    staleTime: Infinity,
    retry: false,
  });
  if (preview.isPending) return <Skeleton label={t('proposal.simulating')} />;
  if (preview.error !== null)
    return (
      <Notice tone="idle" title={t('leave.notSimulated')}>
        <p>{preview.error.message}</p>
      </Notice>
    );
  const { possible, problem, gasMist } = preview.data.preview;
  return (
    <Facts
      ends
      rows={[
        [t('leave.simulation'), possible ? t('leave.simulationOk') : (problem?.message ?? t('proposal.notPossible'))],
        [
          t('proposal.gas'),
          <Amount key="g" value={gasMist} coin={suiCoin} source="chain" reason={t('proposal.gasUnknown')} />,
        ],
      ]}
    />
  );
}

/** Starts leaving once the word is typed. */
export function LeaveSheet({ leave, onClose }: { leave: LeaveView; onClose: () => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const start = useAct('leave.start', ['leave.get', 'node.get']);
  const { consequences } = leave;
  return (
    <Sheet title={t('leave.sheetTitle')} onClose={onClose}>
      <div className="section">
        <h3>{t('proposal.whatHappens')}</h3>
        <p>{t('leave.happens')}</p>
      </div>
      <div className="section">
        <h3>{t('proposal.costsNow')}</h3>
        <Facts
          ends
          rows={[
            [
              t('leave.openStacks', { count: consequences.openStacks }),
              <ReadAmount key="o" reading={consequences.openValue} coin={consequences.coin} />,
            ],
            [
              t('leave.locked', { count: consequences.epochsToWait }),
              <ReadAmount key="c" reading={consequences.collateral} coin={consequences.coin} />,
            ],
          ]}
        />
        <Simulation />
      </div>
      <div className="section">
        <h3>{t('proposal.undo')}</h3>
        <p>{t('leave.undo')}</p>
        <Notice tone="danger" title={t('leave.later')} />
      </div>
      <form
        className="stack-list"
        onSubmit={(event) => {
          event.preventDefault();
          if (isTyped(typed)) start.mutate({ typed }, { onSuccess: onClose });
        }}
      >
        <Field
          label={t('leave.type')}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          hint={t('leave.running', { count: consequences.runningJobs, jobs: countText(consequences.runningJobs) })}
        />
        {start.error !== null && <ErrorNotice error={start.error} />}
        <div className="actions">
          <Button type="submit" look="danger" busy={start.isPending} disabled={!isTyped(typed)}>
            {t('leave.start')}
          </Button>
          <Button onClick={onClose}>{t('leave.stay')}</Button>
        </div>
      </form>
    </Sheet>
  );
}
