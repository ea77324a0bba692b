/** Notices, errors (what, why, do, details folded) and empty states that teach (design.md, "Patterns"). */
import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { toAppError } from '../../src-shared/errors.ts';
import type { AppError } from '../../src-shared/errors.ts';
import { Button } from './button.tsx';
import { CopyButton } from './copy.tsx';

/** Tones a notice can have; each with its own icon, never by hue alone. */
export type Tone = 'idle' | 'ready' | 'executing' | 'unstaking' | 'danger';

const icons: Record<Tone, LucideIcon> = {
  idle: Info,
  ready: Info,
  executing: CircleCheck,
  unstaking: TriangleAlert,
  danger: CircleAlert,
};

/** A coloured block with an icon. */
export function Notice(props: { tone: Tone; title?: string; role?: 'alert' | 'status'; children?: ReactNode }) {
  const Icon = icons[props.tone];
  return (
    <div className={`notice tone-${props.tone}`} role={props.role}>
      <Icon size={18} aria-hidden="true" />
      <div className="notice-body">
        {props.title !== undefined && <p className="notice-title break">{props.title}</p>}
        {props.children}
      </div>
    </div>
  );
}

/** Text for a report: code and fields, nothing that the error does not carry itself. */
const detailsOf = (error: AppError): string =>
  JSON.stringify({ code: error.code, kind: error.kind, fields: error.fields }, null, 2);

/** What happened and what to do, a way to try again, and the details folded. */
export function ErrorNotice(props: { error: unknown; title?: string; onRetry?: () => void; retryLabel?: string }) {
  const { t } = useTranslation();
  const error = toAppError(props.error);
  const [what = error.message, ...advice] = error.message.split(/(?<=\.)\s+/);
  return (
    <Notice tone="danger" role="alert" title={props.title ?? what}>
      {props.title !== undefined && <p className="break">{what}</p>}
      <p className="break">{advice.length > 0 ? advice.join(' ') : t(`error.advice.${error.kind}`)}</p>
      {props.onRetry !== undefined && (
        <Button small onClick={props.onRetry}>
          {props.retryLabel ?? t('act.tryAgain')}
        </Button>
      )}
      <details>
        <summary>{t('error.details')}</summary>
        <pre>{detailsOf(error)}</pre>
        <CopyButton text={detailsOf(error)} label={t('error.copy')} />
      </details>
    </Notice>
  );
}

/** One sentence that says what belongs here and the one button that fills it. */
export function Empty(props: { icon: LucideIcon; children: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <props.icon size={28} strokeWidth={1.5} aria-hidden="true" />
      <p>{props.children}</p>
      {props.action}
    </div>
  );
}
