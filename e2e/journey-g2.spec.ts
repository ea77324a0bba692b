/** The main journey on the newer contract, as its operator meets it: Sandbox G2 is chosen, USDC earned at a price per million units, settled, claimed after one epoch; the same on both hosts. */
import { expect, test } from '@playwright/test';
import { launchConsole } from './support/launch.ts';
import { createLook, lookAtBoth } from './support/look.ts';
import { confirmProposal, createKey, openPage, waitForState } from './support/operator.ts';
import { shareConsole } from './support/share-console.ts';

test.describe.configure({ mode: 'serial' });

const console = shareConsole(launchConsole);
/** Twenty USDC for a million units: a stack of a thousand units is worth 0.02. */
const price = '20000000';

test('sets up on Sandbox G2: no collateral, USDC, a price per million units', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  const step = (name: string) => expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await step('Choose a network');
  await page.getByRole('radio', { name: /^Sandbox G2/ }).check();
  await look(page, 'g2-1-network');
  await page.getByRole('button', { name: 'Continue' }).click();
  await step('Make the key of this node');
  await createKey(console, async () => undefined);
  await step('Check this machine');
  await page.getByRole('button', { name: 'Continue' }).click();
  await step('Fund the wallet');
  await page.getByRole('button', { name: 'Get test tokens' }).click();
  await step('Register the node');
  await expect(page.getByText('What it costs now')).toBeVisible();
  await look(page, 'g2-5-register');
  await confirmProposal(console, 'Register node');
  await step('Pick a task and a price');
  const offered = page.getByRole('textbox', { name: /^Least price/ });
  await expect(offered).toBeVisible();
  await expect(page.getByText(/1,000,000 compute units/).first()).toBeVisible();
  await offered.fill(price);
  await look(page, 'g2-6-task');
  await confirmProposal(console, 'Subscribe');
  await page.getByRole('button', { name: 'Start earning' }).click();
  await waitForState(page, /READY|EXECUTING/);
});

