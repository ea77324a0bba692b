/** Which rows of a long table are drawn: those in sight and some around them; short tables are drawn whole. */
import { useVirtualizer } from '@tanstack/react-virtual';
import type { RefObject } from 'react';

/** Tables up to this length are drawn whole, so that searching in the page finds everything. */
export const wholeUpTo = 80;
const estimatedRowPx = 44;
const rowsAround = 10;
/** Drawn before the height of the scroller is known; a tall one gets the rest with the next frame. */
const firstDrawn = 30;

/** Rows `from` up to, not including, `until`, and the room of the others. */
export type RowWindow = {
  measure: ((row: Element | null) => void) | undefined;
  isWhole: boolean;
  /** The last row is near; false for a table that is drawn whole. */
  isAtEnd: boolean;
  from: number;
  until: number;
  beforePx: number;
  afterPx: number;
};

/** Follows the scroll position of the element that scrolls the table. */
export function useRowWindow(count: number, scroller: RefObject<HTMLDivElement | null>): RowWindow {
  const isWhole = count <= wholeUpTo;
  // Its functions change what they answer; nothing of it is handed on to a memoised child.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count,
    enabled: !isWhole,
    getScrollElement: () => scroller.current,
    estimateSize: () => estimatedRowPx,
    overscan: rowsAround,
    useFlushSync: false,
  });
  const items = virtual.getVirtualItems();
  const [first, last] = [items[0], items.at(-1)];
  if (isWhole) return { measure: undefined, isWhole, isAtEnd: false, from: 0, until: count, beforePx: 0, afterPx: 0 };
  if (first === undefined || last === undefined)
    return {
      measure: virtual.measureElement,
      isWhole,
      isAtEnd: false,
      from: 0,
      until: firstDrawn,
      beforePx: 0,
      afterPx: (count - firstDrawn) * estimatedRowPx,
    };
  return {
    measure: virtual.measureElement,
    isWhole,
    isAtEnd: last.index >= count - rowsAround,
    from: first.index,
    until: last.index + 1,
    beforePx: first.start,
    afterPx: virtual.getTotalSize() - last.end,
  };
}
