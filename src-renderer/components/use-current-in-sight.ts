/** Keeps the chosen entry of a bar in sight where the bar is wider than the screen, as on a phone (design.md, "Frame"). */
import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';

const middleOf = (element: Element): number => {
  const { left, width } = element.getBoundingClientRect();
  return left + width / 2;
};

/** For the element that scrolls; looks again whenever `place` changes. */
export function useCurrentInSight<E extends Element>(place: string): RefObject<E | null> {
  const bar = useRef<E>(null);
  useEffect(() => {
    const current = bar.current?.querySelector('[aria-current]');
    if (bar.current !== null && current instanceof Element)
      bar.current.scrollBy({ left: middleOf(current) - middleOf(bar.current) });
  }, [place]);
  return bar;
}
