/** A sheet from the right on the browser's own modal dialog: focus is kept inside, Escape closes, focus returns (design.md, "Patterns"). */
import { X } from 'lucide-react';
import { useEffect, useId, useRef } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './button.tsx';

/** Shown while mounted; `onClose` is asked for by the button, Escape and the scrim. */
export function Sheet(props: { title: string; onClose: () => void; children: ReactNode }) {
  const { t } = useTranslation();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    if (element !== null && !element.open) element.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className="sheet"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) props.onClose();
      }}
    >
      <div className="sheet-head">
        <h2 id={id}>{props.title}</h2>
        <IconButton label={t('act.close')} icon={<X size={18} aria-hidden="true" />} onClick={props.onClose} />
      </div>
      <div className="sheet-body">{props.children}</div>
    </dialog>
  );
}
