/** A note beside a piece of text, shown on hover and on focus, closed by Escape (WCAG 1.4.13). */
import { useId, useState } from 'react';
import type { FocusEvent, KeyboardEvent, MouseEvent, ReactNode } from 'react';

type Place = { left: number; top: number; above: boolean };

function placeBeside(target: Element): Place {
  const box = target.getBoundingClientRect();
  const above = box.bottom > window.innerHeight - 180;
  return {
    left: Math.max(12, Math.min(box.left, window.innerWidth - 352)),
    top: above ? box.top - 6 : box.bottom + 6,
    above,
  };
}

/** Puts the card into the top layer, so that it is seen above a dialog as well. */
function lift(element: HTMLElement | null): void {
  if (element !== null && typeof element.showPopover === 'function' && !element.matches(':popover-open'))
    element.showPopover();
}

/** `children` with a card of further detail. The target takes focus so that the keyboard reaches it. */
export function HoverCard(props: { card: ReactNode; children: ReactNode; className?: string }) {
  const id = useId();
  const [place, setPlace] = useState<Place | null>(null);
  const show = (event: MouseEvent | FocusEvent): void => setPlace(placeBeside(event.currentTarget));
  const hide = (): void => setPlace(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || place === null) return;
    event.stopPropagation();
    hide();
  };
  return (
    <>
      <span
        tabIndex={0}
        className={`hover-target ${props.className ?? ''}`}
        aria-describedby={place === null ? undefined : id}
        onMouseEnter={show}
        onMouseLeave={hide}
        onFocus={show}
        onBlur={hide}
        onKeyDown={onKeyDown}
      >
        {props.children}
      </span>
      {place !== null && (
        <span
          ref={lift}
          id={id}
          role="tooltip"
          popover="manual"
          className="hover-card"
          style={{ left: place.left, top: place.top, transform: place.above ? 'translateY(-100%)' : 'none' }}
        >
          {props.card}
        </span>
      )}
    </>
  );
}
