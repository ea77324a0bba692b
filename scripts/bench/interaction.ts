/** How long the window takes to answer a press, a key or a turn of the wheel while 100 events a second are pushed to it over a ledger of 1,000,000 rows (issue: p95 interaction under 100 ms). */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Page } from '@playwright/test';
import type { Benchmark } from './benchmark.ts';
import { makeLongLivedNode } from './long-lived-node.ts';
import { median, percentile } from './statistics.ts';

const ledgerRows = 1_000_000;
const eventsPerSecond = 100;
const rounds = 5;
/** The browser tells of no event that is shorter; such a one counts as this long. */
const shortestMs = 16;
const slowestShown = 6;
const root = join(import.meta.dirname, '../..');
const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

function startHost(flags: readonly string[]): Promise<{ child: ChildProcess; link: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'busy-host.ts'), String(eventsPerSecond), ...flags], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const link = /https?:\/\/\S+/.exec(line)?.[0];
      if (link !== undefined) resolve({ child, link });
    });
    child.on('exit', (code) => reject(new Error(`the host ended with code ${code}`)));
  });
}

async function endHost(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  await ended;
}

/** One press, key or turn of the wheel: milliseconds from the input to the paint that shows its effect. */
type Answer = { kind: string; at: string; ms: number };
type Measured = { presses: number; slow: Record<number, Answer>; wheel: Answer[]; events: number };

/** Runs in the page before its scripts: notes what the browser tells of each interaction, and how many events were pushed. */
function watch(minimumMs: number): void {
  type EventTiming = PerformanceEntry & { interactionId: number; target: Element | null };
  const measured: Measured = { presses: 0, slow: {}, wheel: [], events: 0 };
  Object.assign(window, { measured });
  const nameOf = (target: unknown): string => (target instanceof Element ? `${location.hash || location.pathname} ${target.tagName.toLowerCase()} ${(target.getAttribute('aria-label') ?? target.textContent ?? '').slice(0, 24)}` : location.pathname);
  // All events of one press count as one interaction; its longest event is its answer (Interaction to Next Paint).
  new PerformanceObserver((list) => {
    for (const { interactionId, duration, name, target } of list.getEntries() as EventTiming[]) {
      if (interactionId !== 0 && duration > (measured.slow[interactionId]?.ms ?? 0)) measured.slow[interactionId] = { kind: name, at: nameOf(target), ms: duration };
    }
  }).observe({ type: 'event', durationThreshold: minimumMs, buffered: true } as PerformanceObserverInit);
  for (const type of ['pointerdown', 'keydown'] as const) window.addEventListener(type, ({ isTrusted }) => void (measured.presses += isTrusted ? 1 : 0), { capture: true });
  // The wheel is no interaction to the browser: for it the frame that follows is waited for.
  window.addEventListener('wheel', ({ timeStamp, target }) => requestAnimationFrame(() => setTimeout(() => measured.wheel.push({ kind: 'wheel', at: nameOf(target), ms: performance.now() - timeStamp }), 0)), { capture: true, passive: true });
  const Real = window.EventSource;
  window.EventSource = class extends Real {
    constructor(url: string | URL, init?: EventSourceInit) {
      super(url, init);
      this.addEventListener('message', () => void (measured.events += 1));
    }
  };
}

/** What an operator does on the pages with long lists. */
async function useConsole(page: Page): Promise<void> {
  const open = async (name: string): Promise<void> => {
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
  };
  const scroll = async (group: string): Promise<void> => {
    const list = page.getByRole('group', { name: group, exact: true });
    await list.focus();
    for (let press = 0; press < 4; press += 1) await page.keyboard.press('PageDown');
    await page.keyboard.press('End');
    await list.hover();
    for (let turn = 0; turn < 6; turn += 1) await page.mouse.wheel(0, turn < 4 ? 500 : -900);
    await page.keyboard.press('Home');
  };
  await open('Jobs');
  await page.getByLabel('Stack', { exact: true }).pressSequentially('4711');
  await page.getByRole('link', { name: /^Open request of/ }).first().click();
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByLabel('Stack', { exact: true }).fill('');
  await page.getByRole('link', { name: /^Open request of/ }).nth(9).waitFor();
  await page.getByRole('button', { name: 'Show more' }).click();
  await scroll('Jobs');
  await open('Wallet');
  await page.getByRole('table', { name: 'History' }).waitFor();
  await page.getByRole('button', { name: 'Amount' }).click();
  await scroll('History');
  await open('Stacks');
  await open('Economics');
  await page.getByRole('table', { name: 'Ledger' }).waitFor();
  await scroll('Ledger');
  await open('Tasks');
  await open('Dashboard');
}

export const interaction: Benchmark = {
  name: 'interaction',
  run: async ({ folder, log }) => {
    if (!existsSync(join(root, 'out/renderer/index.html'))) return { omitted: 'the console is not built (npm run build)' };
    const executablePath = browsers.find((path) => existsSync(path));
    if (executablePath === undefined) return { omitted: 'there is no chromium (apt-get install chromium)' };
    const node = await makeLongLivedNode(ledgerRows, { dataDir: folder('interaction'), sandboxDir: folder('interaction-network') });
    const browser = await chromium.launch({ executablePath, args: ['--disable-dev-shm-usage'] });
    const host = await startHost(node.flags);
    try {
      const page = await (await browser.newContext({ viewport: { width: 1280, height: 860 }, reducedMotion: 'reduce' })).newPage();
      // Opening a ledger of this size is measured elsewhere; here it must only come.
      page.setDefaultTimeout(120_000);
      await page.addInitScript(watch, shortestMs);
      await page.goto(host.link);
      await page.getByRole('heading', { level: 1, name: 'Dashboard' }).waitFor();
      const startedAt = performance.now();
      const eventsBefore = await page.evaluate(() => (window as unknown as { measured: Measured }).measured.events);
      for (let round = 0; round < rounds; round += 1) await useConsole(page);
      const seconds = (performance.now() - startedAt) / 1_000;
      const measured = await page.evaluate(() => (window as unknown as { measured: Measured }).measured);
      const slow = [...Object.values(measured.slow), ...measured.wheel];
      const answers = [...slow.map(({ ms }) => ms), ...Array.from({ length: Math.max(0, measured.presses - Object.keys(measured.slow).length) }, () => shortestMs)];
      const pushed = (measured.events - eventsBefore) / seconds;
      log(`${measured.presses} presses and keys and ${measured.wheel.length} turns of the wheel in ${seconds.toFixed(0)} s, ${pushed.toFixed(0)} events a second; median ${median(answers).toFixed(0)} ms`);
      for (const { kind, at, ms } of slow.sort((a, b) => b.ms - a.ms).slice(0, slowestShown)) log(`${ms.toFixed(0)} ms: ${kind} at ${at}`);
      return [
        {
          name: `interaction over ${ledgerRows} ledger rows at ${eventsPerSecond} events a second, p95`,
          value: percentile(answers, 0.95),
          unit: 'ms',
          reference: null,
          budget: 100,
          of: 'value',
          direction: 'below',
          note: `interaction: from the input to the paint that follows it, as the browser's event timing tells it, over ${answers.length} presses, keys and turns of the wheel on six pages of the headless host; ${node.filled.ledgerRows} ledger rows, ${node.filled.stacks} stacks; ${pushed.toFixed(0)} events a second reached the window`,
        },
      ];
    } finally {
      await browser.close();
      await endHost(host.child);
      await node.stop();
    }
  },
};
