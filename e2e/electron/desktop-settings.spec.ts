/** The settings of the desktop as an operator meets them: start at login and hidden, staying awake, sleep and zoom. What belongs to the system is looked at where Electron takes or gives it. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { electronPath, type ConsoleUnderTest } from '../support/launch.ts';
import { createLook } from '../support/look.ts';
import { openSettings, waitForState } from '../support/operator.ts';
import { launchReadyNode } from '../support/ready-node.ts';

test.describe.configure({ mode: 'serial' });

let console: ConsoleUnderTest;
type Seen = { held: number };
const application = () => {
  const app = console.electron();
  if (app === null) throw new Error('there is no Electron');
  return app;
};
/** A switch of the settings that are open. */
const setting = (page: Page, name: string) => page.getByRole('switch', { name, exact: true });
const seen = <K extends keyof Seen>(name: K): Promise<Seen[K]> => application().evaluate((_, key) => (globalThis as unknown as { seen: Seen }).seen[key as K], name);

test.beforeAll(async () => {
  test.skip(electronPath() === null, 'Electron is not installed and could not be fetched');
  console = await launchReadyNode('electron');
  await application().evaluate(({ powerSaveBlocker }) => {
    const noted: Seen = { held: 0 };
    (globalThis as unknown as { seen: Seen }).seen = noted;
    const { start, stop } = powerSaveBlocker;
    powerSaveBlocker.start = (type) => ((noted.held += 1), start.call(powerSaveBlocker, type));
    powerSaveBlocker.stop = (id) => ((noted.held -= 1), stop.call(powerSaveBlocker, id));
  });
});
test.afterAll(async () => {
  await console?.stop();
});

test('start at login writes the file that desktops look for, and takes it away', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  const config = await application().evaluate(() => process.env['XDG_CONFIG_HOME'] ?? `${process.env['HOME']}/.config`);
  const file = `${config}/autostart/operator-console.desktop`;
  await openSettings(page, 'Desktop');
  expect(existsSync(file)).toBe(false);
  await expect(setting(page, 'Start hidden')).toBeDisabled();
  await look(page, 'desktop');
  await setting(page, 'Start at login').click();
  await expect(setting(page, 'Start at login')).toBeChecked();
  await expect.poll(() => existsSync(file)).toBe(true);
  await expect.poll(() => readFileSync(file, 'utf8')).toMatch(new RegExp(`^Exec=.*"--data-dir" "${console.dataDir}" "--hidden"$`, 'm'));
  await setting(page, 'Start hidden').click();
  await expect.poll(() => readFileSync(file, 'utf8')).toMatch(new RegExp(`^Exec=.*"--data-dir" "${console.dataDir}"$`, 'm'));
  await setting(page, 'Start at login').click();
  await expect.poll(() => existsSync(file)).toBe(false);
});

test('keeps the computer awake while it earns, where that is wanted, and is told of sleep', async () => {
  const { page } = console;
  expect(await seen('held')).toBe(0);
  await setting(page, 'Keep this computer awake').click();
  await expect.poll(() => seen('held')).toBe(1);
  await page.keyboard.press('p');
  await waitForState(page, /IDLE/);
  await expect.poll(() => seen('held')).toBe(0);
  await page.keyboard.press('p');
  await waitForState(page, /READY|EXECUTING/);
  await expect.poll(() => seen('held')).toBe(1);
  await setting(page, 'Keep this computer awake').click();
  await expect.poll(() => seen('held')).toBe(0);
  await application().evaluate(({ powerMonitor }) => {
    powerMonitor.emit('suspend');
    powerMonitor.emit('resume');
  });
  await openSettings(page, 'Logs');
  await page.getByLabel('Text').fill('console.');
  await expect(page.getByRole('button', { name: 'Details of console.sleeps' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Details of console.woke' })).toBeVisible();
  await waitForState(page, /READY|EXECUTING/);
});

test('keys make text larger and smaller, and full', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  const level = (): Promise<number | undefined> => application().evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getZoomLevel());
  await openSettings(page, 'Desktop');
  // Keys that the page never sees are pressed where the window takes them.
  const press = (keyCode: string): Promise<void> => application().evaluate(({ BrowserWindow }, key) => BrowserWindow.getAllWindows()[0]?.webContents.sendInputEvent({ type: 'keyDown', keyCode: key, modifiers: ['control'] }), keyCode);
  await press('=');
  await press('=');
  await expect.poll(level).toBe(1);
  await press('-');
  await expect.poll(level).toBe(0.5);
  await press('0');
  await expect.poll(level).toBe(0);
  await page.getByRole('button', { name: 'Show all keys' }).click();
  await expect(page.getByRole('dialog').getByText('Larger text')).toBeVisible();
  await look(page, 'desktop-keys');
  await page.keyboard.press('Escape');
});
