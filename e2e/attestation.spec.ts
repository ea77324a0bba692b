/** Sampling consensus as its operator meets it: asked to check a stack, it is checked and attested by itself; an answer that differs asks, and a dispute needs a typed word and a confirmation outside the window. */
import { expect, test } from '@playwright/test';
import { electronPath, type ConsoleUnderTest, type HostKind } from './support/launch.ts';
import { createLook } from './support/look.ts';
import { confirmProposal, openPage } from './support/operator.ts';
import { launchReadyNode } from './support/ready-node.ts';

test.describe.configure({ mode: 'serial', timeout: 300_000 });

let console: ConsoleUnderTest;
/** Several stacks are bought, served by one node and drawn for the other before the wanted one comes. */
const untilDrawn = { timeout: 150_000 };

test.beforeAll(async ({}, info) => {
  const kind = info.project.name as HostKind;
  test.skip(kind === 'electron' && electronPath() === null, 'Electron is not installed and could not be fetched');
  console = await launchReadyNode(kind);
});
test.afterAll(async () => {
  await console?.stop();
});

test('is asked to check a stack, runs it again and attests by itself', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  await openPage(page, 'Attestations');
  await expect(page.getByText('Nothing to check and nobody checks this node.')).toBeVisible();
  await look(page, 'attestations-empty');

  await openPage(page, 'Tasks');
  await page.getByRole('link', { name: 'Open task #2' }).click();
  const panel = page.getByRole('dialog');
  await panel.getByRole('textbox', { name: /^Least price/ }).fill('90');
  await panel.getByRole('button', { name: 'Preview subscription' }).click();
  await confirmProposal(console, 'Subscribe');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click();

  await openPage(page, 'Network');
  await expect(page.getByRole('region', { name: 'Second node' }).getByText('Running')).toBeVisible({ timeout: 60_000 });
  await page.getByLabel('Attestors are drawn for').selectOption({ label: 'every stack' });
  await expect(page.getByText('The contract draws by the new settings.')).toBeVisible();
  await page.getByLabel('Requests per minute').fill('600');
  await page.getByLabel('Units per stack').fill('1000');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByText('Demand changed.')).toBeVisible();
  const [first, second] = [page.getByRole('switch', { name: /^Task #1/ }), page.getByRole('switch', { name: /^Task #2/ })];
  await second.click();
  await expect(second).toBeChecked();
  await first.click();
  await expect(first).not.toBeChecked();

  await openPage(page, 'Attestations');
  await expect(page.getByRole('region', { name: 'Ended' }).getByText('Attested').first()).toBeVisible(untilDrawn);
  await expect(page.getByRole('region', { name: 'Checks before settling' }).getByText('Agrees').first()).toBeVisible(untilDrawn);
  await look(page, 'attestations');
});

test('asks when an answer differs, and disputes only after a typed word and a confirmation', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  await openPage(page, 'Network');
  await page.getByLabel('Behaviour').selectOption({ label: 'Wrong' });

  await openPage(page, 'Attestations');
  const asking = page.getByRole('article').filter({ hasText: 'Asks you' }).filter({ hasText: 'another answer' }).first();
  await expect(asking).toBeVisible(untilDrawn);
  const [stack = ''] = /#\d+/.exec(await asking.getByRole('heading').innerText()) ?? [];
  await asking.getByRole('link').click();
  const panel = page.getByRole('dialog');
  await expect(panel.getByRole('heading', { name: 'Silence' })).toBeVisible();
  await expect(panel.getByText('differs', { exact: false }).first()).toBeVisible();
  await look(page, 'attestation-panel');

  await panel.getByRole('button', { name: 'Dispute', exact: true }).click();
  const goOn = page.getByRole('button', { name: 'Go on to the confirmation' });
  await expect(goOn).toBeDisabled();
  await page.getByLabel('Type DISPUTE to go on').fill('DISPUTE');
  await look(page, 'dispute');
  await goOn.click();
  await confirmProposal(console, 'Freeze the stack', look);
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click();
  await expect(page.getByRole('article', { name: new RegExp(`${stack}$`) }).getByText('In dispute', { exact: true })).toBeVisible();
});
