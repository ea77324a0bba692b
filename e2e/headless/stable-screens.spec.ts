/** Screens that look the same at every start, compared with committed pictures in both themes; `npm run screenshots:compare` draws those anew. What varies (the top bar, figures) is hidden, and its room stays. */
import { expect, test, type Page } from '@playwright/test';
import { standBetween, withoutEntries } from '../support/gallery.ts';
import { launchConsole } from '../support/launch.ts';
import { openPage, openSettings } from '../support/operator.ts';
import { goThroughSetUp } from '../support/ready-node.ts';
import { shareConsole } from '../support/share-console.ts';

test.describe.configure({ mode: 'serial' });

/** A missing card, another column or an unstyled control is more than this; another drawing of the letters is less. */
const tolerance = { maxDiffPixelRatio: 0.02, threshold: 0.25 };
/** Hides what varies from start to start. Given to the document as it is: the policy of the page lets no style element in. */
const still = '.bar > *, dd, .toasts { visibility: hidden } .bar { height: 56px; overflow: hidden }';
const desktop = { width: 1160, height: 640 };
const phone = { width: 400, height: 640 };
const console = shareConsole((kind) => launchConsole(kind, { size: desktop }));

async function compare(page: Page, name: string): Promise<void> {
  await expect(page.locator('.skeleton')).toHaveCount(0);
  await page.mouse.move(0, 0);
  await page.evaluate(async (rules) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    document.adoptedStyleSheets = [sheet];
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    window.scrollTo(0, 0);
    await document.fonts.ready;
  }, still);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect(page).toHaveScreenshot(`${name}-${colorScheme}.png`, tolerance);
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.evaluate(() => (document.adoptedStyleSheets = []));
}

test('the first steps of the set-up', async () => {
  const { page } = console;
  await expect(page.getByRole('heading', { level: 1, name: 'Choose a network' })).toBeVisible();
  await compare(page, 'setup-network');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Make the key of this node' })).toBeVisible();
  await expect(page.getByText('Sealed file under a passphrase')).toBeVisible();
  await page.setViewportSize(phone);
  await compare(page, 'setup-key-phone');
  await page.setViewportSize(desktop);
  await page.getByRole('button', { name: /^Network/ }).click();
  await goThroughSetUp(console);
});

test('pages that teach or hold still', async () => {
  const { page } = console;
  const between = await standBetween(page);
  between.pages(withoutEntries);
  await openPage(page, 'Stacks');
  await page.reload();
  await expect(page.getByText('A stack appears here when a buyer acquires one from this node.', { exact: false })).toBeVisible();
  await compare(page, 'stacks-empty');
  // What fails for the whole dashboard is said once; its figures are unknown then, not zero.
  between.pages('refuse');
  await openPage(page, 'Dashboard');
  await page.reload();
  await expect(page.getByRole('main').getByText('The chain endpoint does not answer.')).toHaveCount(1);
  await expect(page.getByRole('region', { name: 'Earned today' })).toContainText('Unknown: Not known: it could not be read.');
  await expect(page.getByRole('region', { name: 'Last jobs' })).toContainText('it could not be read.');
  between.pages('as-is');
  await page.getByRole('main').getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('main').getByRole('alert')).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Earned today' })).toContainText('TOMA');

  await openSettings(page, 'Policies');
  await compare(page, 'settings-policies');

  await openPage(page, 'Leave');
  await expect(page.getByText('This node is staying')).toBeVisible();
  await compare(page, 'leave');

  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await compare(page, 'keys');
});
