/** Every screen with data, from the first step of the set-up to a node that has left; pictures only, nothing is compared. */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { startModelHost } from '../../src-main/models/testing/model-host-server.ts';
import { loaded, shoot } from '../support/gallery.ts';
import { launchConsole } from '../support/launch.ts';
import { confirmProposal, createKey, enterCosts, openPage, openSettings, waitForState } from '../support/operator.ts';
import { shareConsole } from '../support/share-console.ts';

test.describe.configure({ timeout: 1_800_000 });

let tools: string;
const path = process.env['PATH'] ?? '';
/** Stacks are bought, served and drawn before there is something to see. */
const slow = { timeout: 240_000 };

/** A card that a stand-in for nvidia-smi tells of. */
function tellCards(): void {
  const line = 'GPU-0, NVIDIA GeForce RTX 4090, 570.133.07, 24564, 1200, 12, 63, 92.5, 8.9, 450.00\n';
  writeFileSync(join(tools, 'nvidia-smi'), `#!/bin/sh\ncase "$1" in pmon) exit 1;; esac\nprintf '%s' '${line}'\n`, { mode: 0o755 });
}

const console = shareConsole(async (kind) => {
  tools = mkdtempSync(join(tmpdir(), 'console-tools-'));
  chmodSync(tools, 0o755);
  process.env['PATH'] = `${tools}${delimiter}${path}`;
  return launchConsole(kind);
});
test.afterAll(() => {
  process.env['PATH'] = path;
  if (tools !== undefined) rmSync(tools, { recursive: true, force: true });
});

const take = async (page: Page, name: string): Promise<void> => {
  await loaded(page);
  await page.evaluate(() => window.scrollTo(0, 0));
  await shoot(page, name);
};
/** A sheet lies over the page: its own end is what is looked at. */
const closeSheet = (page: Page): Promise<void> => page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click();

/** Walks through a part of the console, in this order. */
const parts: [name: string, walk: (page: Page) => Promise<void>][] = [];

parts.push(['set-up', async (page) => {
  const step = (name: string) => expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  await step('Choose a network');
  await take(page, 'setup-1-network');
  await page.getByRole('radio', { name: /^Another network/ }).check();
  await take(page, 'setup-1-network-custom');
  await page.getByRole('radio', { name: /^Sandbox/ }).first().check();
  await press('Continue');
  await step('Make the key of this node');
  await take(page, 'setup-2-key');
  await createKey(console, async (secure, name) => shoot(secure, name));
  await step('Check this machine');
  await expect(page.getByRole('button', { name: 'Continue' })).toBeEnabled();
  await take(page, 'setup-3-machine');
  await press('Continue');
  await step('Fund the wallet');
  await take(page, 'setup-4-funds');
  await press('Get test tokens');
  await step('Register the node');
  await expect(page.getByText('What it costs now')).toBeVisible();
  await take(page, 'setup-5-register');
  await confirmProposal(console, 'Register node', async (secure, name) => shoot(secure, name));
  await step('Pick a task and a price');
  await expect(page.getByText('is on disk')).toBeVisible();
  await take(page, 'setup-6-task');
  await confirmProposal(console, 'Subscribe');
  await step('Start earning');
  await take(page, 'setup-7-start');
  await press('Start earning');
  await waitForState(page, /READY|EXECUTING/);
}]);

parts.push(['a hardware page without and with a card', async (page) => {
  await openPage(page, 'Hardware');
  await expect(page.getByText('No GPU was found.')).toBeVisible();
  await take(page, 'hardware-empty');
  tellCards();
}]);

