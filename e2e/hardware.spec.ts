/** The machine as its operator meets it: no GPU teaches, cards show gauges and switches, heat and the schedule hold new work back and say so, the sandbox shows a hot GPU. A stand-in for the driver's tool tells of the cards. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { tmpdir } from 'node:os';
import { expect, test, type Page } from '@playwright/test';
import { createLook, lookAtBoth } from './support/look.ts';
import { openPage, waitForState } from './support/operator.ts';
import { launchReadyNode } from './support/ready-node.ts';
import { shareConsole } from './support/share-console.ts';

test.describe.configure({ mode: 'serial' });

/** The next reading, a state that follows from it, and the window's read of both. */
const untilRead = { timeout: 45_000 };
const path = process.env['PATH'] ?? '';
let tools: string;

/** What the stand-in for nvidia-smi prints from now on; each card as its temperature. */
function tellCards(temperatures: readonly number[]): void {
  const lines = temperatures.map((temp, index) => `GPU-${index}, NVIDIA GeForce RTX ${index === 0 ? '4090' : '3060'}, 570.133.07, ${index === 0 ? 24564 : 12288}, ${1_200 + index * 900}, ${12 + index * 30}, ${temp}, ${90.5 + index}, 8.9, ${index === 0 ? '450.00' : '[N/A]'}\n`);
  writeFileSync(join(tools, 'cards.csv'), lines.join(''), { mode: 0o644 });
}

const console = shareConsole(async (kind) => {
  tools = mkdtempSync(join(tmpdir(), 'console-tools-'));
  chmodSync(tools, 0o755);
  tellCards([]);
  writeFileSync(join(tools, 'nvidia-smi'), `#!/bin/sh\ncase "$1" in pmon) exit 1;; esac\nexec cat '${join(tools, 'cards.csv')}'\n`, { mode: 0o755 });
  process.env['CONSOLE_E2E_TOOLS'] = tools;
  process.env['PATH'] = `${tools}${delimiter}${path}`;
  return launchReadyNode(kind);
});
test.afterAll(() => {
  process.env['PATH'] = path;
  delete process.env['CONSOLE_E2E_TOOLS'];
  if (tools !== undefined) rmSync(tools, { recursive: true, force: true });
});

/** Pages are looked at from their beginning. */
const toTop = (page: Page): Promise<void> => page.evaluate(() => window.scrollTo(0, 0));

test('teaches where there is no GPU, and shows what was signed', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  await openPage(page, 'Hardware');
  await expect(page.getByText('No GPU was found.')).toBeVisible();
  const manifest = page.getByRole('region', { name: 'Capability manifest' });
  await manifest.getByText('As it was signed').click();
  await expect(manifest.getByText('"signature": "rsa(0x')).toBeVisible();
  await look(page, 'hardware-manifest');
  await toTop(page);
  await look(page, 'hardware-empty');
  await manifest.getByText('As it was signed').click();
});

test('shows each card with its gauges, and takes a card out of work by its switch', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  tellCards([47, 61]);
  const big = page.getByRole('region', { name: 'NVIDIA GeForce RTX 4090' });
  const small = page.getByRole('region', { name: 'NVIDIA GeForce RTX 3060' });
  await expect(small).toBeVisible(untilRead);
  await expect(big.getByText('47')).toBeVisible();
  await expect(big.getByText('1.2 GiB')).toBeVisible();
  await expect(small.getByRole('img', { name: /Temperature over time/ })).toBeVisible(untilRead);
  await toTop(page);
  await lookAtBoth(page, 'hardware', look);

  await small.getByRole('switch', { name: 'Takes work' }).click();
  await expect(small.getByText('Switched off')).toBeVisible();
  // A card that is off does not count, however hot it is.
  tellCards([48, 99]);
  await expect(small.getByText('99')).toBeVisible(untilRead);
  await waitForState(page, /READY|EXECUTING/);
  await page.getByRole('radio', { name: 'Last day' }).check();
  await expect(big.getByRole('img', { name: /Load over time/ })).toBeVisible();
  await page.getByRole('radio', { name: 'Last hour' }).check();
});

