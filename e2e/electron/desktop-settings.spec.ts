/** The settings of the desktop as an operator meets them: start at login and hidden, staying awake, sleep, zoom and notices; and a quit that knows of running work. What belongs to the system (dialogs, notices, sleep) is looked at where Electron takes or gives it. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { endElectron, startElectron } from '../support/launch.ts';
import { createLook } from '../support/look.ts';
import { openPage, openSettings, waitForState } from '../support/operator.ts';
import { launchReadyNode } from '../support/ready-node.ts';
import { shareConsole } from '../support/share-console.ts';

test.describe.configure({ mode: 'serial' });

const console = shareConsole(launchReadyNode);
type Seen = { asked: { message: string; buttons: string[] }[]; answer: number; held: number; notices: { title: string; body: string }[] };
const application = () => {
  const app = console.electron();
  if (app === null) throw new Error('there is no Electron');
  return app;
};
/** A switch of the settings that are open. */
const setting = (page: Page, name: string) => page.getByRole('switch', { name, exact: true });
const seen = <K extends keyof Seen>(name: K): Promise<Seen[K]> => application().evaluate((_, key) => (globalThis as unknown as { seen: Seen }).seen[key as K], name);

test.beforeAll(async () => {
  await application().evaluate(({ dialog, Notification, powerSaveBlocker }) => {
    const noted: Seen = { asked: [], answer: 2, held: 0, notices: [] };
    const shown: Electron.Notification[] = [];
    Object.assign(globalThis, { seen: noted, shown });
    dialog.showMessageBox = (async (options: { message: string; buttons: string[] }) => (noted.asked.push({ message: options.message, buttons: options.buttons }), { response: noted.answer, checkboxChecked: false })) as unknown as typeof dialog.showMessageBox;
    Notification.prototype.show = function () {
      noted.notices.push({ title: this.title, body: this.body });
      shown.push(this);
    };
    const { start, stop } = powerSaveBlocker;
    powerSaveBlocker.start = (type) => ((noted.held += 1), start.call(powerSaveBlocker, type));
    powerSaveBlocker.stop = (id) => ((noted.held -= 1), stop.call(powerSaveBlocker, id));
  });
});
/** When the newest of the requests at work began. */
const newestRequestMs = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    type Answer = { ok: true; value: { running: { startedMs: number }[] } } | { ok: false };
    const answer = await (window as unknown as { bridge: { call(name: string, input: unknown): Promise<Answer> } }).bridge.call('node.get', {});
    return answer.ok ? Math.max(0, ...answer.value.running.map(({ startedMs }) => startedMs)) : 0;
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

test('tells of a hot GPU while nobody looks, unless that kind is switched off', async () => {
  const { page } = console;
  await setting(page, 'Link to the coordinator').click();
  await expect(setting(page, 'Link to the coordinator')).not.toBeChecked();
  await openPage(page, 'Network');
  for (const fault of ['Drop the link', 'Hot GPU']) {
    await page.getByRole('switch', { name: fault }).click();
    await expect(page.getByRole('switch', { name: fault })).toBeChecked();
  }
  await application().evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.blur());
  await expect.poll(async () => (await seen('notices')).map(({ title, body }) => `${title}: ${body}`).join('\n'), { timeout: 60_000 }).toMatch(/GPU/);
  expect((await seen('notices')).map(({ body }) => body).join('\n')).not.toMatch(/link|coordinator/i);
  // One change, one notice; a click opens the page that mends it.
  expect((await seen('notices')).filter(({ body }) => /hot/i.test(body))).toHaveLength(1);
  await application().evaluate(() => void (globalThis as unknown as { shown: Electron.Notification[] }).shown.find(({ body }) => /GPU/.test(body))?.emit('click'));
  await expect(page.getByRole('heading', { level: 1, name: 'Hardware' })).toBeVisible();
  await openPage(page, 'Network');
  for (const fault of ['Drop the link', 'Hot GPU']) {
    await page.getByRole('switch', { name: fault }).click();
    await expect(page.getByRole('switch', { name: fault })).not.toBeChecked();
  }
  await waitForState(page, /READY|EXECUTING/);
});

test('a quit asks while work runs, and stays or finishes it', async () => {
  const { page } = console;
  const app = application();
  /** The process that holds the model; while it is held, so is what it works on. */
  const pids = await app.evaluate(({ app: own }) => own.getAppMetrics().filter(({ type }) => type === 'Utility').map(({ pid }) => pid));
  const inference = pids.filter((pid) => readFileSync(`/proc/${pid}/maps`, 'utf8').includes('onnxruntime'));
  expect(inference).toHaveLength(1);
  const signal = (name: NodeJS.Signals): void => inference.filter((pid) => existsSync(`/proc/${pid}`)).forEach((pid) => process.kill(pid, name));
  signal('SIGSTOP');
  const heldMs = Date.now();
  try {
    // What began earlier may have its answer already and end by itself; what begins from here on cannot.
    await expect.poll(() => newestRequestMs(page), { timeout: 60_000 }).toBeGreaterThanOrEqual(heldMs);
    await waitForState(page, /EXECUTING/);
    const quit = (): Promise<void> => app.evaluate(({ app: own }) => setImmediate(() => own.quit())).then(() => undefined);
    await quit();
    await expect.poll(async () => (await seen('asked')).length).toBe(1);
    expect((await seen('asked'))[0]?.buttons).toHaveLength(3);
    await waitForState(page, /EXECUTING/);
    await app.evaluate(() => void ((globalThis as unknown as { seen: Seen }).seen.answer = 0));
    const closed = app.waitForEvent('close');
    await quit();
    await expect.poll(async () => (await seen('asked')).length).toBe(2);
    signal('SIGCONT');
    await closed;
  } catch (error) {
    signal('SIGCONT');
    throw error;
  }
});

test('started hidden it shows a tray and no window, until it is asked for', async () => {
  const app = await startElectron(console.dataDir, ['--hidden']);
  try {
    const windows = (): Promise<number> => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
    // The tray's text is there when the node has told its state: then the start is over.
    await app.evaluate(({ Tray }) => {
      const { setToolTip } = Tray.prototype;
      Tray.prototype.setToolTip = function (tip) {
        (globalThis as unknown as { tip: string; tray: Electron.Tray }).tip = tip;
        (globalThis as unknown as { tip: string; tray: Electron.Tray }).tray = this;
        setToolTip.call(this, tip);
      };
    });
    await expect.poll(() => app.evaluate(() => (globalThis as unknown as { tip?: string }).tip ?? ''), { timeout: 60_000 }).toContain('Earned today');
    expect(await windows()).toBe(0);
    await app.evaluate(() => void (globalThis as unknown as { tray: Electron.Tray }).tray.emit('click'));
    await expect.poll(windows).toBe(1);
  } finally {
    await endElectron(app);
  }
});
