/** Memory of the desktop application's main process, idle and hidden, which means that its window is destroyed, over an empty application of the same Electron (product.md, Budgets). */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { passphrase } from '../../src-main/testing/whole-node.ts';
import { findElectron } from '../lib/desktop-support.ts';
import type { Benchmark } from './benchmark.ts';
import { makeLongLivedNode } from './long-lived-node.ts';
import { median } from './statistics.ts';
import { openDisplay } from './virtual-display.ts';

const ledgerRows = 100_000;
/** Garbage of the start is gone by then. */
const settleMs = 20_000;
const samples = 9;
const sampleEveryMs = 1_000;
const kbPerMb = 1024;
const root = join(import.meta.dirname, '../..');

const emptyMain = `const { app, BrowserWindow } = require('electron');
app.on('window-all-closed', () => undefined);
app.whenReady().then(() => new BrowserWindow({ width: 1280, height: 860 }).loadURL('data:text/html,<title>empty</title>'));
`;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Resident memory of a process without what it shares with others (the executable, libraries), in megabytes. */
function privateMb(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kilobytes = (field: string): number => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? Number.NaN);
  return (kilobytes('Private_Clean') + kilobytes('Private_Dirty')) / kbPerMb;
}

/** Opens the keys as the operator does, on the console's own page. */
async function unlock(app: ElectronApplication, page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Settings', exact: true }).click();
  await page.getByRole('navigation', { name: 'Sections of settings' }).getByRole('link', { name: 'Keys', exact: true }).click();
  const opened = app.waitForEvent('window');
  await page.getByRole('button', { name: 'Unlock keys' }).first().click();
  const secure = await opened;
  await secure.getByLabel('Passphrase').fill(passphrase);
  const closed = secure.waitForEvent('close');
  await secure.getByRole('button', { name: 'Unlock' }).click().catch(() => undefined); // the window may be gone before the click is answered
  await closed;
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Dashboard', exact: true }).click();
  await page.locator('[aria-labelledby="fig-claimable"] .amount').first().waitFor();
}

/** Closes the window as the operator does; the application goes on in the tray, or without one if it is the empty one. */
async function idleMb(app: ElectronApplication): Promise<number> {
  // Waited for inside the application: what drives it hears of a page's end a moment before the window is gone.
  await app.evaluate(({ BrowserWindow }) =>
    Promise.all(
      BrowserWindow.getAllWindows().map(
        (window) =>
          new Promise<void>((resolve) => {
            window.once('closed', () => resolve());
            window.close();
          }),
      ),
    ),
  );
  const left = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
  if (left !== 0) throw new Error(`${left} windows are left after closing`);
  const pid = await app.evaluate(() => process.pid);
  await pause(settleMs);
  const seen: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    seen.push(privateMb(pid));
    await pause(sampleEveryMs);
  }
  return median(seen);
}

export const idleMemory: Benchmark = {
  name: 'memory',
  run: async ({ folder }) => {
    const executablePath = findElectron(root);
    if (executablePath === null) return { omitted: 'Electron is not installed' };
    if (!existsSync('/proc/self/smaps_rollup')) return { omitted: 'this system does not tell the private memory of a process' };
    if (!existsSync(join(root, 'out/main/main.cjs'))) return { omitted: 'the console is not built (npm run build)' };
    const display = await openDisplay();
    if (display === null) return { omitted: 'there is no display (apt-get install xvfb)' };
    const emptyDir = folder('empty-application');
    writeFileSync(join(emptyDir, 'package.json'), '{ "name": "empty", "main": "main.cjs" }');
    writeFileSync(join(emptyDir, 'main.cjs'), emptyMain);
    const node = await makeLongLivedNode(ledgerRows, { dataDir: folder('memory'), sandboxDir: folder('memory-network') });
    // Chromium's sandbox needs an ordinary user; it makes no difference to the main process.
    const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const start = (args: readonly string[]): Promise<ElectronApplication> =>
      _electron.launch({ executablePath, args: [...args, ...asRoot], env: { ...(process.env as Record<string, string>), DISPLAY: display.name }, timeout: 60_000 });
    const apps: ElectronApplication[] = [];
    try {
      const empty = await start([emptyDir, `--user-data-dir=${folder('empty-data')}`]);
      apps.push(empty);
      await empty.firstWindow();
      const console = await start([root, ...node.flags.slice(0, 4)]);
      apps.push(console);
      await unlock(console, await console.firstWindow());
      const [value, reference] = await Promise.all([idleMb(console), idleMb(empty)]);
      return [
        {
          name: 'memory of the main process, idle and hidden, over an empty application',
          value: value - reference,
          unit: 'MB',
          reference,
          budget: 60,
          of: 'value',
          direction: 'below',
          note: `memory: private resident memory, ${value.toFixed(0)} MB against the reference of an application whose one empty window was closed; keys open, chain and coordinator connected, ${node.filled.ledgerRows} ledger rows, the window closed to the tray, after ${settleMs / 1000} s`,
        },
      ];
    } finally {
      for (const app of apps) app.process().kill('SIGKILL');
      await node.stop();
      display.stop();
    }
  },
};
