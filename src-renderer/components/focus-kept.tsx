/** Keeps the focus where something goes on in steps: the pressed button leaves with its step, and the keyboard and the screen reader go on at what came instead (WCAG 2.4.3). */
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';

const isLost = (): boolean => {
  const { activeElement } = document;
  return activeElement === null || activeElement === document.body || activeElement instanceof HTMLDialogElement;
};

/** `step` names what is shown now. Nothing is taken from an element that has the focus. */
export function FocusKept({ step, children }: { step: string; children: ReactNode }) {
  const here = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isLost()) here.current?.focus({ preventScroll: true });
  }, [step]);
  return (
    <div className="focus-kept" tabIndex={-1} ref={here}>
      {children}
    </div>
  );
}