parts.push(['the second task and work for both nodes', async (page) => {
  await openPage(page, 'Tasks');
  await page.getByRole('link', { name: 'Open task #2' }).click();
  const panel = page.getByRole('dialog');
  await panel.getByRole('textbox', { name: /^Least price/ }).fill('90');
  await shoot(page, 'task-panel-no-buyers');
  await panel.getByRole('button', { name: 'Preview subscription' }).click();
  await expect(panel.getByText('What it costs now')).toBeVisible();
  await shoot(page, 'task-preview');
  await confirmProposal(console, 'Subscribe');
  await closeSheet(page);
  await openPage(page, 'Network');
  await expect(page.getByRole('region', { name: 'Second node' }).getByText('Running')).toBeVisible(slow);
  await page.getByLabel('Attestors are drawn for').selectOption({ label: 'every stack' });
  await expect(page.getByText('The contract draws by the new settings.')).toBeVisible();
  await page.getByLabel('Requests per minute').fill('600');
  await page.getByLabel('Units per stack').fill('1000');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByText('Demand changed.')).toBeVisible();
  const second = page.getByRole('switch', { name: /^Task #2/ });
  await second.click();
  await expect(second).toBeChecked();
  await take(page, 'network');
}]);

parts.push(['why idle', async (page) => {
  await page.getByRole('button', { name: 'Pause' }).click();
  await waitForState(page, /IDLE/);
  await page.getByRole('link', { name: 'Why?' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'One rule stands in the way.' })).toBeVisible();
  await take(page, 'why-idle');
  await page.getByRole('region', { name: 'Machine' }).getByRole('button', { name: 'Resume' }).click();
  await waitForState(page, /READY|EXECUTING/);
  await expect(page.getByRole('status').filter({ hasText: 'Nothing stands in the way.' })).toBeVisible();
  await take(page, 'why-idle-nothing');
}]);

parts.push(['a model on its way', async (page) => {
  const repo = 'example/assistant';
  const host = await startModelHost({
    repo,
    commit: randomBytes(20).toString('hex'),
    files: [
      { path: 'config.json', bytes: new TextEncoder().encode('{}') },
      { path: 'onnx/model.onnx', bytes: randomBytes(40_000_000), lfs: true },
    ],
  });
  await openPage(page, 'Models');
  await take(page, 'models');
  await page.getByLabel('Host or mirror').fill(host.url);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.getByRole('button', { name: 'Get a model' }).click();
  await page.getByLabel('Name of the model').fill(repo);
  await page.getByRole('button', { name: 'Look it up' }).click();
  await expect(page.getByRole('button', { name: 'Download' })).toBeVisible();
  await shoot(page, 'models-get');
  host.fault = (file) => (file === 'onnx/model.onnx' ? { kind: 'stall', afterBytes: 9_000_000 } : null);
  await page.getByRole('button', { name: 'Download' }).click();
  await expect(page.getByText('Fetching onnx/model.onnx')).toBeVisible();
  await take(page, 'models-downloading');
  await page.getByRole('button', { name: `Pause ${repo}` }).click();
  await expect(page.getByText('Paused', { exact: true })).toBeVisible();
  await take(page, 'models-paused');
  await host.close();
}]);

parts.push(['settings', async (page) => {
  for (const section of ['network', 'keys', 'wallet', 'policies', 'machine', 'engines', 'ingress', 'confidential', 'desktop', 'appearance', 'remote', 'diagnostics', 'logs', 'about']) {
    await page.evaluate((hash) => (location.hash = hash), `/settings/${section}`);
    await expect(page.getByRole('navigation', { name: 'Sections of settings' }).locator(`a[href$="/${section}"][aria-current]`)).toBeVisible();
    await take(page, `settings-${section}`);
  }
  await openSettings(page, 'Engines');
  await page.getByRole('button', { name: 'Add an engine' }).click();
  await shoot(page, 'settings-engines-add');
  await closeSheet(page);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await shoot(page, 'keys-list', ['wide']);
  await page.keyboard.press('Escape');
}]);

