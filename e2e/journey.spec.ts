/** The life of a node as its operator meets it, from first start to a claimed amount, then pause, a lost link, a restart, and leaving; the same on both hosts. */
import { randomBytes } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { parse } from 'csv-parse/sync';
import { startModelHost } from '../src-main/models/testing/model-host-server.ts';
import { launchConsole } from './support/launch.ts';
import { createLook } from './support/look.ts';
import { confirmProposal, createKey, enterCosts, openPage, openSettings, unlock, waitForState } from './support/operator.ts';
import { readLedger } from './support/read-ledger.ts';
import { savedFile } from './support/saved-file.ts';
import { shareConsole } from './support/share-console.ts';

test.describe.configure({ mode: 'serial' });

const console = shareConsole(launchConsole);

test('first start to READY in seven steps', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  const step = (name: string) => expect(page.getByRole('heading', { level: 1, name })).toBeVisible();

  await step('Choose a network');
  await look(page, 'setup-1-network');
  await page.getByRole('button', { name: 'Continue' }).click();

  await step('Make the key of this node');
  await look(page, 'setup-2-key');
  await createKey(console, look);

  await step('Check this machine');
  await expect(page.getByRole('button', { name: 'Continue' })).toBeEnabled();
  await look(page, 'setup-3-machine');
  await page.getByRole('button', { name: 'Continue' }).click();

  await step('Fund the wallet');
  await look(page, 'setup-4-funds');
  await page.getByRole('button', { name: 'Get test tokens' }).click();

  await step('Register the node');
  await expect(page.getByText('What it costs now')).toBeVisible();
  await look(page, 'setup-5-register');
  await confirmProposal(console, 'Register node', look);

  await step('Pick a task and a price');
  await expect(page.getByText('is on disk')).toBeVisible();
  await look(page, 'setup-6-task');
  await confirmProposal(console, 'Subscribe');

  await step('Start earning');
  await look(page, 'setup-7-start');
  await page.getByRole('button', { name: 'Start earning' }).click();
  await waitForState(page, /READY|EXECUTING/);
});

test('earns and claims by itself, down to the dashboard', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  await openPage(page, 'Network');
  await page.getByLabel('Requests per minute').fill('600');
  await page.getByLabel('Units per stack').fill('1000');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByText('Demand changed.')).toBeVisible();
  await look(page, 'network');

  await openPage(page, 'Stacks');
  const inChallenge = page.getByRole('region', { name: /In challenge/ }).getByText(/^Stack #\d+$/);
  await expect(inChallenge.first()).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('A stack settles by itself from 95 % of its units on')).toBeVisible();
  await expect(page.getByRole('region', { name: /^Working/ }).getByText(/awaits? (its|their) acknowledgement|No request yet|[Ss]ettles by itself/).first()).toBeVisible();
  await look(page, 'stacks');

  await openPage(page, 'Network');
  await page.getByRole('button', { name: 'Skip an epoch' }).click();
  await expect(page.getByText('Skipped 1 epoch.')).toBeVisible();
  await page.getByRole('button', { name: 'Skip an epoch' }).click();

  await openPage(page, 'Stacks');
  await expect(
    page
      .getByRole('region', { name: /^Claimed/ })
      .getByText(/^Stack #\d+$/)
      .first(),
  ).toBeVisible({ timeout: 60_000 });

  await openPage(page, 'Network');
  for (const total of ['Requests failed', 'Answers rejected']) {
    await expect(
      page.getByRole('region', { name: 'Since the start' }).locator('dt', { hasText: total }).locator('+ dd'),
    ).toHaveText('0');
  }

  await openPage(page, 'Dashboard');
  const claimed = page.getByRole('region', { name: 'Claimed, all' });
  await expect(claimed).toContainText(/0\.0\d*[1-9]/);
  const machine = page.getByRole('region', { name: 'Machine' });
  await expect(machine.locator('dt', { hasText: 'Model in memory' }).locator('+ dd')).toHaveText('sandbox/tiny-chat');
  await expect(machine.locator('dt', { hasText: 'Speed of the last answer' }).locator('+ dd')).toHaveText(/^[\d.,]+ tok\/s$/);
  // Where a figure comes from and how old it is, for the mouse and for the keyboard.
  const [amount, origin] = [claimed.locator('.amount'), page.getByRole('tooltip').filter({ hasText: 'base units' })];
  await amount.hover();
  await expect(origin).toContainText(/From chain · read .*/);
  await page.mouse.move(0, 0);
  await expect(origin).toHaveCount(0);
  await amount.focus();
  await expect(origin).toContainText(/From chain · read .*/);
  await amount.blur();
  await look(page, 'dashboard');
});

