/** The four states of anything read from the node: loading, failed, old, shown (product.md, "Rules"). */
import { Clock } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError } from '../../src-shared/errors.ts';
import { agoText } from '../format/time.ts';
import { ErrorNotice } from './notice.tsx';
import { ReadAt } from './read-at.ts';
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

function StaleNote({ atMs, error }: { atMs: number; error: AppError }) {
  const { t } = useTranslation();
  const nowMs = useNow(10_000);
  return (
    <p className="stale" role="status">
      <Clock size={15} aria-hidden="true" />
      <span>{t('state.stale', { ago: agoText(atMs, nowMs), why: error.message })}</span>
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

/**
 * Shows `children(data)`; before that a skeleton or an error, above it a note when the last read failed. A read that failed
 * is repeated whenever its topic arrives: meanwhile the error stays, or it would hardly be seen beside a busy node.
 */
export function Read<T>(props: { query: Reading<T>; children: (data: T) => ReactNode; loading?: ReactNode }) {
  const { data, error, dataUpdatedAt, refetch } = props.query;
  const [shown, setShown] = useState<AppError | null>(null);
  const [asked, setAsked] = useState(false);
  const lasting = data === undefined ? (error ?? shown) : null;
  if (lasting !== shown) setShown(lasting);
  if (data === undefined) {
    if (lasting === null || asked) return props.loading ?? <Skeleton />;
    const again = (): void => {
      setAsked(true);
      void refetch().finally(() => setAsked(false));
    };
    return <ErrorNotice error={lasting} onRetry={again} />;
  }
  return (
    <>
      {error !== null && <StaleNote atMs={dataUpdatedAt} error={error} />}
      <ReadAt.Provider value={dataUpdatedAt}>{props.children(data)}</ReadAt.Provider>
    </>
  );
}
