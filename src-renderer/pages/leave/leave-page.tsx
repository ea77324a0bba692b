/** How do I get out: consequences first, then the steps with their countdowns, cancellable until the node is disabled (product.md, Leave). */
import { CircleCheck, CircleDot, CircleDashed } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { LeaveView } from '../../../src-shared/bridge/views.ts';
import { ReadAmount } from '../../components/amount.tsx';
import { Button } from '../../components/button.tsx';
import { Card, Facts } from '../../components/card.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Read } from '../../components/read.tsx';
import { Term } from '../../components/term.tsx';
import { useNow } from '../../components/use-now.ts';
import { useAct, useCall } from '../../data/client.tsx';
import { amountSentence, countText } from '../../format/amount.ts';
import { dateTimeText, durationText } from '../../format/time.ts';
import { epochsToUnlock, msUntil } from './countdown.ts';
import { LeaveSheet } from './leave-sheet.tsx';
import './leave.css';

const icons = { waiting: CircleDashed, current: CircleDot, done: CircleCheck } as const;

function Consequences({ leave }: { leave: LeaveView }) {
  const { t } = useTranslation();
  const { consequences } = leave;
  return (
    <Card title={t('leave.consequences')}>
      <Facts
        ends
        rows={[
          [t('leave.runningJobs'), countText(consequences.runningJobs)],
          [t('leave.openStacksWord'), countText(consequences.openStacks)],
          [t('leave.openValue'), <ReadAmount key="o" reading={consequences.openValue} coin={consequences.coin} />],
          [t('leave.claimable'), <ReadAmount key="c" reading={consequences.claimableValue} coin={consequences.coin} />],
          [t('leave.subscriptions'), countText(consequences.subscriptions)],
          [
            <Term key="t" name="collateral" />,
            <ReadAmount key="a" reading={consequences.collateral} coin={consequences.coin} />,
          ],
          [
            <Term key="e" name="epoch">
              {t('leave.epochsToWait')}
            </Term>,
            countText(consequences.epochsToWait),
          ],
        ]}
      />
    </Card>
  );
}

/** What can still be taken: slashed for silence, or frozen by a dispute (product.md, Leave). */
function Risks({ leave }: { leave: LeaveView }) {
  const { t } = useTranslation();
  const { coin, collateral, penalty, openRequests, disputedStacks, disputedValue } = leave.consequences;
  return (
    <Card title={t('leave.risk.title')}>
      <p className="hint">{t(collateral.value === 0n ? 'leave.risk.none' : 'leave.risk.slash')}</p>
      <p className="hint">{t('leave.risk.dispute')}</p>
      <Facts
        ends
        rows={[
          [
            t('leave.risk.requests'),
            openRequests === 0 ? (
              countText(0)
            ) : (
              <Link key="r" href="/attestations">
                {countText(openRequests)}
              </Link>
            ),
          ],
          [t('leave.risk.penalty'), <ReadAmount key="p" reading={penalty} coin={coin} />],
          disputedStacks === 0 ? null : [t('leave.risk.disputed'), countText(disputedStacks)],
          disputedStacks === 0
            ? null
            : [t('leave.risk.disputedValue'), <ReadAmount key="d" reading={disputedValue} coin={coin} />],
        ]}
      />
    </Card>
  );
}

/** Stacks that can never be paid, with their value and what they lack; nothing while there is none. */
function StaysBehind({ leave }: { leave: LeaveView }) {
  const { t } = useTranslation();
  const { stranded, coin } = leave.consequences;
  if (stranded.length === 0) return null;
  return (
    <Notice tone="danger" title={t('leave.stranded.title')}>
      {stranded.map(({ why, stacks, value }) => (
        <p key={why}>
          {t(`leave.stranded.${why}`, {
            count: stacks,
            amount: value.value === null ? '—' : amountSentence(value.value, coin),
          })}
        </p>
      ))}
      <p>
        <Link href="/stacks">{t('leave.stranded.link')}</Link>
      </p>
    </Notice>
  );
}

