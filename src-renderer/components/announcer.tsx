/** Tells what just happened: a note at the corner, read out by screen readers. Failures stay until dismissed, successes leave by themselves. */
import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { createContext, useCallback, useContext, useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './button.tsx';

type Toast = { id: number; good: boolean; text: string };
type Tell = (good: boolean, text: string) => void;

const TellContext = createContext<Tell>(() => undefined);

/** Function that shows a note; `good` is success, else failure. */
export const useTell = (): Tell => useContext(TellContext);

/** How long a success is shown; long enough to be read twice. */
const goodMs = 8_000;

function ToastView({ toast, onDismiss }: { toast: Toast; onDismiss: () => void }) {
  const { t } = useTranslation();
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (!toast.good || held) return undefined;
    const timer = setTimeout(onDismiss, goodMs);
    return () => clearTimeout(timer);
  }, [toast.good, held, onDismiss]);
  return (
    <div
      className={`toast ${toast.good ? 'good' : 'bad'}`}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {toast.good ? <CircleCheck size={18} aria-hidden="true" /> : <CircleAlert size={18} aria-hidden="true" />}
      <p>{toast.text}</p>
      <IconButton small label={t('act.dismiss')} icon={<X size={14} aria-hidden="true" />} onClick={onDismiss} />
    </div>
  );
}

/** A note with its own stable way to leave, so that its timer does not start again when another comes. */
function Dismissible({ toast, dismiss }: { toast: Toast; dismiss: (id: number) => void }) {
  const onDismiss = useCallback(() => dismiss(toast.id), [dismiss, toast.id]);
  return <ToastView toast={toast} onDismiss={onDismiss} />;
}

/** Holds the last three notes and the live region they are in. */
export function Announcer({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const tell = useCallback<Tell>((good, text) => {
    setToasts((old) => {
      const others = old.filter((toast) => toast.text !== text);
      return [...others.slice(-2), { id: Math.max(0, ...old.map((toast) => toast.id)) + 1, good, text }];
    });
  }, []);
  const dismiss = useCallback((id: number) => setToasts((old) => old.filter((toast) => toast.id !== id)), []);
  return (
    <TellContext.Provider value={tell}>
      {children}
      <div className="toasts" role="status" aria-label={t('frame.messages')}>
        {toasts.map((toast) => (
          <Dismissible key={toast.id} toast={toast} dismiss={dismiss} />
        ))}
      </div>
    </TellContext.Provider>
  );
}
