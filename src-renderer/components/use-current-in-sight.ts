/** Keeps the chosen entry of a bar in sight where the bar is wider than the screen, as on a phone, and marks the ends behind which there is more (design.md, "Frame"). */
import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';

const middleOf = (element: Element): number => {
  const { left, width } = element.getBoundingClientRect();
  return left + width / 2;
};

/** Says for styles whether entries are out of sight at the left or at the right. */
function markEnds(bar: HTMLElement): void {
  const hidden = bar.scrollWidth - bar.clientWidth;
  // Written from right to left a bar begins at zero and scrolls to negative places.
  const fromStart = Math.abs(bar.scrollLeft);
  const rightToLeft = getComputedStyle(bar).direction === 'rtl';
  const [left, right] = rightToLeft ? [hidden - fromStart, fromStart] : [fromStart, hidden - fromStart];
  bar.toggleAttribute('data-more-left', left > 1);
  bar.toggleAttribute('data-more-right', right > 1);
}

function bringCurrent(bar: HTMLElement): void {
  const current = bar.querySelector('[aria-current]');
  if (current !== null) bar.scrollBy({ left: middleOf(current) - middleOf(bar) });
  markEnds(bar);
}

/** For the element that scrolls; looks again whenever `place` or its width changes. */
export function useCurrentInSight<E extends HTMLElement>(place: string): RefObject<E | null> {
  const bar = useRef<E>(null);
  useEffect(() => {
    const { current } = bar;
    if (current === null) return undefined;
    const scrolled = (): void => markEnds(current);
    const resized = new ResizeObserver(() => bringCurrent(current));
    resized.observe(current);
    current.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      resized.disconnect();
      current.removeEventListener('scroll', scrolled);
    };
  }, []);
  useEffect(() => {
    if (bar.current !== null) bringCurrent(bar.current);
  }, [place]);
  return bar;
}
