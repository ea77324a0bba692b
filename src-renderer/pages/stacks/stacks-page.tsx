/** Where is my money: the pipeline from working to claimed, with settle and claim by hand (product.md, Stacks). */
import { Layers } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { CallOutput } from '../../../src-shared/bridge/index.ts';
import type { Policies, StackView } from '../../../src-shared/bridge/views.ts';
import type { Coin } from '../../../src-shared/domain/amounts.ts';
import type { AppError } from '../../../src-shared/errors.ts';
import { Amount } from '../../components/amount.tsx';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { Empty } from '../../components/notice.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Read } from '../../components/read.tsx';
import { Term } from '../../components/term.tsx';
import { useAct, useCall } from '../../data/client.tsx';
import { countText } from '../../format/amount.ts';
import { durationText } from '../../format/time.ts';
import { columns, pipelineOf, valueOf } from './pipeline.ts';
import type { Column } from './pipeline.ts';
import { StackCard } from './stack-card.tsx';
import type { StackActs } from './stack-card.tsx';
import './stacks.css';

/** Cards of a column before the rest is folded. */
const cardsShown = 6;
const claimLimit = 50;

function useStackActs(): StackActs {
  const { t } = useTranslation();
  const tell = useTell();
  const [busy, setBusy] = useState<ReadonlySet<bigint>>(new Set());
  const settle = useAct('stacks.settle', ['stacks.list', 'earnings.get']);
  const claim = useAct('stacks.claim', ['stacks.list', 'earnings.get', 'ledger.list']);
  const mark = (ids: readonly bigint[], on: boolean): void =>
    setBusy((old) => new Set(on ? [...old, ...ids] : [...old].filter((id) => !ids.includes(id))));
  const callbacks = (ids: readonly bigint[]) => ({
    onSuccess: (outcome: CallOutput<'stacks.settle'>) =>
      tell(outcome.status === 'success', outcome.error?.message ?? t(`proposal.outcome.${outcome.status}`)),
    onError: (error: AppError) => tell(false, error.message),
    onSettled: () => mark(ids, false),
  });
  return {
    busy,
    settle: (id) => {
      mark([id], true);
      settle.mutate({ stackSmallId: id }, callbacks([id]));
    },
    claim: (ids) => {
      mark(ids, true);
      claim.mutate({ stackSmallIds: [...ids].slice(0, claimLimit) }, callbacks(ids));
    },
  };
}

function PipelineColumn(props: {
  column: Column;
  stacks: readonly StackView[];
  coin: Coin;
  acts: StackActs;
  policies: Policies | undefined;
  selected: ReadonlySet<bigint>;
  onSelect: (id: bigint, on: boolean) => void;
}) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const { column, stacks } = props;
  const shown = all ? stacks : stacks.slice(0, cardsShown);
  const selectable = column === 'claimable' && stacks.filter((stack) => stack.phase === 'claimable').length > 1;
  return (
    <section className="pipeline-column" aria-labelledby={`column-${column}`}>
      <div className="pipeline-head">
        <h2 id={`column-${column}`}>
          {t(`stacks.column.${column}`)} <span className="muted">{countText(stacks.length)}</span>
        </h2>
        <Amount value={valueOf(stacks)} coin={props.coin} />
      </div>
      {stacks.length === 0 && <p className="pipeline-none">{t(`stacks.none.${column}`)}</p>}
      {shown.map((stack) => (
        <StackCard
          key={stack.stackSmallId.toString()}
          stack={stack}
          coin={props.coin}
          acts={props.acts}
          policies={props.policies}
          {...(selectable && stack.phase === 'claimable'
            ? {
                selected: props.selected.has(stack.stackSmallId),
                onSelect: (on: boolean) => props.onSelect(stack.stackSmallId, on),
              }
            : {})}
        />
      ))}
      {shown.length < stacks.length && (
        <Button small onClick={() => setAll(true)}>
          {t('stacks.showAll', { count: stacks.length })}
        </Button>
      )}
    </section>
  );
}

/** What happens to the money without a press, and where to change it. */
function PolicyLine({ policies }: { policies: Policies }) {
  const { t } = useTranslation();
  const settle = policies.autoSettle
    ? t('stacks.policy.settle', {
        percent: countText(policies.settleAtPercent),
        time: durationText(policies.settleWhenIdleMs),
      })
    : t('stacks.policy.settleOff');
  return (
    <p className="hint">
      {settle} {t(policies.autoClaim ? 'stacks.policy.claim' : 'stacks.policy.claimOff')}{' '}
      <Link href="/settings/policies">{t('stacks.policy.change')}</Link>
    </p>
  );
}

function Pipeline({ stacks, coin }: { stacks: readonly StackView[]; coin: Coin }) {
  const { t } = useTranslation();
  const policies = useCall('settings.get', {}).data?.policies;
  const acts = useStackActs();
  const [selected, setSelected] = useState<ReadonlySet<bigint>>(new Set());
  const pipeline = pipelineOf(stacks);
  const claimable = pipeline.claimable
    .filter((stack) => stack.phase === 'claimable')
    .map((stack) => stack.stackSmallId);
  const chosen = claimable.filter((id) => selected.has(id));
  const select = (id: bigint, on: boolean): void =>
    setSelected((old) => new Set(on ? [...old, id] : [...old].filter((entry) => entry !== id)));
  return (
    <>
      {policies !== undefined && <PolicyLine policies={policies} />}
      {claimable.length > 1 && (
        <div className="actions pipeline-acts">
          <Button look="primary" busy={claimable.some((id) => acts.busy.has(id))} onClick={() => acts.claim(claimable)}>
            {t('stacks.claimAll')}
          </Button>
          <Button disabled={chosen.length === 0} onClick={() => acts.claim(chosen)}>
            {t('stacks.claimSelected', { count: chosen.length })}
          </Button>
        </div>
      )}
      <div className="pipeline">
        {columns.map((column) => (
          <PipelineColumn
            key={column}
            column={column}
            stacks={pipeline[column]}
            coin={coin}
            acts={acts}
            policies={policies}
            selected={selected}
            onSelect={select}
          />
        ))}
      </div>
    </>
  );
}

/** The page. */
export function StacksPage() {
  const { t } = useTranslation();
  const stacks = useCall('stacks.list', {});
  const node = useCall('node.get', {});
  const sandbox = node.data?.network.kind === 'sandbox';
  return (
    <>
      <PageHead
        title={t('page.stacks')}
        intro={
          <>
            {t('stacks.intro')} <Term name="stack" /> · <Term name="epoch" /> · <Term name="challenge" />
          </>
        }
      />
      <Read query={stacks}>
        {(list) =>
          list.length === 0 ? (
            <Empty
              icon={Layers}
              action={
                <Link className="button" href={sandbox ? '/network' : '/'}>
                  {t(sandbox ? 'stacks.emptyNetwork' : 'stacks.emptyDashboard')}
                </Link>
              }
            >
              {t('stacks.empty')}
            </Empty>
          ) : (
            node.data !== undefined && <Pipeline stacks={list} coin={node.data.coin} />
          )
        }
      </Read>
    </>
  );
}
