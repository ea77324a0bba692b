/** Screens that look the same at every start, compared with committed pictures; fonts are drawn a little differently from machine to machine, so a share of the pixels may differ. */
import { expect, test, type Page } from '@playwright/test';
import { launchConsole, type ConsoleUnderTest } from './support/launch.ts';

test.describe.configure({ mode: 'serial' });

/** A missing card, another column or an unstyled control is more than this; another hinting of the letters is less. */
const tolerance = { maxDiffPixelRatio: 0.03, threshold: 0.3, animations: 'disabled' as const };
let console: ConsoleUnderTest;

test.beforeAll(async ({}, info) => {
  test.skip(info.project.name !== 'headless', 'a desktop window has the size that its system gives it');
  console = await launchConsole('headless');
});
test.afterAll(async () => {
  await console?.stop();
});

async function compare(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect(page).toHaveScreenshot(`${name}-${colorScheme}.png`, tolerance);
  }
}

test('the first steps of the set-up', async () => {
  const { page } = console;
  await expect(page.getByRole('heading', { level: 1, name: 'Choose a network' })).toBeVisible();
  await compare(page, 'setup-network');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Make the key of this node' })).toBeVisible();
  await compare(page, 'setup-key');
});

test('the first steps of the set-up on a phone', async () => {
  const { page } = console;
  await page.setViewportSize({ width: 390, height: 844 });
  await compare(page, 'setup-key-phone');
});
