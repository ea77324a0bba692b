/** The four states of anything read from the node: loading, failed, old, shown (product.md, "Rules"). */
import type { UseQueryResult } from '@tanstack/react-query';
import { Clock } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError } from '../../src-shared/errors.ts';
import { agoText } from '../format/time.ts';
import { ErrorNotice } from './notice.tsx';
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

/** Shows `children(data)`; before that a skeleton or an error, above it a note when the last read failed. */
export function Read<T>(props: {
  query: UseQueryResult<T, AppError>;
  children: (data: T) => ReactNode;
  loading?: ReactNode;
}) {
  const { data, error, dataUpdatedAt, refetch } = props.query;
  if (data === undefined) {
    if (error === null) return props.loading ?? <Skeleton />;
    return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  }
  return (
    <>
      {error !== null && <StaleNote atMs={dataUpdatedAt} error={error} />}
      {props.children(data)}
    </>
  );
}
