/** From the first screen to a changed price with keys alone, as somebody without a mouse or without sight does it: order, names, a ring around what has the focus, dialogs that keep and give back the focus, outcomes that are read out; then less motion, themes and forced colours. */
import { expect, test, type Locator, type Page } from '@playwright/test';
import { launchConsole } from './support/launch.ts';
import { createLook } from './support/look.ts';
import { passphrase, waitForState } from './support/operator.ts';
import { shareConsole } from './support/share-console.ts';

test.describe.configure({ mode: 'serial' });

const console = shareConsole(launchConsole);

/** What has the focus must be seen: it, or what is drawn for it, has an outline of at least 2 px. */
const hasRing = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const drawn = [document.activeElement, document.activeElement?.nextElementSibling, document.activeElement?.closest('label')];
    return drawn.some((element) => element instanceof HTMLElement && getComputedStyle(element).outlineStyle !== 'none' && parseFloat(getComputedStyle(element).outlineWidth) >= 2);
  });

/** What has the focus: its name as it is written for screen readers, or the text that it holds. */
const focused = (page: Page): Promise<{ name: string; html: string }> =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement)) return { name: '', html: '' };
    const labels = 'labels' in element ? [...((element as HTMLInputElement).labels ?? [])].map((label) => label.textContent) : [];
    const told = (element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent);
    return { name: [element.getAttribute('aria-label'), ...told, ...labels, element.textContent].join(' '), html: element.outerHTML.slice(0, 120) };
  });

const isFocused = (target: Locator): Promise<boolean> => target.evaluate((element) => element === document.activeElement);

/** Goes on by Tab until the target has the focus; every stop on the way has a name and a ring. */
async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await expect(target).toBeVisible();
  await expect(target).toBeEnabled();
  for (let stops = 0; stops < 60; stops += 1) {
    if (await isFocused(target)) return;
    await page.keyboard.press(key);
    if (await page.evaluate(() => document.activeElement === document.body)) continue; // the browser's own controls
    const { name, html } = await focused(page);
    expect(name, `name of ${html}`).toMatch(/\S/);
    expect(await hasRing(page), `ring around ${html}`).toBe(true);
  }
  throw new Error(`no way by ${key} to ${target}`);
}

/** A word or figure with a note: told as a button that is described by it while it shows; Escape closes the note alone. */
async function readNote(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  const note = page.getByRole('tooltip');
  await expect(note).toHaveCount(1);
  await expect(note).toBeInViewport({ ratio: 1 });
  await expect(target).toHaveRole('button');
  await expect(target).toHaveAttribute('aria-expanded', 'true');
  await expect(target).toHaveAccessibleDescription(/\w/);
  await page.keyboard.press('Escape');
  await expect(note).toHaveCount(0);
  await expect(target).toHaveAttribute('aria-expanded', 'false');
  await expect(target).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(note).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(target).toHaveAttribute('aria-expanded', 'false');
}

const button = (page: Page, name: string | RegExp): Locator => page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name });

async function press(page: Page, name: string | RegExp, key: 'Enter' | 'Space' = 'Enter'): Promise<void> {
  await tabTo(page, button(page, name));
  await page.keyboard.press(key);
}

/** Presses on to a secure page, acts there by keys and comes back; a desktop window closes by itself, a tab says that it is done. */
async function onSecurePage(name: string, act: (secure: Page) => Promise<void>): Promise<void> {
  const secure = await console.secure((page) => press(page, name));
  const closed = secure.waitForEvent('close');
  await act(secure).catch((error: unknown) => {
    if (!secure.isClosed()) throw error;
  });
  if (console.kind === 'headless') {
    await expect(secure.getByText(/close this page/i)).toBeVisible();
    await secure.close();
  }
  await closed;
}

async function type(page: Page, field: Locator, text: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(text);
}

const sign = (name: string): Promise<void> =>
  onSecurePage(name, async (secure) => {
    if (console.kind === 'headless') await type(secure, secure.getByLabel('Passphrase'), passphrase);
    await press(secure, 'Sign and send');
  });

const step = async (page: Page, name: string): Promise<void> => {
  const heading = page.getByRole('heading', { level: 1, name });
  await expect(heading).toBeVisible();
  // The next step is read out from its heading.
  await expect(heading).toBeFocused();
};