test('pauses for heat by the limits that were set, says so everywhere, and goes on when it is cool', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  const limits = page.getByRole('region', { name: 'Heat and other programs' });
  await limits.getByLabel('Pause at, in °C').fill('70');
  await limits.getByLabel('Go on at, in °C').fill('75');
  await expect(limits.getByText('A whole number from 30, below the other.')).toBeVisible();
  await limits.getByLabel('Go on at, in °C').fill('60');
  await limits.getByRole('button', { name: 'Save limits' }).click();
  await expect(page.getByText('Limits saved.')).toBeVisible();
  tellCards([72, 40]);
  await expect(page.getByText('A GPU is too hot. What runs finishes')).toBeVisible(untilRead);
  await waitForState(page, /IDLE/);
  await toTop(page);
  await look(page, 'hardware-hot');
  await page.goto(`${page.url().split('#')[0] ?? ''}#/why-idle`);
  await expect(page.getByText('A GPU was above 70 °C. Work goes on at 60 °C.')).toBeVisible();
  await openPage(page, 'Dashboard');
  await expect(page.getByText(/A GPU is too hot: 72 °C/)).toBeVisible();
  await toTop(page);
  await look(page, 'dashboard-hot');
  // Between the limits it stays paused; under the lower one it goes on and tells so.
  tellCards([58, 40]);
  await expect(page.getByText('The GPU has cooled down')).toBeVisible(untilRead);
  await waitForState(page, /READY|EXECUTING/);
});

test('works only at the hours of the schedule', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  await openPage(page, 'Hardware');
  const card = page.getByRole('region', { name: 'Schedule' });
  await card.getByRole('switch', { name: 'Work only at these hours' }).click();
  // A band of one minute, half a day away, on one day: now it is closed.
  const away = new Date(Date.now() + 12 * 3_600_000);
  const time = (minute: number): string => `${String(away.getHours()).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
  await card.getByLabel('From').fill(time(0));
  await card.getByLabel('Until').fill(time(1));
  await card.getByRole('button', { name: 'Save schedule' }).click();
  await expect(page.getByText('Schedule saved.')).toBeVisible();
  await expect(page.getByText(/The schedule allows no work before/)).toBeVisible(untilRead);
  await waitForState(page, /IDLE/);
  await card.scrollIntoViewIfNeeded();
  await lookAtBoth(page, 'hardware-schedule', look);
  await card.getByRole('switch', { name: 'Work only at these hours' }).click();
  await card.getByRole('button', { name: 'Save schedule' }).click();
  await waitForState(page, /READY|EXECUTING/);
});

test('keeps the order of providers that was chosen', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  const card = page.getByRole('region', { name: 'Where models run' });
  await card.getByRole('button', { name: 'Add WebGPU' }).click();
  await expect(card.getByText('You chose this order.')).toBeVisible();
  await expect(card.getByRole('list', { name: 'Order of providers' }).getByRole('listitem')).toHaveCount(2);
  await card.scrollIntoViewIfNeeded();
  await look(page, 'hardware-providers');
  await card.getByRole('button', { name: 'Follow the machine check' }).click();
  await expect(card.getByText('The order follows from the machine check')).toBeVisible();
});

test('shows the hot GPU of the sandbox as simulated', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  await openPage(page, 'Network');
  const fault = page.getByRole('switch', { name: 'Hot GPU' });
  await fault.click();
  await expect(fault).toBeChecked();
  await waitForState(page, /IDLE/);
  await openPage(page, 'Hardware');
  await expect(page.getByRole('region', { name: 'Simulated GPU' }).getByText('Simulated', { exact: true })).toBeVisible();
  await toTop(page);
  await look(page, 'hardware-simulated');
  await openPage(page, 'Network');
  await fault.click();
  await expect(fault).not.toBeChecked();
  await waitForState(page, /READY|EXECUTING/);
});
