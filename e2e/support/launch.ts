/** Starts the console on one of its two hosts for a journey and reaches its window and its secure pages the way an operator does. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { _electron, chromium, type BrowserContext, type ElectronApplication, type Page } from '@playwright/test';

/** Which host a project tests. */
export type HostKind = 'headless' | 'electron';

/** A running console. `page` is its window; it changes with a restart. */
export type ConsoleUnderTest = {
  readonly kind: HostKind;
  readonly page: Page;
  readonly dataDir: string;
  /** Does what opens a secure page and returns that page, which is a window or a tab of its own. */
  secure(open: (page: Page) => Promise<void>): Promise<Page>;
  /** Ends the process and starts it again on the same data. */
  restart(): Promise<void>;
  /** The application itself; null on the headless host. */
  electron(): ElectronApplication | null;
  /** Process id of the window's renderer; null on the headless host. */
  rendererPid(): Promise<number | null>;
  stop(): Promise<void>;
};

const root = process.env['CONSOLE_E2E_ROOT'] ?? process.cwd();

/** Path of the Electron to test, or null: then its journeys are skipped. */
export const electronPath = (): string | null => process.env['CONSOLE_E2E_ELECTRON'] ?? null;

/** How to start the unpacked package, or null where none was built. */
export const packagedConsole = (): { executable: string; args: string[] } | null => {
  const [executable, app] = [process.env['CONSOLE_E2E_PACKAGED'], process.env['CONSOLE_E2E_PACKAGED_APP']];
  return executable === undefined ? null : { executable, args: app === undefined ? [] : [app] };
};

/** Starts a console in a new data folder, or in `dataDir`; `packaged` starts the unpacked package instead of the build, and is an error where none was made; `args` go to the host. */
export async function launchConsole(kind: HostKind, options: { dataDir?: string; size?: { width: number; height: number }; packaged?: boolean; args?: readonly string[] } = {}): Promise<ConsoleUnderTest> {
  const dataDir = options.dataDir ?? newDataDir();
  const size = options.size ?? { width: 1280, height: 860 };
  const packaged = options.packaged === true ? packagedConsole() : null;
  if (options.packaged === true && packaged === null) throw new Error('there is no package to try: npm run package -- --dir');
  const { args = [] } = options;
  return kind === 'headless' ? launchHeadless(dataDir, size, args) : launchElectron(dataDir, args, packaged);
}

/** A data folder that the journey's user owns. */
export function newDataDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'console-journey-'));
  const user = process.env['CONSOLE_E2E_USER'];
  if (user !== undefined) execFileSync('chown', [user, dir]);
  return dir;
}

const remove = (dir: string): void => rmSync(dir, { recursive: true, force: true });

async function launchHeadless(dataDir: string, viewport: { width: number; height: number }, args: readonly string[]): Promise<ConsoleUnderTest> {
  const browser = await chromium.launch({ executablePath: process.env['CONSOLE_E2E_CHROMIUM'] ?? '/usr/bin/chromium', args: ['--disable-dev-shm-usage'] });
  let host = await startHeadless(dataDir, args);
  let context = await browser.newContext({ viewport, reducedMotion: 'reduce', ignoreHTTPSErrors: true });
  let page = await openLink(context, host.link);
  return {
    kind: 'headless',
    dataDir,
    get page() {
      return page;
    },
    async secure(open) {
      const opened = context.waitForEvent('page');
      await open(page);
      const secure = await opened;
      await secure.waitForLoadState();
      return secure;
    },
    async restart() {
      await context.close();
      await endProcess(host.child);
      host = await startHeadless(dataDir, args);
      context = await browser.newContext({ viewport, reducedMotion: 'reduce', ignoreHTTPSErrors: true });
      page = await openLink(context, host.link);
    },
    electron: () => null,
    rendererPid: async () => null,
    async stop() {
      await browser.close();
      await endProcess(host.child);
      remove(dataDir);
    },
  };
}

async function openLink(context: BrowserContext, link: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(link);
  return page;
}

/** The host prints its one-time link on the first line. */
function startHeadless(dataDir: string, args: readonly string[]): Promise<{ child: ChildProcess; link: string }> {
  const child = spawn(process.execPath, [join(root, 'out/main/headless.cjs'), '--data-dir', dataDir, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const link = /https?:\/\/\S+/.exec(line)?.[0];
      if (link !== undefined) resolve({ child, link });
    });
    child.on('exit', (code) => reject(new Error(`the headless host ended with code ${code}: ${errors.slice(-2000)}`)));
  });
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  await ended;
}

async function launchElectron(dataDir: string, args: readonly string[], packaged: ReturnType<typeof packagedConsole>): Promise<ConsoleUnderTest> {
  let app = await startElectron(dataDir, args, packaged);
  let page = await consoleWindow(app);
  return {
    kind: 'electron',
    dataDir,
    get page() {
      return page;
    },
    async secure(open) {
      const opened = app.waitForEvent('window');
      await open(page);
      const secure = await opened;
      await secure.waitForLoadState();
      return secure;
    },
    async restart() {
      await endElectron(app);
      app = await startElectron(dataDir, args, packaged);
      page = await consoleWindow(app);
    },
    electron: () => app,
    rendererPid: () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? null),
    async stop() {
      await endElectron(app);
      remove(dataDir);
    },
  };
}

/** A signal ends it without asking, and running work is finished; closing the window would ask in a native dialog while work runs. */
export async function endElectron(app: ElectronApplication): Promise<void> {
  if (quit.has(app)) return;
  const pid = await app.evaluate(() => process.pid);
  const closed = app.waitForEvent('close');
  process.kill(pid, 'SIGTERM');
  await closed;
}

/** Applications that have ended: nothing can be asked of them any more. */
const quit = new WeakSet<ElectronApplication>();

/** Starts the desktop application, with further arguments of its own. */
export async function startElectron(dataDir: string, args: readonly string[] = [], packaged: ReturnType<typeof packagedConsole> = null): Promise<ElectronApplication> {
  const executablePath = packaged?.executable ?? electronPath();
  if (executablePath === null) throw new Error('there is no Electron to test');
  const app = await _electron.launch({ executablePath, args: [...(packaged?.args ?? [root]), '--data-dir', dataDir, ...args], chromiumSandbox: true, timeout: 60_000 });
  app.on('close', () => quit.add(app));
  return app;
}

async function consoleWindow(app: ElectronApplication): Promise<Page> {
  const page = await app.firstWindow();
  await page.waitForLoadState();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  return page;
}

/** Value of a field in /proc/<pid>/status, for example Seccomp. */
export function processStatus(pid: number, field: string): string | null {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8').split('\n').find((one) => one.startsWith(`${field}:`));
  return line?.slice(field.length + 1).trim() ?? null;
}
