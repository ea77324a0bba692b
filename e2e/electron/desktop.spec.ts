/** The desktop around the window: tray, hiding, notices, links, a second start and remembered bounds. A virtual display has no panel and no notification server, so menus and notices are looked at where Electron takes them. */
import { expect, test, type ElectronApplication, type Page } from '@playwright/test';
import { endElectron, newDataDir, startElectron } from '../support/launch.ts';
import { skipWithoutHost } from '../support/share-console.ts';

test.describe.configure({ mode: 'serial' });

let app: ElectronApplication;
let dataDir: string;

type Entry = { label?: string; click?: () => void };
type Seen = { menu: Entry[]; tip: string; notices: { title: string; body: string; click(): void }[] };

/** Notes what Electron is given for tray and notices; nothing of the console is changed. */
const watchDesktop = (target: ElectronApplication): Promise<void> =>
  target.evaluate(({ Menu, Notification, Tray }) => {
    const seen: Seen = { menu: [], tip: '', notices: [] };
    (globalThis as unknown as { seen: Seen }).seen = seen;
    const build = Menu.buildFromTemplate.bind(Menu);
    Menu.buildFromTemplate = (template) => ((seen.menu = template as unknown as Entry[]), build(template));
    const setToolTip = Tray.prototype.setToolTip;
    Tray.prototype.setToolTip = function (tip) {
      seen.tip = tip;
      setToolTip.call(this, tip);
    };
    Notification.prototype.show = function () {
      seen.notices.push({ title: this.title, body: this.body, click: () => void this.emit('click') });
    };
  });
const labels = (): Promise<string[]> => app.evaluate(() => (globalThis as unknown as { seen: Seen }).seen.menu.map(({ label }) => label ?? '—'));
const choose = (label: string): Promise<void> =>
  app.evaluate((_, wanted) => (globalThis as unknown as { seen: Seen }).seen.menu.find((entry) => entry.label === wanted)?.click?.(), label);
const windows = (): Promise<number> => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
const bounds = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
const address = (): Promise<string> => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL() ?? '');
const closeWindow = (): Promise<void> => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
async function window(): Promise<Page> {
  await expect.poll(windows).toBe(1);
  const page = app.windows().filter((one) => !one.isClosed()).at(-1) ?? (await app.waitForEvent('window'));
  await page.waitForLoadState();
  return page;
}
const call = (page: Page, name: string, input: unknown): Promise<unknown> =>
  page.evaluate(([called, given]) => (window as unknown as { bridge: { call(name: string, input: unknown): Promise<unknown> } }).bridge.call(called as string, given), [name, input] as const);

test.beforeAll(async () => {
  skipWithoutHost('electron');
  dataDir = newDataDir();
  app = await startElectron(dataDir);
  await watchDesktop(app);
});
test.afterAll(async () => {
  if (app !== undefined) await endElectron(app);
});

test('the tray says state and money of today, and pauses and resumes', async () => {
  const page = await window();
  await call(page, 'node.pause', {});
  await expect.poll(labels).toEqual(['Idle: set-up is not finished', 'Earned today: unknown', '—', 'Resume', 'Open console', '—', 'Quit']);
  await choose('Resume');
  await expect.poll(labels).toContain('Pause');
  expect(await app.evaluate(() => (globalThis as unknown as { seen: Seen }).seen.tip)).toContain('Earned today: unknown');
});

test('closing hides to the tray, where no window is left, says so once, and comes back from there', async () => {
  const moved = { x: 120, y: 90, width: 900, height: 640 };
  await app.evaluate(({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]?.setBounds(bounds), moved);
  await expect.poll(bounds).toEqual(moved);
  await closeWindow();
  await expect.poll(windows).toBe(0);
  const notices = await app.evaluate(() => (globalThis as unknown as { seen: Seen }).seen.notices.map(({ title }) => title));
  expect(notices).toEqual(['Still running']);
  await choose('Open console');
  await window();
  await expect.poll(bounds).toEqual(moved);
});

test('a click on a notice opens the place that it is about', async () => {
  await closeWindow();
  await expect.poll(windows).toBe(0);
  await app.evaluate(() => (globalThis as unknown as { seen: Seen }).seen.notices[0]?.click());
  await window();
  await expect.poll(address).toMatch(/#\/settings\/desktop$/);
});

test('a second start ends at once and shows the first, at the screen that its link names', async () => {
  await window();
  const second = await startElectron(dataDir, ['operator-console://stacks']).catch(() => null);
  await second?.waitForEvent('close').catch(() => undefined);
  await expect.poll(address).toMatch(/#\/stacks$/);
  expect(await windows()).toBe(1);
});
