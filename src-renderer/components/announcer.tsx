/** Tells what just happened: a note at the corner that stays until dismissed, read out by screen readers. */
import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { createContext, useCallback, useContext, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './button.tsx';

type Toast = { id: number; good: boolean; text: string };
type Tell = (good: boolean, text: string) => void;

const TellContext = createContext<Tell>(() => undefined);

/** Function that shows a note; `good` is success, else failure. */
export const useTell = (): Tell => useContext(TellContext);

/** Holds the last three notes and the live region they are in. */
export function Announcer({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const tell = useCallback<Tell>((good, text) => {
    setToasts((old) => [...old.slice(-2), { id: (old.at(-1)?.id ?? 0) + 1, good, text }]);
  }, []);
  const dismiss = (id: number): void => setToasts((old) => old.filter((toast) => toast.id !== id));
  const value = useMemo(() => tell, [tell]);
  return (
    <TellContext.Provider value={value}>
      {children}
      <div className="toasts" role="status" aria-label={t('frame.messages')}>
        {toasts.map((toast) => (
          <div key={toast.id} className={`toast ${toast.good ? 'good' : 'bad'}`}>
            {toast.good ? <CircleCheck size={18} aria-hidden="true" /> : <CircleAlert size={18} aria-hidden="true" />}
            <p>{toast.text}</p>
            <IconButton
              small
              label={t('act.dismiss')}
              icon={<X size={14} aria-hidden="true" />}
              onClick={() => dismiss(toast.id)}
            />
          </div>
        ))}
      </div>
    </TellContext.Provider>
  );
}