function Steps({ leave }: { leave: LeaveView }) {
  const { t } = useTranslation();
  return (
    <Card title={t('leave.stepsTitle')} className={leave.left ? 'span-12' : 'span-6'}>
      <ol className="steps">
        {leave.steps.map((step) => {
          const Icon = icons[step.status];
          return (
            <li key={step.step} className={step.status} aria-current={step.status === 'current' ? 'step' : undefined}>
              <Icon size={18} role="img" aria-label={t(`leave.status.${step.status}`)} />
              <span className="notice-title">{t(`leave.step.${step.step}`)}</span>
              <span className="hint">
                {t(`leave.stepHint.${step.step}`, { count: leave.consequences.epochsToWait })}
              </span>
              {step.detail !== null && (
                <span className="hint bad" role="status">
                  {t('leave.waits', { why: step.detail })}
                </span>
              )}
            </li>
          );
        })}
      </ol>
    </Card>
  );
}

function Countdowns({ leave }: { leave: LeaveView }) {
  const { t } = useTranslation();
  const nowMs = useNow(1_000);
  const chain = useCall('node.get', {}).data?.chain;
  const cancelMs = msUntil(leave.cancelWindowEndsMs, nowMs);
  const cooldownMs = msUntil(leave.cooldownEndsMs, nowMs);
  const epochs = epochsToUnlock(leave, chain?.epoch ?? null);
  const epochMs = msUntil(chain?.epochEndsAtMs ?? null, nowMs);
  return (
    <Card title={t('leave.countdowns')}>
      <Facts
        ends
        rows={[
          leave.startedMs === null ? null : [t('leave.started'), dateTimeText(leave.startedMs)],
          cancelMs === null
            ? null
            : [t('leave.cancelWindow'), cancelMs === 0 ? t('leave.passed') : durationText(cancelMs)],
          cooldownMs === null
            ? null
            : [t('leave.cooldown'), cooldownMs === 0 ? t('leave.passed') : durationText(cooldownMs)],
          leave.disabledAtEpoch === null ? null : [t('leave.disabledAt'), leave.disabledAtEpoch.toString()],
          epochs === null ? null : [t('leave.unlocksIn'), t('leave.epochs', { count: epochs })],
          epochMs === null ? null : [t('health.epochEnds'), durationText(epochMs)],
        ]}
      />
    </Card>
  );
}

function CancelCard({ leave }: { leave: LeaveView }) {
  const { t } = useTranslation();
  const cancel = useAct('leave.cancel', ['leave.get', 'node.get']);
  if (!leave.canCancel) return leave.left ? null : <Notice tone="idle" title={t('leave.cannotCancel')} />;
  return (
    <Notice tone="unstaking" title={t('leave.canCancel')}>
      <p>{t('leave.canCancelHint')}</p>
      {cancel.error !== null && <ErrorNotice error={cancel.error} />}
      <Button busy={cancel.isPending} onClick={() => cancel.mutate({})}>
        {t('leave.cancel')}
      </Button>
    </Notice>
  );
}

function Leaving({ leave }: { leave: LeaveView }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <div className="grid">
        <div className="span-12">
          {leave.left && (
            <Notice tone="executing" role="status" title={t('leave.left')}>
              <p>{t('leave.leftHint')}</p>
              <Link className="button" href="/wallet">
                {t('wallet.link')}
              </Link>
            </Notice>
          )}
          {leave.leaving && !leave.left && <CancelCard leave={leave} />}
          {!leave.leaving && !leave.left && (
            <Notice tone="idle" title={t('leave.notLeaving')}>
              <p>{t('leave.notLeavingHint')}</p>
              <Button onClick={() => setAsking(true)}>{t('leave.open')}</Button>
            </Notice>
          )}
        </div>
        {!leave.left && (
          <div className="span-6 leave-facts">
            {leave.leaving && <Countdowns leave={leave} />}
            <StaysBehind leave={leave} />
            <Consequences leave={leave} />
            <Risks leave={leave} />
          </div>
        )}
        <Steps leave={leave} />
      </div>
      {asking && <LeaveSheet leave={leave} onClose={() => setAsking(false)} />}
    </>
  );
}

/** The page. */
export function LeavePage() {
  const { t } = useTranslation();
  const leave = useCall('leave.get', {});
  return (
    <>
      <PageHead title={t('page.leave')} intro={t('leave.intro')} />
      <Read query={leave}>{(view) => <Leaving leave={view} />}</Read>
    </>
  );
}
