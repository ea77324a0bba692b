/** Finds what does not fit on a page: a document that scrolls sideways, boxes outside the window, and words that are cut off (design.md, "Frame"). */
import type { Page } from '@playwright/test';

/** Each finding in words; a box that scrolls on purpose, such as a wide table, is none. */
export const unfitting = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    const nameOf = (element: Element): string =>
      `${element.tagName.toLowerCase()}.${[...element.classList].join('.')} "${(element.textContent ?? '').trim().slice(0, 30)}"`;
    /** True inside a box that scrolls sideways, is hidden from sight for screen readers alone, or is cut on purpose with its whole text told otherwise. */
    const isExcused = (element: Element): boolean => {
      for (let box: Element | null = element; box !== null && box !== document.body; box = box.parentElement) {
        const style = getComputedStyle(box);
        if (style.clipPath !== 'none' || style.visibility === 'hidden' || style.opacity === '0') return true;
        if (box !== element && !box.matches('.sheet, .sheet-body, .disclosure-panel') && /auto|scroll/.test(style.overflowX) && box.scrollWidth > box.clientWidth) return true;
      }
      return false;
    };
    const found: string[] = [];
    // Halves of pixels are rounded up.
    for (const box of document.querySelectorAll('.sheet, .sheet-body, .disclosure-panel, .card, .main, .notice')) {
      const { overflowX } = getComputedStyle(box);
      // A sheet scrolls downwards alone.
      if (overflowX !== 'visible' && box.scrollWidth > box.clientWidth + 1) found.push(`scrolls sideways: ${nameOf(box)} ${box.scrollWidth} of ${box.clientWidth}`);
    }
    if (scrollWidth > clientWidth + 1) found.push(`the page scrolls to ${scrollWidth} of ${clientWidth}`);
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode() !== null) {
      const { parentElement } = texts.currentNode;
      const range = document.createRange();
      range.selectNodeContents(texts.currentNode);
      const box = range.getBoundingClientRect();
      if (parentElement !== null && (box.right > clientWidth + 1 || box.left < -1) && !isExcused(parentElement)) found.push(`text outside the window: ${nameOf(parentElement)}`);
    }
    for (const element of document.querySelectorAll('body *')) {
      const box = element.getBoundingClientRect();
      if (box.width === 0 || box.height === 0 || element.closest('svg') !== null || isExcused(element)) continue;
      if (box.right > clientWidth + 1 || box.left < -1) found.push(`outside the window: ${nameOf(element)}`);
      else if (element.matches('button, a, label, th, h1, h2, h3, .pill, .button') && element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline')
        found.push(`cut off: ${nameOf(element)}`);
    }
    return found.slice(0, 5);
  });