test('shows every request with its proof', async ({}, info) => {
  const { page } = console;
  await openPage(page, 'Jobs');
  const rows = page.getByRole('table').getByRole('row');
  await expect(rows.nth(1)).toBeVisible();
  await createLook(info)(page, 'jobs');
  await page
    .getByRole('link', { name: /^Open request of/ })
    .first()
    .click();
  await expect(page.getByText('Request id')).toBeVisible();
  await createLook(info)(page, 'job-panel');
  await page.keyboard.press('Escape');
});

test('shows every task with what a price would have got, and changes the offer', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  await openPage(page, 'Tasks');
  await expect(page.getByRole('link', { name: 'Open task #1' })).toBeVisible();
  await look(page, 'tasks');
  await page.getByRole('link', { name: 'Open task #1' }).click();
  const panel = page.getByRole('dialog');
  await expect(panel.getByRole('region', { name: 'Price lab' }).getByText(/of \d+ stacks/)).toBeVisible();
  await look(page, 'task-panel');
  await panel.getByRole('textbox', { name: /^Least price/ }).fill('90');
  await panel.getByRole('button', { name: 'Preview change' }).click();
  await expect(panel.getByText('What it costs now')).toBeVisible();
  await look(page, 'task-preview');
  await confirmProposal(console, 'Change subscription');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await expect(
    page
      .getByRole('row', { name: /Open task #1/ })
      .getByRole('cell', { name: '90', exact: true })
      .first(),
  ).toBeVisible();
});

test('says why it earns nothing, and mends it', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  await page.getByRole('button', { name: 'Pause' }).click();
  await waitForState(page, /IDLE/);
  await page.getByRole('link', { name: 'Why?' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'One rule stands in the way.' })).toBeVisible();
  await look(page, 'why-idle');
  await page.getByRole('region', { name: 'Machine' }).getByRole('button', { name: 'Resume' }).click();
  await waitForState(page, /READY|EXECUTING/);
  await expect(page.getByRole('status').filter({ hasText: 'Nothing stands in the way.' })).toBeVisible();
});

test('gets a model from a host that stalls, mends nothing that is whole, and removes it', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  const repo = 'example/assistant';
  const graph = randomBytes(40_000_000);
  const host = await startModelHost({
    repo,
    commit: randomBytes(20).toString('hex'),
    files: [
      { path: 'config.json', bytes: new TextEncoder().encode('{}') },
      { path: 'onnx/model.onnx', bytes: graph, lfs: true },
    ],
  });
  await openPage(page, 'Models');
  await page.getByLabel('Host or mirror').fill(host.url);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.getByRole('button', { name: 'Get a model' }).click();
  await page.getByLabel('Name of the model').fill(repo);
  await page.getByRole('button', { name: 'Look it up' }).click();
  await expect(page.getByRole('button', { name: 'Download' })).toBeVisible();
  await look(page, 'models-get');
  host.fault = (path) => (path === 'onnx/model.onnx' ? { kind: 'stall', afterBytes: 9_000_000 } : null);
  await page.getByRole('button', { name: 'Download' }).click();
  await expect(page.getByText('Fetching onnx/model.onnx')).toBeVisible();
  await look(page, 'models-downloading');
  await page.getByRole('button', { name: `Pause ${repo}` }).click();
  await expect(page.getByText('Paused', { exact: true })).toBeVisible();
  host.fault = () => null;
  await page.getByRole('button', { name: `Resume ${repo}` }).click();
  const card = page.getByRole('region', { name: repo });
  await expect(card.getByText('Ready')).toBeVisible({ timeout: 60_000 });
  await look(page, 'models');
  const asked = host.seen.length;
  await page.getByRole('button', { name: `Check and mend ${repo}` }).click();
  await expect(card.getByText('2 files verified')).toBeVisible();
  expect(host.seen.length).toBe(asked);
  await page.getByRole('button', { name: `Remove ${repo}` }).click();
  await look(page, 'models-remove');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText(`${repo} was removed.`)).toBeVisible();
  await host.close();
});

