/** From the start of the headless host's process to the dashboard with its figures in a browser, with 100,000 ledger rows (product.md, Budgets). */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Browser } from '@playwright/test';
import type { Benchmark } from './benchmark.ts';
import { makeLongLivedNode } from './long-lived-node.ts';
import { quietMachine } from './quiet-machine.ts';
import { median } from './statistics.ts';

const ledgerRows = 100_000;
const rounds = 7;
/** Longest wait for a quiet machine before each start. */
const quietWithinMs = 10_000;
const root = join(import.meta.dirname, '../..');
const entry = join(root, 'out/main/headless.cjs');
const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

function startHost(flags: readonly string[]): Promise<{ child: ChildProcess; link: string }> {
  const child = spawn(process.execPath, [entry, '--port', '0', ...flags], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const link = /https?:\/\/\S+/.exec(line)?.[0];
      if (link !== undefined) resolve({ child, link });
    });
    child.on('exit', (code) => reject(new Error(`the headless host ended with code ${code}`)));
  });
}

async function endHost(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  await ended;
}

/** What the operator must be able to read: earned, claimable by the chain, claimed by the ledger, the latest requests; and one frame more, in which it is painted. */
const isUsable = (): boolean => {
  const figure = (id: string): boolean => /\d/.test(document.querySelector(`[aria-labelledby="${id}"] .amount`)?.textContent ?? '');
  return ['fig-earned', 'fig-claimable', 'fig-claimed'].every(figure) && document.querySelector('main table tbody tr') !== null;
};

/** Milliseconds until the host printed its link, and until the window was usable. */
async function oneStart(browser: Browser, flags: readonly string[]): Promise<{ link: number; usable: number; isQuiet: boolean }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  // An open browser: the process of its empty page has been started and has drawn, and what the browser loads for itself is there.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0))));
  const isQuiet = await quietMachine(quietWithinMs);
  const startedAt = performance.now();
  const { child, link } = await startHost(flags);
  const linkMs = performance.now() - startedAt;
  try {
    await page.goto(link, { waitUntil: 'commit' });
    await page.waitForFunction(isUsable, undefined, { polling: 'raf', timeout: 30_000 });
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0))));
    return { link: linkMs, usable: performance.now() - startedAt, isQuiet };
  } finally {
    await context.close();
    await endHost(child);
  }
}

export const startUp: Benchmark = {
  name: 'start',
  run: async ({ folder, log }) => {
    if (!existsSync(entry)) return { omitted: 'the console is not built (npm run build)' };
    const executablePath = browsers.find((path) => existsSync(path));
    if (executablePath === undefined) return { omitted: 'there is no chromium (apt-get install chromium)' };
    const node = await makeLongLivedNode(ledgerRows, { dataDir: folder('start'), sandboxDir: folder('start-network') });
    const browser = await chromium.launch({ executablePath, args: ['--disable-dev-shm-usage'] });
    try {
      await oneStart(browser, node.flags);
      const starts: Awaited<ReturnType<typeof oneStart>>[] = [];
      for (let round = 0; round < rounds; round += 1) starts.push(await oneStart(browser, node.flags));
      const usable = median(starts.map((start) => start.usable));
      const noisy = starts.filter(({ isQuiet }) => !isQuiet).length;
      if (noisy > 0) log(`${noisy} of ${rounds} starts began on a machine that was busy with something else`);
      log(`the link was printed after ${median(starts.map((start) => start.link)).toFixed(0)} ms`);
      return [
        {
          name: `start to usable window, headless host, ${ledgerRows} ledger rows`,
          value: usable / 1000,
          unit: 's',
          reference: null,
          budget: 1.5,
          of: 'value',
          direction: 'below',
          note: `start: from the start of the process, keys unlocked by passphrase at their real cost, to figures and latest requests painted in an open chromium that had loaded its own pages; ${node.filled.ledgerRows} ledger rows, ${node.filled.stacks} stacks; the median of ${rounds} starts`,
        },
      ];
    } finally {
      await browser.close();
      await node.stop();
    }
  },
};
