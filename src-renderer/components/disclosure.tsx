/** A button that unfolds a small panel below it; Escape, a press outside and leaving by keyboard close it. */
import { useEffect, useId, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';

/** `label` is the button's whole name when its visible content is not enough. */
export function Disclosure(props: {
  button: ReactNode;
  label?: string;
  look?: 'quiet';
  children: (close: () => void) => ReactNode;
}) {
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const close = (): void => setOpen(false);
  useEffect(() => {
    if (!open) return undefined;
    const outside = (event: Event): void => {
      if (event.target instanceof Node && root.current?.contains(event.target) !== true) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
    };
  }, [open]);
  return (
    <div
      className="disclosure"
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        event.stopPropagation();
        close();
        root.current?.querySelector('button')?.focus();
      }}
    >
      <Button
        small
        {...(props.look === undefined ? {} : { look: props.look })}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-label={props.label}
        onClick={() => setOpen(!open)}
      >
        {props.button}
      </Button>
      {open && (
        <div className="disclosure-panel" id={id}>
          {props.children(close)}
        </div>
      )}
    </div>
  );
}
