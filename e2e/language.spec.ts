/** Every screen in pseudo-locales: no text outside the catalogue, no box too small for a longer language, and nothing that breaks from right to left. */
import { expect, test, type Page } from '@playwright/test';
import { settingsSections } from '../src-renderer/pages/settings/settings-sections.ts';
import { pseudoText } from '../src-renderer/text/pseudo.ts';
import { bareTexts, bracketFormats } from './support/bare-texts.ts';
import { unfitting } from './support/fit.ts';
import { panels, type Say } from './support/panels.ts';
import { launchReadyNode } from './support/ready-node.ts';
import { shareConsole } from './support/share-console.ts';
import { smallTargets } from './support/target-size.ts';

test.describe.configure({ mode: 'serial' });

const screens = [
  '/',
  '/tasks',
  '/tasks/1',
  '/stacks',
  '/jobs',
  '/models',
  '/hardware',
  '/attestations',
  '/economics',
  '/wallet',
  '/fleet',
  '/why-idle',
  '/leave',
  '/network',
  ...settingsSections.map((section) => `/settings/${section}`),
];
const console = shareConsole(launchReadyNode);

async function open(page: Page, screen: string): Promise<void> {
  await page.evaluate((hash) => (location.hash = hash), screen);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('.skeleton')).toHaveCount(0);
}

/** Chooses a language in the settings, whatever language they are in. */
async function choose(page: Page, option: string): Promise<void> {
  await open(page, '/settings/appearance');
  await page.locator('select').filter({ has: page.locator(`option[value="${option}"]`) }).selectOption(option);
}

async function speak(page: Page, language: string, direction: 'ltr' | 'rtl'): Promise<void> {
  await choose(page, language);
  await expect(page.locator('html')).toHaveAttribute('lang', language);
  await expect(page.locator('html')).toHaveAttribute('dir', direction);
}

const size = (width: number): Promise<void> => console.page.setViewportSize({ width, height: 860 });
const drawn = (page: Page): Promise<void> => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))));

type Finder = (page: Page, width: number) => Promise<string[]>;

/** What is found at each width, once what follows a new width has been drawn; the desktop window has a least width and keeps its own. */
async function findAt(where: string, widths: readonly number[], find: Finder): Promise<string[]> {
  const { page } = console;
  const found: string[] = [];
  for (const width of console.kind === 'electron' ? widths.slice(0, 1) : widths) {
    if (console.kind === 'headless') await size(width);
    let left = await find(page, width);
    for (let tries = 0; left.length > 0 && tries < 20; tries += 1) {
      await drawn(page);
      left = await find(page, width);
    }
    found.push(...left.map((finding) => `${where} at ${width}: ${finding}`));
  }
  if (console.kind === 'headless') await size(1280);
  return found;
}

/** Goes through every screen, then through every sheet and panel. */
async function findings(widths: readonly number[], say: Say, find: Finder): Promise<string[]> {
  const { page } = console;
  const found: string[] = [];
  for (const screen of screens) {
    await open(page, screen);
    found.push(...(await findAt(screen, widths, find)));
  }
  for (const panel of panels) {
    await open(page, panel.screen);
    await panel.unfold(page, say);
    found.push(...(await findAt(`${panel.screen}, ${panel.name}`, widths, find)));
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
  return found;
}

test('every screen and panel fits a window of 320 px, as at 400 % zoom, and what is pressed is large enough', async () => {
  const plain = (text: string): string => text;
  expect(await findings([1280, 320], plain, async (at, width) => [...(width === 1280 ? [] : await unfitting(at)), ...(await smallTargets(at))])).toEqual([]);
});

test('no screen has text outside the catalogue, and longer texts fit, also on a phone', async () => {
  const { page } = console;
  // Pseudo-locales are for tests and development: nobody else is offered them.
  await open(page, '/settings/appearance');
  await expect(page.getByLabel('Language of the console').locator('option')).toHaveText(['As the system prefers', 'English']);
  await page.evaluate(() => localStorage.setItem('language.pseudo', 'on'));
  await page.addInitScript(bracketFormats);
  await page.reload();
  await speak(page, 'en-XA', 'ltr');
  expect(await findings([1280, 400], pseudoText, async (at, width) => [...(width === 1280 ? await bareTexts(at) : []), ...(await unfitting(at))])).toEqual([]);
});

test('every screen goes from right to left, also on a phone', async () => {
  await speak(console.page, 'ar-XB', 'rtl');
  expect(await findings([1280, 400], pseudoText, unfitting)).toEqual([]);
});

test('numbers and dates are written as the system or the language does, and both choices outlast a restart', async () => {
  const { page } = console;
  await open(page, '/settings/appearance');
  const sample = page.locator('.hint', { hasText: /2026/ });
  await expect(sample).toContainText(/12,345\.67.*Nov\s21,\s2026/);
  await choose(page, 'language');
  await expect(sample).toContainText(/21\D*11\D*2026/);
  await console.restart();
  await expect(console.page.locator('html')).toHaveAttribute('lang', 'ar-XB');
  await open(console.page, '/settings/appearance');
  await expect(console.page.locator('.hint', { hasText: /21\D*11\D*2026/ })).toBeVisible();
  await choose(console.page, 'system');
  await choose(console.page, '');
  await expect(console.page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(console.page.getByLabel('Language of the console')).toHaveValue('');
  await expect(console.page.locator('.hint', { hasText: 'Nov 21, 2026' })).toBeVisible();
});
