/** The four states of anything read from the node: loading, failed, old, shown (product.md, "Rules"). */
import { Clock } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError } from '../../src-shared/errors.ts';
import { agoText } from '../format/time.ts';
import { Unknown } from './amount.tsx';
import { ErrorNotice } from './notice.tsx';
import { ReadAt } from './read-at.ts';
import { SaidOnce, useFailure, useSaidOnce } from './said-once.ts';
import { useNow } from './use-now.ts';

/** Grey bars with a word for screen readers. */
export function Skeleton({ label }: { label?: string }) {
  const { t } = useTranslation();
  return (
    <div className="skeleton" role="status">
      <span />
      <span />
      <span />
      <p className="sr-only">{label ?? t('state.loading')}</p>
    </div>
  );
}

/** How old what is shown is, and why; `error` is null where that is said elsewhere. */
function StaleNote({ atMs, error }: { atMs: number; error: AppError | null }) {
  const { t } = useTranslation();
  const nowMs = useNow(10_000);
  return (
    <p className="stale" role="status">
      <Clock size={15} aria-hidden="true" />
      <span>
        {error === null
          ? t('state.shownFrom', { ago: agoText(atMs, nowMs) })
          : t('state.stale', { ago: agoText(atMs, nowMs), why: error.message })}
      </span>
    </p>
  );
}

/** What is read: a query of one answer or of several pages. */
type Reading<T> = {
  readonly data: T | undefined;
  readonly error: AppError | null;
  readonly dataUpdatedAt: number;
  refetch(): Promise<unknown>;
};

/** In place of what could not be read, where the failure is said above: not known, which is not nothing. */
export function NotRead() {
  const { t } = useTranslation();
  return (
    <p className="muted">
      <Unknown reason={t('state.notRead')} /> {t('state.notRead')}
    </p>
  );
}

/**
 * Shows `children(data)`; before that a skeleton or an error, above it a note when the last read failed. A read that failed
 * is repeated whenever its topic arrives: meanwhile the error stays, or it would hardly be seen beside a busy node.
 * Where {@link ReadsOfPage} says the failure for several reads, `unread` stands in for what is not known.
 */
export function Read<T>(props: {
  query: Reading<T>;
  children: (data: T) => ReactNode;
  loading?: ReactNode;
  unread?: ReactNode;
}) {
  const { data, error, dataUpdatedAt, refetch } = props.query;
  const [shown, setShown] = useState<AppError | null>(null);
  const [asked, setAsked] = useState(false);
  const lasting = data === undefined ? (error ?? shown) : null;
  if (lasting !== shown) setShown(lasting);
  const again = async (): Promise<void> => {
    setAsked(true);
    await refetch().finally(() => setAsked(false));
  };
  const failure = asked ? null : data === undefined ? lasting : error;
  const said = useFailure(failure, data === undefined ? null : dataUpdatedAt, again);
  if (data === undefined) {
    if (lasting === null || asked) return props.loading ?? <Skeleton />;
    if (said !== undefined) return props.unread ?? <NotRead />;
    return <ErrorNotice error={lasting} onRetry={() => void again()} />;
  }
  return (
    <>
      {error !== null && (said === undefined || said.oldestMs === null) && (
        <StaleNote atMs={dataUpdatedAt} error={said === undefined ? error : null} />
      )}
      <ReadAt.Provider value={dataUpdatedAt}>{props.children(data)}</ReadAt.Provider>
    </>
  );
}

/** The reads of a page of several cards: a failure that two or more of them share is said once above them, with one way to try them all again. */
export function ReadsOfPage(props: { children: ReactNode }) {
  const said = useSaidOnce();
  return (
    <SaidOnce.Provider value={said.group}>
      {said.shared.map(({ error, oldestMs, again }) =>
        oldestMs === null ? (
          <ErrorNotice key={error.message} error={error} onRetry={again} />
        ) : (
          <StaleNote key={error.message} atMs={oldestMs} error={error} />
        ),
      )}
      {props.children}
    </SaidOnce.Provider>
  );
}