parts.push(['money in its columns', async (page) => {
  await openPage(page, 'Stacks');
  const inChallenge = page.getByRole('region', { name: /In challenge/ }).getByText(/^Stack #\d+$/);
  await expect(inChallenge.first()).toBeVisible(slow);
  await openPage(page, 'Network');
  await page.getByRole('button', { name: 'Skip an epoch' }).click();
  await expect(page.getByText('Skipped 1 epoch.')).toBeVisible();
  await page.getByRole('button', { name: 'Skip an epoch' }).click();
  await openPage(page, 'Stacks');
  await expect(page.getByRole('region', { name: /^Claimed/ }).getByText(/^Stack #\d+$/).first()).toBeVisible(slow);
  await take(page, 'stacks');
}]);

parts.push(['tasks, jobs, hardware, economics, wallet, dashboard', async (page) => {
  await openPage(page, 'Tasks');
  await take(page, 'tasks');
  await page.getByRole('link', { name: 'Open task #2' }).click();
  await expect(page.getByRole('dialog').getByText(/of \d+ stacks/)).toBeVisible();
  await shoot(page, 'task-panel');
  await page.keyboard.press('Escape');
  await openPage(page, 'Jobs');
  await take(page, 'jobs');
  await page.getByRole('link', { name: /^Open request of/ }).first().click();
  await expect(page.getByText('Request id')).toBeVisible();
  await shoot(page, 'job-panel');
  await page.keyboard.press('Escape');
  await openPage(page, 'Hardware');
  await expect(page.getByRole('region', { name: 'NVIDIA GeForce RTX 4090' })).toBeVisible({ timeout: 60_000 });
  await take(page, 'hardware');
  await openPage(page, 'Economics');
  await take(page, 'economics-unknown');
  await enterCosts(page);
  await take(page, 'economics');
  await openPage(page, 'Wallet');
  await take(page, 'wallet');
  await openPage(page, 'Fleet');
  await take(page, 'fleet-empty');
  await openPage(page, 'Dashboard');
  await take(page, 'dashboard');
}]);

parts.push(['a request to attest, and one that asks', async (page) => {
  await openPage(page, 'Attestations');
  await take(page, 'attestations-agreeing');
  await openPage(page, 'Network');
  await page.getByLabel('Behaviour').selectOption({ label: 'Wrong' });
  await openPage(page, 'Attestations');
  const asking = page.getByRole('article').filter({ hasText: 'Asks you' }).first();
  await expect(asking).toBeVisible(slow);
  await take(page, 'attestations');
  await asking.getByRole('link').click();
  await expect(page.getByRole('dialog').getByRole('heading', { name: 'Silence' })).toBeVisible();
  await shoot(page, 'attestation-panel');
  await page.getByRole('dialog').getByRole('button', { name: 'Dispute', exact: true }).click();
  await shoot(page, 'dispute');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
}]);

parts.push(['link lost, chain down', async (page) => {
  await openPage(page, 'Network');
  await page.getByLabel('Chain down').click();
  await expect(page.getByLabel('Chain down')).toBeChecked();
  await page.getByLabel('Drop the link').click();
  await expect(page.getByRole('button', { name: 'Chain: Does not answer' })).toBeVisible({ timeout: 60_000 });
  await waitForState(page, /IDLE/);
  await take(page, 'network-faults');
  await openPage(page, 'Dashboard');
  await take(page, 'dashboard-chain-down');
  await page.evaluate(() => (location.hash = '#/why-idle'));
  await take(page, 'why-idle-chain-down');
  await openPage(page, 'Network');
  await page.getByLabel('Chain down').click();
  await expect(page.getByLabel('Chain down')).not.toBeChecked();
  await page.getByLabel('Drop the link').click();
  await expect(page.getByRole('button', { name: 'Chain: Answers', exact: true })).toBeVisible({ timeout: 60_000 });
  await waitForState(page, /READY|EXECUTING/);
}]);

parts.push(['leaving', async (page) => {
  await openPage(page, 'Leave');
  await take(page, 'leave');
  await page.getByRole('button', { name: 'Leave the network' }).click();
  await page.getByRole('dialog').getByLabel('Type LEAVE to start').fill('LEAVE');
  await shoot(page, 'leave-sheet');
  await page.getByRole('dialog').getByRole('button', { name: 'Start leaving' }).click();
  await waitForState(page, /UNSTAKING/);
  await expect(page.getByRole('button', { name: 'Cancel leaving' })).toBeVisible();
  await take(page, 'leave-under-way');
  await openPage(page, 'Dashboard');
  await take(page, 'dashboard-leaving');
}]);

test('every screen', async () => {
  const missed: string[] = [];
  for (const [name, walk] of parts) {
    // A picture that is missing keeps none of the others from being taken.
    await walk(console.page).catch((error: unknown) => missed.push(`${name}: ${String(error).slice(0, 600)}`));
    await console.page.keyboard.press('Escape');
    await console.page.keyboard.press('Escape');
  }
  expect(missed).toEqual([]);
});
