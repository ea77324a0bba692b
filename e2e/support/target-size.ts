/** Finds what is too small to press: targets of less than 24 by 24 CSS pixels that stand too close to others (WCAG 2.5.8). */
import type { Page } from '@playwright/test';

/** Each finding in words. A word within a sentence is excused, as the criterion does; a field counts with its label. */
export const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const least = 24;
    type Box = { left: number; top: number; right: number; bottom: number };
    const join = (a: Box, b: Box): Box => ({ left: Math.min(a.left, b.left), top: Math.min(a.top, b.top), right: Math.max(a.right, b.right), bottom: Math.max(a.bottom, b.bottom) });
    const boxOf = (element: HTMLElement): Box => {
      // What wraps it is pressed in its place.
      const around = element.matches('input') ? element.closest('label') : null;
      const own: Box = element.getBoundingClientRect();
      return around === null ? own : join(own, around.getBoundingClientRect());
    };
    const isSeen = (element: HTMLElement): boolean => element.checkVisibility({ opacityProperty: false, visibilityProperty: true }) && element.getBoundingClientRect().width > 1;
    /** Text of a sentence stands beside it. */
    const isInSentence = (element: HTMLElement): boolean =>
      getComputedStyle(element).display === 'inline' && [...(element.parentElement?.childNodes ?? [])].some((node) => node !== element && node.nodeType === Node.TEXT_NODE && /[\p{L}·]/u.test(node.textContent ?? ''));
    const open = document.querySelector('dialog[open], .disclosure-panel') ?? document;
    /** What lies above the page, such as the rail of a phone, is scrolled past and not pressed by mistake for it. */
    const layerOf = (element: Element): Element | null => element.closest('.rail, .bar, .toasts');
    const targets = [...open.querySelectorAll<HTMLElement>('a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]')].filter(isSeen).map((element) => ({ element, box: boxOf(element) }));
    const isSmall = ({ box }: { box: Box }): boolean => box.right - box.left < least - 0.5 || box.bottom - box.top < least - 0.5;
    const middle = ({ left, top, right, bottom }: Box): { x: number; y: number } => ({ x: (left + right) / 2, y: (top + bottom) / 2 });
    /** Shortest way from a point to a box. */
    const wayTo = ({ x, y }: { x: number; y: number }, box: Box): number => Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
    const found: string[] = [];
    for (const target of targets) {
      if (!isSmall(target) || isInSentence(target.element)) continue;
      const at = middle(target.box);
      const near = targets.find((other) => {
        if (other.element === target.element || layerOf(other.element) !== layerOf(target.element) || other.element.contains(target.element) || target.element.contains(other.element)) return false;
        const there = middle(other.box);
        return isSmall(other) ? Math.hypot(at.x - there.x, at.y - there.y) < least - 0.5 : wayTo(at, other.box) < least / 2 - 0.5;
      });
      const { element, box } = target;
      if (near !== undefined)
        found.push(`${Math.round(box.right - box.left)}×${Math.round(box.bottom - box.top)} px: ${element.outerHTML.slice(0, 90)} near ${near.element.outerHTML.slice(0, 90)}`);
    }
    return found.slice(0, 5);
  });
