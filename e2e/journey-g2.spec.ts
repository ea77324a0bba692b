/** The main journey on the newer contract, as its operator meets it: Sandbox G2 is chosen, USDC earned at a price per million units, settled, claimed after one epoch; the same on both hosts. */
import { expect, test } from '@playwright/test';
import { electronPath, launchConsole, type ConsoleUnderTest, type HostKind } from './support/launch.ts';
import { createLook } from './support/look.ts';
import { confirmProposal, createKey, openPage, waitForState } from './support/operator.ts';

test.describe.configure({ mode: 'serial' });

let console: ConsoleUnderTest;
/** Twenty USDC for a million units: a stack of a thousand units is worth 0.02. */
const price = '20000000';

test.beforeAll(async ({}, info) => {
  const kind = info.project.name as HostKind;
  test.skip(kind === 'electron' && electronPath() === null, 'Electron is not installed and could not be fetched');
  console = await launchConsole(kind);
});
test.afterAll(async () => {
  await console?.stop();
});

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
