/** Every screen in pseudo-locales: no text outside the catalogue, no box too small for a longer language, and nothing that breaks from right to left. */
import { expect, test, type Page } from '@playwright/test';
import { electronPath, type ConsoleUnderTest, type HostKind } from './support/launch.ts';
import { bareTexts, bracketFormats } from './support/bare-texts.ts';
import { unfitting } from './support/fit.ts';
import { launchReadyNode } from './support/ready-node.ts';

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
  '/why-idle',
  '/leave',
  '/network',
  ...['network', 'keys', 'policies', 'machine', 'appearance', 'logs', 'about'].map((section) => `/settings/${section}`),
];
let console: ConsoleUnderTest;

test.beforeAll(async ({}, info) => {
  const kind = info.project.name as HostKind;
  test.skip(kind === 'electron' && electronPath() === null, 'Electron is not installed and could not be fetched');
  console = await launchReadyNode(kind);
});
test.afterAll(async () => {
  await console?.stop();
});

async function speak(page: Page, language: string): Promise<void> {
  await page.evaluate((tag) => localStorage.setItem('language', tag), language);
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', language);
}

async function open(page: Page, screen: string): Promise<void> {
  await page.evaluate((hash) => (location.hash = hash), screen);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('.skeleton')).toHaveCount(0);
}

test('no screen has text outside the catalogue', async () => {
  const { page } = console;
  await page.addInitScript(bracketFormats);
  await speak(page, 'en-XA');
  const found: string[] = [];
  for (const screen of screens) {
    await open(page, screen);
    found.push(...(await bareTexts(page)).map((text) => `${screen}: ${text}`));
  }
  expect(found).toEqual([]);
});

for (const [language, direction] of [
  ['en-XA', 'ltr'],
  ['ar-XB', 'rtl'],
] as const) {
  test(`longer texts fit from ${direction === 'ltr' ? 'left to right' : 'right to left'}, also on a phone`, async () => {
    const { page } = console;
    await speak(page, language);
    await expect(page.locator('html')).toHaveAttribute('dir', direction);
    const found: string[] = [];
    // The desktop window has a least width.
    for (const width of console.kind === 'electron' ? [null] : [1280, 400]) {
      if (width !== null) await page.setViewportSize({ width, height: 860 });
      for (const screen of screens) {
        await open(page, screen);
        found.push(...(await unfitting(page)).map((finding) => `${screen} at ${width ?? 'the window'}: ${finding}`));
      }
    }
    expect(found).toEqual([]);
  });
}
