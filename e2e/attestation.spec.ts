/** Sampling consensus as its operator meets it: asked to check a stack, it is checked and attested by itself; an own stack that another node attested is paid; an answer that differs asks, and a dispute needs a typed word and a confirmation outside the window; an own stack that was disputed says what is lost. */
import { expect, test, type Locator } from '@playwright/test';
import { createLook } from './support/look.ts';
import { confirmProposal, openPage } from './support/operator.ts';
import { launchReadyNode } from './support/ready-node.ts';
import { savedFile } from './support/saved-file.ts';
import { shareConsole } from './support/share-console.ts';

test.describe.configure({ mode: 'serial', timeout: 600_000 });

const console = shareConsole(launchReadyNode);
/** Several stacks are bought, served by one node and drawn for the other before the wanted one comes. */
const untilDrawn = { timeout: 240_000 };

/** Rows of own stacks that were settled, by where they stand with their attestors. */
const ownRows = (state: string) => console.page.getByRole('table', { name: 'Own stacks that others check' }).getByRole('row').filter({ hasText: state });
/** Opens the panel of a row's stack; returns the stack's number. */
async function openStackOf(row: Locator): Promise<string> {
  const link = row.getByRole('link', { name: /^Details of stack #\d+$/ });
  const number = (await link.innerText()).trim();
  await link.click();
  await expect(console.page.getByRole('dialog').getByRole('heading', { name: 'Own stack, checked by others' })).toBeVisible();
  return number;
}
/** The card of a stack in a column of the page Stacks; of more than six cards the rest is folded. */
async function cardOf(column: RegExp, stack: string): Promise<Locator> {
  const region = console.page.getByRole('region', { name: column });
  await expect(region.getByText(/^Stack #\d+$/).first()).toBeVisible({ timeout: 90_000 });
  const card = region.getByRole('article', { name: `Stack ${stack}`, exact: true });
  const rest = region.getByRole('button', { name: /^Show all/ });
  await expect(card.or(rest).first()).toBeVisible();
  if (!(await card.isVisible())) await rest.click();
  await expect(card).toBeVisible();
  return card;
}
/** Buyers begin or stop; what is under way is finished either way. */
async function setBuying(on: boolean): Promise<void> {
  const { page } = console;
  await openPage(page, 'Network');
  const buying = page.getByRole('switch', { name: /^Buyers send requests/ });
  await buying.click();
  await expect(buying).toBeChecked({ checked: on });
}

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

test('is paid for an own stack that the other node attested, once its window is over', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  await openPage(page, 'Network');
  const other = await page.getByRole('region', { name: 'Second node' }).locator('dt', { hasText: 'Number on chain' }).locator('+ dd').innerText();

  await openPage(page, 'Attestations');
  const answered = ownRows('Everybody answered').filter({ has: page.getByRole('cell', { name: other, exact: true }) }).first();
  await expect(answered).toBeVisible(untilDrawn);
  const stack = await openStackOf(answered);
  const panel = page.getByRole('dialog');
  // The commitment of this node, the leaf of the other one, and that both fit.
  await expect(panel.getByText('Both proofs are the same.')).toBeVisible();
  await expect(panel.getByText('Leaf 1 on chain')).toBeVisible();
  await expect(panel.getByText('not answered')).toHaveCount(0);
  await look(page, 'attestation-own-panel');
  await panel.getByRole('button', { name: 'Close' }).first().click();

  await setBuying(false);
  for (let epoch = 0; epoch < 2; epoch += 1) {
    const skip = page.getByRole('button', { name: 'Skip an epoch' });
    await skip.click();
    await expect(page.getByText('Skipped 1 epoch.')).toBeVisible();
    await expect(skip).toBeEnabled();
  }
  await openPage(page, 'Stacks');
  const card = await cardOf(/^Claimed/, stack);
  await expect(card).toContainText(/0\.0\d*[1-9]/);
  await openPage(page, 'Dashboard');
  await expect(page.getByRole('region', { name: 'Claimed, all' })).toContainText(/0\.0\d*[1-9]/);
});

test('asks when an answer differs, and disputes only after a typed word and a confirmation', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  await setBuying(true);
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

test('shows an own stack that the other node disputed: what is lost, what it means, and the evidence', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  await openPage(page, 'Attestations');
  const row = ownRows('In dispute').first();
  await expect(row).toBeVisible(untilDrawn);
  const stack = await openStackOf(row);
  const panel = page.getByRole('dialog');
  await expect(panel.getByText('In dispute: nobody can claim this stack', { exact: false })).toBeVisible();
  await expect(panel.locator('dt', { hasText: 'Frozen in the treasury' }).locator('+ dd')).toContainText(/0\.0\d*[1-9]/);
  await expect(panel.getByText(/^Opened by node #\d+, over$/)).toBeVisible();
  // The wrong one is the other: the commitment on chain is still what this node's receipts give.
  await expect(panel.getByText('Both proofs are the same.')).toBeVisible();
  await look(page, 'attestation-own-dispute');
  const evidence = panel.getByRole('button', { name: 'Export evidence' });
  const saved = await savedFile(console, () => evidence.click());
  expect(saved.name).toBe(`stack-${stack.slice(1)}-evidence.json`);
  expect(JSON.parse(saved.text) as unknown).toMatchObject({ stack_small_id: stack.slice(1), ticket: { is_in_dispute: true }, disputes: [{ original_commitment: expect.any(String) }], settlement: { proof: expect.stringMatching(/^[0-9a-f]{64}$/) } });
  await panel.getByRole('button', { name: 'Close' }).first().click();
  await expect(page.getByRole('region', { name: 'What a dispute means' })).toBeVisible();

  await openPage(page, 'Stacks');
  const disputed = await cardOf(/^Disputed/, stack);
  await expect(disputed).toContainText(/dispute/i);
  await look(page, 'stacks-disputed');
  await openPage(page, 'Dashboard');
  // Of many alerts the rest is folded.
  const alert = page.getByText(`Stack ${stack} is in dispute.`, { exact: false }).first();
  const more = page.getByRole('button', { name: /^Show \d+ more$/ }).first();
  await expect(alert.or(more).first()).toBeVisible();
  if (!(await alert.isVisible())) await more.click();
  await expect(alert).toBeVisible();
});