test('counts what the work brought and cost, and exports the ledger', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  await openPage(page, 'Economics');
  await expect(page.getByRole('region', { name: 'Gross' })).toContainText(/0\.0\d*[1-9]/);
  await expect(page.getByRole('region', { name: 'Net', exact: true })).toContainText(/Unknown.*Needs the rates, watts and the tariff/);
  await expect(page.getByRole('region', { name: 'Electricity' })).toContainText('Set watts and tariff below');
  await enterCosts(page);
  await expect(page.getByRole('table', { name: 'What each day brought' }).getByRole('row')).not.toHaveCount(1);
  await look(page, 'economics');
  // What an amount rests on shows under the pointer and under the keyboard.
  const told = (text: RegExp) => expect(page.getByRole('tooltip').filter({ hasText: text })).toBeVisible();
  const claim = page.getByRole('table', { name: 'Ledger' }).getByRole('row', { name: /Claim/ }).first();
  await claim.locator('.fiat').hover();
  await told(/€0\.50 · manual/);
  await claim.locator('.amount').focus();
  await told(/base units.*From chain · booked/);
  await page.getByRole('region', { name: 'Gross' }).locator('.amount').hover();
  await told(/base units.*From this computer · read/);
  await page.getByRole('region', { name: 'Net', exact: true }).locator('.fiat').hover();
  await told(/Gross less electricity and gas/);
  await page.mouse.move(0, 0);

  const before = await readLedger(page);
  const { name, text } = await savedFile(console, (shown) => shown.getByRole('button', { name: 'Export as CSV' }).click());
  const after = await readLedger(page);
  expect(name).toBe('ledger.csv');
  expect(text.split('\r\n')[0]).toBe(
    'time,digest,event_index,stack,task,amount_base_units,amount,coin,kind,fiat,rate,rate_source',
  );
  // Read back it is the ledger, newest first; what was booked while it was written may stand on top of it.
  const exported = parse(text, { columns: true }) as unknown[];
  expect(exported.length).toBeGreaterThanOrEqual(before.length);
  expect(exported).toEqual(after.slice(after.length - exported.length));
  expect(exported).toContainEqual(expect.objectContaining({ kind: 'claim', coin: 'TOMA', rate: '0.5 EUR', rate_source: 'manual' }));
});

test('pauses and resumes', async () => {
  const { page } = console;
  await page.getByRole('button', { name: 'Pause' }).click();
  await waitForState(page, /IDLE/);
  await expect(page.getByTestId('state-reason')).toHaveText('paused by you');
  await page.getByRole('button', { name: 'Resume' }).click();
  await waitForState(page, /READY|EXECUTING/);
});

test('says that the link is lost and comes back', async () => {
  const { page } = console;
  await openPage(page, 'Network');
  await page.getByLabel('Drop the link').click();
  await waitForState(page, /IDLE/);
  await expect(page.getByTestId('state-reason')).toHaveText('no link to the coordinator; connecting');
  await page.getByLabel('Drop the link').click();
  await waitForState(page, /READY|EXECUTING/);
});

