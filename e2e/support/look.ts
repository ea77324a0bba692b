/** Looks at a page as a visitor with and without sight would: a screenshot in each theme, and axe, which must find nothing. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, type TestInfo } from '@playwright/test';

/** Takes screenshots in both themes and runs axe by the rules of WCAG 2.2 AA in both. */
export function createLook(info: TestInfo): (page: Page, name: string) => Promise<void> {
  return async (page, name) => {
    await settle(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const path = `test-results/screens/${info.project.name}/${name}-${colorScheme}.png`;
      await page.screenshot({ path, fullPage: false });
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).setLegacyMode(true).analyze();
      expect(violations.map(({ id, nodes }) => `${name} (${colorScheme}): ${id} at ${nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([]);
    }
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  };
}

/** Looks at a page as wide as a desk and as narrow as a telephone, where nothing is wider than the screen; the desktop's window, which has a least width, is looked at as it is. */
export async function lookAtBoth(page: Page, name: string, look: (page: Page, name: string) => Promise<void>): Promise<void> {
  await look(page, name);
  if (page.viewportSize() === null) return;
  await page.setViewportSize({ width: 400, height: 800 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth), `${name} is as wide as a telephone`).toBeLessThanOrEqual(400);
  await look(page, `${name}-narrow`);
  await page.setViewportSize({ width: 1280, height: 860 });
}

/** Waits until nothing loads any more, and puts messages away that would cover the page. */
async function settle(page: Page): Promise<void> {
  await expect(page.locator('.skeleton')).toHaveCount(0);
  const dismiss = page.getByRole('button', { name: 'Dismiss' });
  // A message may leave by itself meanwhile.
  while ((await dismiss.count()) > 0) await dismiss.first().click({ timeout: 2_000 }).catch(() => undefined);
}
