/** What an operator does by hand, as steps that journeys share. Every wait is for something on the screen. */
import { expect, type Page } from '@playwright/test';
import type { ConsoleUnderTest } from './launch.ts';

/** Passphrase of journeys where no keychain answers (the headless host). Play money. */
export const passphrase = 'a journey through the sandbox';

/** The secure page that an act opens: a window of its own on the desktop, a tab in a browser. */
const followToSecurePage = (console: ConsoleUnderTest, act: (page: Page) => Promise<void>): Promise<Page> => console.secure(act);

/** A secure window closes by itself after the act; a tab says that it is done. */
async function finish(secure: Page, console: ConsoleUnderTest, act: (page: Page) => Promise<void>): Promise<void> {
  if (console.kind === 'electron') {
    const closed = secure.waitForEvent('close');
    await act(secure).catch((error: unknown) => {
      if (!secure.isClosed()) throw error;
    });
    await closed;
    return;
  }
  await act(secure);
  await expect(secure.getByText(/close this page/i)).toBeVisible();
  await secure.close();
}

/** Fills in the passphrase that seals the keys, where no keychain does. */
export async function choosePassphrase(secure: Page, console: Pick<ConsoleUnderTest, 'kind'>): Promise<void> {
  if (console.kind === 'electron') return;
  await secure.getByLabel('New passphrase', { exact: true }).fill(passphrase);
  await secure.getByLabel('Repeat the passphrase').fill(passphrase);
}

/** Makes a key, writes its words down, proves it. Returns the 24 words. `look` sees each secure page. */
export async function createKey(console: ConsoleUnderTest, look: (page: Page, name: string) => Promise<void>): Promise<string[]> {
  const secure = await followToSecurePage(console, (page) => page.getByRole('button', { name: 'Create a new key' }).click());
  await choosePassphrase(secure, console);
  await look(secure, 'secure-create');
  await secure.getByRole('button', { name: 'Create the key' }).click();
  await expect(secure.getByRole('heading', { name: 'Write down these 24 words' })).toBeVisible();
  const words = await secure.locator('ol.words li').allTextContents();
  expect(words).toHaveLength(24);
  await look(secure, 'secure-words');
  await secure.getByRole('button', { name: 'I have written them down' }).click();
  const fields = await secure.getByLabel(/^Word \d+$/).all();
  expect(fields).toHaveLength(6);
  for (const field of fields) {
    const label = await field.evaluate((input: HTMLInputElement) => input.labels?.[0]?.textContent ?? '');
    await field.fill(words[Number(/\d+/.exec(label)?.[0]) - 1] ?? '');
  }
  await look(secure, 'secure-reentry');
  await finish(secure, console, (page) => page.getByRole('button', { name: 'Check and keep the key' }).click());
  return words;
}

/** Confirms the proposal that the window shows, on the host's own page. */
export async function confirmProposal(console: ConsoleUnderTest, act: string, look?: (page: Page, name: string) => Promise<void>): Promise<void> {
  const secure = await followToSecurePage(console, (page) => page.getByRole('button', { name: act, exact: true }).click());
  if (console.kind === 'headless') await secure.getByLabel('Passphrase').fill(passphrase);
  await look?.(secure, 'secure-confirm');
  await finish(secure, console, (page) => page.getByRole('button', { name: 'Sign and send' }).click());
}

/** Opens a secure page, acts there, and waits for its end. */
export async function onSecurePage(console: ConsoleUnderTest, open: (page: Page) => Promise<void>, act: (secure: Page) => Promise<void>): Promise<void> {
  await finish(await followToSecurePage(console, open), console, act);
}

/** Unlocks the keys after a restart; on the desktop the keychain has done it already. */
export async function unlock(console: ConsoleUnderTest): Promise<void> {
  if (console.kind === 'electron') return;
  await openSettings(console.page, 'Keys');
  const secure = await followToSecurePage(console, (page) => page.getByRole('button', { name: 'Unlock keys' }).first().click());
  await secure.getByLabel('Passphrase').fill(passphrase);
  await finish(secure, console, (page) => page.getByRole('button', { name: 'Unlock' }).click());
}

/** Opens a page through the rail. */
export async function openPage(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

/** Waits until the state pill says one of the words. */
export async function waitForState(page: Page, states: RegExp): Promise<void> {
  await expect(page.getByTestId('state-pill')).toHaveText(states, { timeout: 60_000 });
}

/** Opens a section of the settings. */
export async function openSettings(page: Page, section: string): Promise<void> {
  await openPage(page, 'Settings');
  const link = page.getByRole('navigation', { name: 'Sections of settings' }).getByRole('link', { name: section, exact: true });
  await link.click();
  // Not by a heading: cards have names of their own.
  await expect(link).toHaveAttribute('aria-current', 'page');
}

/** States what power and coins cost on the Economics page, and waits for a net in fiat. */
export async function enterCosts(page: Page): Promise<void> {
  await page.getByLabel('Currency').fill('eur');
  await page.getByLabel(/^Worth of 1 (?!SUI)/).fill('0.5');
  await page.getByLabel('Worth of 1 SUI').fill('3');
  await page.getByLabel('Watts while working').fill('450');
  await page.getByLabel('Watts while waiting for work').fill('60');
  await page.getByRole('button', { name: 'Add a time band' }).click();
  await page.getByLabel('Per kWh').fill('0.32');
  await page.getByRole('button', { name: 'Save costs and rates' }).click();
  await expect(page.getByRole('region', { name: 'Net', exact: true })).toContainText('€');
}