test('says that the chain is down, keeps the last figures with their age, and recovers', async ({}, info) => {
  const { page } = console;
  await openPage(page, 'Network');
  await page.getByLabel('Chain down').click();
  await expect(page.getByRole('button', { name: 'Chain: Does not answer' })).toBeVisible({ timeout: 60_000 });
  await openPage(page, 'Dashboard');
  // Unknown is never zero: what was claimed stays on the screen.
  await expect(page.getByRole('region', { name: 'Claimed, all' })).toContainText(/0\.0\d*[1-9]/);
  await createLook(info)(page, 'dashboard-chain-down');
  await openPage(page, 'Network');
  await page.getByLabel('Chain down').click();
  await expect(page.getByRole('button', { name: 'Chain: Answers', exact: true })).toBeVisible({ timeout: 60_000 });
});

test('settings show keys, policies, wallet and logs', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  for (const section of ['Network', 'Keys', 'Wallet', 'Policies', 'Machine', 'Appearance', 'Logs', 'About']) {
    await openSettings(page, section);
    if (section === 'Keys')
      await expect(
        page.getByText(console.kind === 'electron' ? /^Keychain: / : /^Sealed file under a passphrase/),
      ).toBeVisible();
    if (section === 'Logs') await expect(page.getByText('state.transition').first()).toBeVisible();
    await look(page, `settings-${section.toLowerCase()}`);
  }
});

test('continues after a restart', async () => {
  await console.restart();
  await unlock(console);
  await waitForState(console.page, /READY|EXECUTING/);
});

test('leaves, and comes back while that is possible', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  await openPage(page, 'Leave');
  await look(page, 'leave');
  await page.getByRole('button', { name: 'Leave the network' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Type LEAVE to start').fill('LEAVE');
  await look(page, 'leave-sheet');
  await sheet.getByRole('button', { name: 'Start leaving' }).click();
  await waitForState(page, /UNSTAKING/);
  await expect(page.getByRole('button', { name: 'Cancel leaving' })).toBeVisible();
  await look(page, 'leave-under-way');
  await page.getByRole('button', { name: 'Cancel leaving' }).click();
  await waitForState(page, /READY|EXECUTING/);
});

test('leaves for good: step by step by chain time, until the collateral is back', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  await openPage(page, 'Network');
  const buying = page.getByRole('switch', { name: /^Buyers send requests/ });
  await buying.click();
  await expect(buying).not.toBeChecked();
  const skip = async (button: string, epochs: RegExp): Promise<void> => {
    await openPage(page, 'Network');
    await page.getByRole('button', { name: button }).click();
    await expect(page.getByText(epochs)).toBeVisible();
    await openPage(page, 'Leave');
  };
  const current = page.locator('[aria-current="step"]');

  await openPage(page, 'Leave');
  await expect(page.getByRole('region', { name: 'What can still be taken' })).toContainText('Open requests to check a stack');
  await page.getByRole('button', { name: 'Leave the network' }).click();
  await page.getByRole('dialog').getByLabel('Type LEAVE to start').fill('LEAVE');
  await page.getByRole('dialog').getByRole('button', { name: 'Start leaving' }).click();
  await waitForState(page, /UNSTAKING/);
  // Every stack is settled by itself; two epochs end their windows, and the day of grace with them.
  await expect(current).toContainText('Wait out challenge windows', { timeout: 90_000 });
  await skip('Skip an epoch', /^Skipped 1 epoch/);
  await skip('Skip an epoch', /^Skipped 1 epoch/);
  await expect(page.getByText('Leaving can no longer be cancelled', { exact: false })).toBeVisible({ timeout: 90_000 });
  await expect(current).toContainText('Cooldown');
  await expect(page.getByRole('region', { name: 'Time left' })).toContainText('Collateral unlocks in4 epochs');
  await look(page, 'leave-cooldown');
  await skip('Skip a week (7 epochs)', /^Skipped 7 epochs/);
  await expect(page.getByText('This node has left the network.')).toBeVisible({ timeout: 90_000 });
  await waitForState(page, /IDLE/);
  await expect(page.getByTestId('state-reason')).toHaveText('this node has left the network');
  await look(page, 'leave-left');
  await page.getByRole('link', { name: 'Open the wallet' }).click();
  await expect(page.getByRole('table', { name: 'History' }).getByRole('row', { name: /Collateral returned/ })).toBeVisible();
});