test('sets the node up with keys alone', async () => {
  const { page } = console;
  await step(page, 'Choose a network');
  const first = page.getByRole('radio', { checked: true });
  const before = await first.getAttribute('value');
  await tabTo(page, first);
  await page.keyboard.press('ArrowDown');
  await expect(page.locator(':focus')).not.toHaveAttribute('value', before ?? '');
  await expect(page.locator(':focus')).toBeChecked();
  await page.keyboard.press('ArrowUp');
  await expect(page.locator(':focus')).toHaveAttribute('value', before ?? '');
  await press(page, 'Continue');

  await step(page, 'Make the key of this node');
  await onSecurePage('Create a new key', async (secure) => {
    if (console.kind === 'headless') {
      await type(secure, secure.getByLabel('New passphrase', { exact: true }), passphrase);
      await type(secure, secure.getByLabel('Repeat the passphrase'), passphrase);
    }
    await press(secure, 'Create the key');
    await expect(secure.getByRole('heading', { name: 'Write down these 24 words' })).toBeVisible();
    const words = await secure.locator('ol.words li').allTextContents();
    await press(secure, 'I have written them down');
    await expect(secure.getByLabel(/^Word \d+$/)).toHaveCount(6);
    for (const field of await secure.getByLabel(/^Word \d+$/).all()) {
      const label = await field.evaluate((input: HTMLInputElement) => input.labels?.[0]?.textContent ?? '');
      await type(secure, field, words[Number(/\d+/.exec(label)?.[0]) - 1] ?? '');
    }
    await press(secure, 'Check and keep the key');
  });

  await step(page, 'Check this machine');
  await press(page, 'Continue');
  await step(page, 'Fund the wallet');
  await press(page, 'Get test tokens');
  await step(page, 'Register the node');
  await sign('Register node');
  await step(page, 'Pick a task and a price');
  await sign('Subscribe');
  await step(page, 'Start earning');
  await press(page, 'Start earning', 'Space');
  await waitForState(page, /READY|EXECUTING/);
});

test('walks the frame in its order, skips it, and reaches pages by keys', async () => {
  const { page } = console;
  await expect(page.getByRole('heading', { level: 1, name: 'Dashboard' })).toBeFocused();
  const links = await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').all();
  for (const link of links.toReversed()) {
    await page.keyboard.press('Shift+Tab');
    await expect(link).toBeFocused();
    expect(await hasRing(page)).toBe(true);
  }
  const skip = page.getByRole('link', { name: 'Skip to content' });
  await tabTo(page, skip, 'Shift+Tab');
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();

  // A panel that unfolds closes by Escape and gives the focus back.
  const chain = button(page, /^Chain: /);
  await tabTo(page, chain, 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(chain).toHaveAttribute('aria-expanded', 'true');
  const epoch = page.locator('.disclosure-panel').getByRole('button', { name: 'Epoch', exact: true });
  await tabTo(page, epoch);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('tooltip')).toHaveCount(0);
  await expect(epoch).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(chain).toHaveAttribute('aria-expanded', 'false');
  await expect(chain).toBeFocused();

  // The pointer may rest on a note to read or copy it, and Escape closes it wherever the focus is.
  const reputation = page.getByRole('button', { name: 'Reputation', exact: true });
  await reputation.hover();
  const note = page.getByRole('tooltip');
  await note.hover();
  await expect(reputation).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('Escape');
  await expect(note).toHaveCount(0);
  await page.mouse.move(0, 0);

  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await expect(page.getByRole('heading', { level: 1, name: 'Tasks' })).toBeFocused();
  await expect(page).toHaveTitle(/^Tasks/);
});