test('earns, settles, and claims USDC after one epoch', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  await openPage(page, 'Network');
  await page.getByLabel('Requests per minute').fill('600');
  await page.getByLabel('Units per stack').fill('1000');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByText('Demand changed.')).toBeVisible();

  await openPage(page, 'Stacks');
  const inChallenge = page.getByRole('region', { name: /In challenge/ });
  await expect(inChallenge.getByText(/^Stack #\d+$/).first()).toBeVisible({ timeout: 60_000 });
  await expect(inChallenge).toContainText('USDC');
  await look(page, 'g2-stacks');
  await openPage(page, 'Network');
  await page.getByRole('button', { name: 'Skip an epoch' }).click();
  await expect(page.getByText('Skipped 1 epoch.')).toBeVisible();
  await openPage(page, 'Stacks');
  await expect(page.getByRole('region', { name: /^Claimed/ }).getByText(/^Stack #\d+$/).first()).toBeVisible({ timeout: 60_000 });

  await openPage(page, 'Dashboard');
  const claimed = page.getByRole('region', { name: 'Claimed, all' });
  await expect(claimed).toContainText(/0\.\d*[1-9]/);
  await expect(claimed).toContainText('USDC');
  await expect(page.getByRole('main')).not.toContainText('TOMA');
  await look(page, 'g2-dashboard');

  await openPage(page, 'Tasks');
  await expect(page.getByRole('row', { name: /Open task #1/ })).toContainText('20,000,000');
  await look(page, 'g2-tasks');
});

test('earns by another kind of work that buyers are told to ask for, and by functions', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  await openPage(page, 'Network');
  // There is no such task yet; the switch makes one, and becomes that task's.
  await page.getByRole('switch', { name: /^Embeddings/ }).click();
  await expect(page.getByRole('switch', { name: /^Task #3,/ })).toBeChecked();
  const functions = page.getByRole('switch', { name: /^WASM functions/ });
  await functions.click();
  await expect(functions).toBeChecked();
  await look(page, 'g2-network');

  await openPage(page, 'Tasks');
  await page.getByRole('link', { name: 'Open task #3' }).click();
  const panel = page.getByRole('dialog');
  await panel.getByRole('textbox', { name: /^Least price/ }).fill(price);
  await panel.getByRole('button', { name: 'Preview subscription' }).click();
  await confirmProposal(console, 'Subscribe');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click();

  await openPage(page, 'Jobs');
  await page.getByRole('radio', { name: 'Accepted', exact: true }).check();
  for (const kind of ['tiny-embed', 'wasm.run', 'tiny-chat'])
    await expect(page.getByRole('row').filter({ hasText: kind }).first()).toBeVisible({ timeout: 60_000 });
  await look(page, 'g2-jobs');
  // What was accepted is worth something on a stack of its own.
  await openPage(page, 'Stacks');
  await expect(page.getByRole('article').filter({ hasText: 'tiny-embed' }).filter({ hasText: /0\.\d*[1-9]/ }).first()).toBeVisible({ timeout: 60_000 });
});

test('finds tasks by word, filter and order, subscribes to several one after another, and ends an offer', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  await openPage(page, 'Network');
  for (const [role, id] of [['Vision', 4], ['Text to speech', 5]] as const) {
    await page.getByRole('switch', { name: new RegExp(`^${role}`) }).click();
    await expect(page.getByRole('switch', { name: new RegExp(`^Task #${id},`) })).toBeChecked();
  }

  await openPage(page, 'Tasks');
  const links = page.getByRole('link', { name: /^Open task #/ });
  await expect(links).toHaveCount(5);
  await page.getByRole('textbox', { name: 'Search' }).fill('vision');
  await expect(links).toHaveText(['#4']);
  await page.getByRole('textbox', { name: 'Search' }).fill('');
  await page.getByRole('radio', { name: 'Served', exact: true }).check();
  await expect(links).toHaveText(['#1', '#3']);
  const order = page.getByRole('columnheader', { name: 'Task', exact: true });
  await order.getByRole('button').click();
  await expect(order).toHaveAttribute('aria-sort', 'ascending');
  await order.getByRole('button').click();
  await expect(links).toHaveText(['#3', '#1']);
  await page.getByRole('radio', { name: 'All', exact: true }).check();
  await expect(links).toHaveText(['#5', '#4', '#3', '#2', '#1']);

  await page.getByRole('checkbox', { name: 'Select task #4' }).check();
  await page.getByRole('checkbox', { name: 'Select task #5' }).check();
  await page.getByRole('button', { name: 'Subscribe to selected' }).click();
  const sheet = page.getByRole('dialog');
  await expect(sheet.getByRole('heading', { name: 'Subscribe: 1 of 2' })).toBeVisible();
  await expect(sheet.getByText('What it costs now')).toBeVisible();
  await lookAtBoth(page, 'g2-tasks-batch', look);
  await confirmProposal(console, 'Subscribe');
  await sheet.getByRole('button', { name: 'Next task' }).click();
  await expect(sheet.getByRole('heading', { name: 'Subscribe: 2 of 2' })).toBeVisible();
  await confirmProposal(console, 'Subscribe');
  await sheet.getByRole('button', { name: 'Finish' }).click();
  await expect(sheet).toBeHidden();
  await page.getByRole('radio', { name: 'Served', exact: true }).check();
  await expect(links).toHaveText(['#5', '#4', '#3', '#1']);
  await look(page, 'g2-tasks-served');

  await page.getByRole('link', { name: 'Open task #5' }).click();
  await sheet.getByRole('button', { name: 'Unsubscribe' }).click();
  await confirmProposal(console, 'Unsubscribe');
  await sheet.getByRole('button', { name: 'Close' }).first().click();
  await expect(links).toHaveText(['#4', '#3', '#1']);
});
