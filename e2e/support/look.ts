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

/** Waits until nothing loads any more, and puts messages away that would cover the page. */
async function settle(page: Page): Promise<void> {
  await expect(page.locator('.skeleton')).toHaveCount(0);
  const dismiss = page.getByRole('button', { name: 'Dismiss' });
  // A message may leave by itself meanwhile.
  while ((await dismiss.count()) > 0) await dismiss.first().click({ timeout: 2_000 }).catch(() => undefined);
}
