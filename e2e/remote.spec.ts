/** Settings, Remote and Diagnostics, and the page Fleet: a token is shown once and ends when revoked, a bundle is shown line by line before it is saved, and a dead console blanks nothing. */
import { expect, test, type Page } from '@playwright/test';
import { electronPath, launchConsole, type ConsoleUnderTest, type HostKind } from './support/launch.ts';
import { createLook } from './support/look.ts';
import { confirmProposal, createKey, openPage, waitForState } from './support/operator.ts';

test.describe.configure({ mode: 'serial', timeout: 240_000 });

let console: ConsoleUnderTest;

test.beforeAll(async ({}, info) => {
  const kind = info.project.name as HostKind;
  test.skip(kind === 'electron' && electronPath() === null, 'Electron is not installed and could not be fetched');
  console = await launchConsole(kind);
  const { page } = console;
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  await press('Continue');
  await createKey(console, async () => undefined);
  await press('Continue');
  await press('Get test tokens');
  await confirmProposal(console, 'Register node');
  await confirmProposal(console, 'Subscribe');
  await press('Start earning');
  await waitForState(page, /READY|EXECUTING/);
});
test.afterAll(async () => {
  await console?.stop();
});

/** Opens a section whose cards have names of their own. */
async function openSection(page: Page, section: string): Promise<void> {
  await openPage(page, 'Settings');
  await page.getByRole('navigation', { name: 'Sections of settings' }).getByRole('link', { name: section, exact: true }).click();
}

/** Looks at a page as wide as a desk and as narrow as a telephone. */
async function lookAtBoth(page: Page, name: string, look: (page: Page, name: string) => Promise<void>): Promise<void> {
  await look(page, name);
  if (console.kind === 'electron') return;
  await page.setViewportSize({ width: 390, height: 844 });
  await look(page, `${name}-narrow`);
  await page.setViewportSize({ width: 1280, height: 860 });
}

async function makeToken(page: Page, name: string, scope: string): Promise<string> {
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('May read').selectOption({ label: scope });
  await page.getByRole('button', { name: 'Make a token' }).click();
  const secret = await page.getByText(/^ocr_/).textContent();
  return secret ?? '';
}

test('makes a token that reads, shows it once, and revokes it', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  await openSection(page, 'Remote');
  await expect(page.getByRole('heading', { name: 'Read-only tokens' })).toBeVisible();
  const token = await makeToken(page, 'prometheus', 'Metrics');
  expect(token).toMatch(/^ocr_[\w-]{43}$/);
  await lookAtBoth(page, 'remote', look);
  const origin = new URL(page.url()).origin;
  const scrape = () => fetch(`${origin}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  if (console.kind === 'headless') {
    await expect(page.getByText('This browser')).toBeVisible();
    const answer = await scrape();
    expect(answer.status).toBe(200);
    expect(await answer.text()).toMatch(/console_node_state\{state="(READY|EXECUTING)"\} 1/);
  }
  await page.getByRole('button', { name: 'I have copied it' }).click();
  await expect(page.getByText(token)).toHaveCount(0);
  await page.getByRole('button', { name: 'Revoke prometheus' }).click();
  await expect(page.getByText('There are no tokens.')).toBeVisible();
  if (console.kind === 'headless') expect((await scrape()).status).toBe(401);
});

test('lists a console beside a dead one', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  const origin = new URL(page.url()).origin;
  await openSection(page, 'Remote');
  const token = await makeToken(page, 'desk', 'Fleet summary');
  await openPage(page, 'Fleet');
  await look(page, 'fleet-empty');
  const add = async (name: string, url: string): Promise<void> => {
    await page.getByRole('button', { name: 'Add a console' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel('Name').fill(name);
    await sheet.getByLabel('Address').fill(url);
    await sheet.getByLabel('Token').fill(token);
    await sheet.getByRole('button', { name: 'Add', exact: true }).click();
  };
  await add('elsewhere', 'http://rig.example:4100');
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('https://');
  await page.getByRole('button', { name: 'Close' }).click();
  await add('dead rig', 'http://127.0.0.1:9');
  await expect(page.getByText('Not reachable')).toBeVisible();
  if (console.kind === 'headless') {
    await add('this rig', origin);
    await expect(page.getByRole('row', { name: /this rig/ }).getByText(/READY|EXECUTING/)).toBeVisible();
  }
  await lookAtBoth(page, 'fleet', look);
  await page.getByRole('button', { name: 'Open dead rig' }).click();
  await expect(page.getByRole('dialog')).toContainText('has not been heard');
  await look(page, 'fleet-panel');
  await page.getByRole('button', { name: 'Remove from the list' }).click();
  await expect(page.getByText('dead rig', { exact: true })).toHaveCount(0);
});

test('checks itself, and shows every line of the bundle before it is saved', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  await openSection(page, 'Diagnostics');
  await expect(page.getByRole('heading', { name: 'Endpoints' })).toBeVisible();
  await lookAtBoth(page, 'diagnostics', look);
  await page.getByRole('button', { name: 'Gather and show' }).click();
  const lines = page.getByRole('group', { name: 'Lines of the bundle' });
  await expect(lines).toContainText('[redacted address]');
  await page.getByText('Lines with something taken out').click();
  await expect(lines.locator('li').first()).toContainText('Taken out');
  expect(await lines.textContent()).not.toMatch(/0x[0-9a-f]{64}/);
  await lines.scrollIntoViewIfNeeded();
  await lookAtBoth(page, 'diagnostics-bundle', look);
});
