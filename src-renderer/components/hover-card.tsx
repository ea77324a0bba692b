/** A note beside a piece of text, shown on hover, on focus and on a tap; the pointer may rest on it, Escape closes it and nothing else (WCAG 1.4.13). */
import { useEffect, useId, useRef, useState } from 'react';
import type { KeyboardEvent, MouseEvent, ReactNode, RefObject } from 'react';

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

const isWithin = (element: HTMLElement | null, place: EventTarget | null): boolean =>
  place instanceof Node && element?.contains(place) === true;

/** What holds while a card is open: Escape closes it wherever the focus is, another target takes its place, scrolling carries it along. */
function useOpenCard(
  open: boolean,
  target: RefObject<HTMLElement | null>,
  acts: { hide: () => void; follow: () => void },
): void {
  const latest = useRef(acts);
  useEffect(() => {
    latest.current = acts;
  });
  useEffect(() => {
    if (!open) return undefined;
    const onKey = (event: globalThis.KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      // A dialog around it stays open: this Escape was for the card.
      event.preventDefault();
      event.stopPropagation();
      latest.current.hide();
    };
    const onOther = (event: Event): void => {
      const other = event.target instanceof Element ? event.target.closest('.hover-target') : null;
      if (other !== null && other !== target.current) latest.current.hide();
    };
    const onScroll = (): void => latest.current.follow();
    window.addEventListener('keydown', onKey, true);
    window.addEventListener('mouseover', onOther);
    window.addEventListener('focusin', onOther);
    window.addEventListener('scroll', onScroll, true);
    return () => {
      window.removeEventListener('keydown', onKey, true);
      window.removeEventListener('mouseover', onOther);
      window.removeEventListener('focusin', onOther);
      window.removeEventListener('scroll', onScroll, true);
    };
  }, [open, target]);
}

/** `children` with a card of further detail. The target is a button that tells whether its card is open and is described by it; its text can still be selected. */
export function HoverCard(props: { card: ReactNode; children: ReactNode; className?: string }) {
  const id = useId();
  const target = useRef<HTMLSpanElement>(null);
  const card = useRef<HTMLSpanElement>(null);
  const [place, setPlace] = useState<Place | null>(null);
  const show = (): void => setPlace(target.current === null ? null : placeBeside(target.current));
  const hide = (): void => setPlace(null);
  useOpenCard(place !== null, target, { hide, follow: show });
  /** It stays while the pointer is on either, or the keyboard is on the target. */
  const leave = (event: MouseEvent): void => {
    const { relatedTarget } = event;
    if (isWithin(target.current, relatedTarget) || isWithin(card.current, relatedTarget)) return;
    if (target.current?.matches(':focus-visible') !== true) hide();
  };
  const onBlur = (): void => {
    if (target.current?.matches(':hover') !== true && card.current?.matches(':hover') !== true) hide();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    if (place === null) show();
    else hide();
  };
  return (
    <>
      <span
        ref={target}
        role="button"
        tabIndex={0}
        className={`hover-target ${props.className ?? ''}`}
        aria-expanded={place !== null}
        aria-describedby={place === null ? undefined : id}
        onMouseEnter={show}
        onMouseLeave={leave}
        onFocus={show}
        onBlur={onBlur}
        onClick={show}
        onKeyDown={onKeyDown}
      >
        {props.children}
      </span>
      {place !== null && (
        <span
          ref={(element) => {
            card.current = element;
            lift(element);
          }}
          id={id}
          role="tooltip"
          popover="manual"
          className="hover-card"
          style={{ left: place.left, top: place.top, transform: place.above ? 'translateY(-100%)' : 'none' }}
          onMouseLeave={leave}
        >
          {props.card}
        </span>
      )}
    </>
  );
}