test('changes a price in a panel that keeps the focus and gives it back, and hears the outcome', async ({}, info) => {
  const { page } = console;
  const task = page.getByRole('link', { name: 'Open task #1' });
  await tabTo(page, task);
  await page.keyboard.press('Enter');
  const panel = page.getByRole('dialog');
  await expect(panel).toHaveAccessibleName('Task #1');
  await expect(panel.getByRole('button', { name: 'Close' })).toBeFocused();
  await readNote(page, panel.locator('.hover-target').first());
  await expect(panel).toBeVisible();
  // Once around and beyond: nothing behind the panel is reached.
  const reached = new Set<string>();
  for (let stops = 0; stops < 45; stops += 1) {
    await page.keyboard.press('Tab');
    const place = await page.evaluate(() => {
      const { activeElement } = document;
      return activeElement === document.body ? 'browser' : activeElement?.closest('dialog') === null ? `behind: ${activeElement.outerHTML.slice(0, 120)}` : 'panel';
    });
    reached.add(place);
  }
  expect([...reached].filter((place) => place !== 'browser')).toEqual(['panel']);
  await tabTo(page, panel.getByRole('button', { name: 'Close' }));
  await page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
  await expect(task).toBeFocused();

  await page.keyboard.press('Enter');
  await type(page, panel.getByRole('textbox', { name: /^Least price/ }), '95');
  await press(page, 'Preview change');
  await expect(panel.getByText('What it costs now')).toBeVisible();
  // The pressed button is gone; the focus is not.
  expect(await page.evaluate(() => document.activeElement?.closest('dialog') !== null && document.activeElement?.tagName !== 'DIALOG')).toBe(true);
  await sign('Change subscription');
  await expect(panel.getByRole('status').filter({ hasText: 'Done: the chain has executed it' })).toBeVisible();
  await expect(panel.locator(':focus')).toHaveCount(1);
  await createLook(info)(page, 'access-outcome');
  await page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
  await expect(task).toBeFocused();
  await expect(page.getByRole('row', { name: /Open task #1/ }).getByRole('cell', { name: '95', exact: true }).first()).toBeVisible();

  // What a key did is read out, and so is the state that follows from it.
  await page.keyboard.press('p');
  await expect(page.getByRole('status', { name: 'Messages' })).toContainText('Paused.');
  await expect(page.getByRole('status').filter({ hasText: /Idle.*paused by you/i })).toHaveCount(1);
  await page.keyboard.press('p');
  await waitForState(page, /READY|EXECUTING/);
  await expect(page.getByRole('status', { name: 'Messages' })).toContainText('Resumed.');
});

test('moves less, follows the theme, and stays readable in forced colours', async ({}, info) => {
  const { page } = console;
  const look = createLook(info);
  await page.keyboard.press('g');
  await page.keyboard.press(',');
  await tabTo(page, page.getByRole('link', { name: 'Appearance', exact: true }));
  await page.keyboard.press('Enter');
  const themes = page.getByRole('radio', { name: 'As the system' });
  await tabTo(page, themes);
  const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const [light, dark] = ['rgb(245, 246, 248)', 'rgb(16, 18, 22)'];
  for (const [colorScheme, color] of [['light', light], ['dark', dark]] as const) {
    await page.emulateMedia({ colorScheme });
    await expect.poll(background).toBe(color);
  }
  // A chosen theme wins over the system's.
  await page.keyboard.press('ArrowRight');
  await expect.poll(background).toBe(light);
  await page.keyboard.press('ArrowLeft');
  await expect.poll(background).toBe(dark);
  await page.emulateMedia({ colorScheme: 'light' });

  const animation = (): Promise<string> => page.getByRole('dialog').evaluate((element) => getComputedStyle(element).animationName);
  for (const [reducedMotion, name] of [['no-preference', 'sheet-in'], ['reduce', 'none']] as const) {
    await page.emulateMedia({ reducedMotion });
    await page.keyboard.press('?');
    expect(await animation()).toBe(name);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);

  await tabTo(page, page.getByRole('link', { name: 'Policies', exact: true }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  const on = page.getByRole('switch', { checked: true }).first();
  await page.emulateMedia({ forcedColors: 'active' });
  const colors = (target: Locator): Promise<string[]> =>
    target.evaluate((element) => [getComputedStyle(element).backgroundColor, getComputedStyle(element, '::after').backgroundColor]);
  const [track, thumb] = await colors(on);
  expect(thumb).not.toBe(track);
  await tabTo(page, on);
  await page.keyboard.press('Space');
  // The switch says what the node has taken, and keeps the focus.
  await expect(page.locator(':focus')).not.toBeChecked();
  const [offTrack, offThumb] = await colors(page.locator(':focus'));
  expect(offThumb).not.toBe(offTrack);
  // On and off are told apart without our colours.
  expect(offTrack).not.toBe(track);
  await page.screenshot({ path: `test-results/screens/${info.project.name}/forced-colors.png` });
  await page.keyboard.press('Space');
  await expect(page.locator(':focus')).toBeChecked();
  await page.emulateMedia({ forcedColors: 'none' });
  // Who asks for more contrast gets it.
  const aside = (): Promise<string> => page.locator('.hint').first().evaluate((element) => getComputedStyle(element).color);
  for (const [contrast, color] of [['more', 'rgb(67, 75, 86)'], ['no-preference', 'rgb(92, 101, 112)']] as const) {
    await page.emulateMedia({ contrast });
    await expect.poll(aside).toBe(color);
  }
  await look(page, 'settings-policies-keys');
});
