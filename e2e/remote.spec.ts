/** What stands around a node: browsers, tokens and other machines over TLS, the page Fleet with a console that dies, checks and bundle. A second console, served over TLS, is the other machine. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import type { ConsoleUnderTest, HostKind } from './support/launch.ts';
import { createLook, lookAtBoth } from './support/look.ts';
import { openPage, openSettings } from './support/operator.ts';
import { launchReadyNode } from './support/ready-node.ts';
import { skipWithoutHost } from './support/share-console.ts';

test.describe.configure({ mode: 'serial', timeout: 240_000 });

let desk: ConsoleUnderTest;
let rig: ConsoleUnderTest;
let folder: string;

test.beforeAll(async ({}, info) => {
  const kind = info.project.name as HostKind;
  skipWithoutHost(kind);
  folder = mkdtempSync(join(tmpdir(), 'console-remote-'));
  const [cert, key] = [join(folder, 'rig.pem'), join(folder, 'rig.key')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30', '-subj', '/CN=rig', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:rig.example', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  chmodSync(key, 0o600);
  const tls = ['--listen', '127.0.0.1', '--tls-cert', cert, '--tls-key', key, '--allow-host', '127.0.0.1,rig.example'];
  // One after the other would take twice as long; a failure of one must not leave the other behind.
  const [ours, theirs] = await Promise.allSettled([launchReadyNode(kind), launchReadyNode('headless', { args: tls })]);
  if (ours.status === 'fulfilled') desk = ours.value;
  if (theirs.status === 'fulfilled') rig = theirs.value;
  for (const one of [ours, theirs]) if (one.status === 'rejected') throw one.reason;
});
test.afterAll(async () => {
  await desk?.stop();
  await rig?.stop();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

/** Makes a token and returns its secret, which is shown this once. */
async function makeToken(page: Page, name: string, scope: string): Promise<string> {
  const card = page.getByRole('region', { name: 'Read-only tokens' });
  await card.getByLabel('Name', { exact: true }).fill(name);
  await card.getByLabel('May read').selectOption({ label: scope });
  await card.getByRole('button', { name: 'Make a token' }).click();
  await expect(card.getByText(/^ocr_[\w-]{43}$/)).toBeVisible();
  await expect(card.getByRole('rowheader', { name })).toBeVisible();
  return (await card.getByText(/^ocr_/).textContent()) ?? '';
}

/** A request as a program makes it, or one who lies about its name. */
const ask = (path: string, headers: Record<string, string>): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(rig.page.url());
    const sent = request({ host: hostname, port, path, headers, rejectUnauthorized: false, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on('error', reject);
    sent.end();
  });

test('says how the console is reached, and signs other browsers out', async ({}, info) => {
  const look = createLook(info);
  await openSettings(desk.page, 'Remote');
  const own = desk.page.getByRole('region', { name: 'Signed-in browsers' });
  await expect(own).toContainText(desk.kind === 'electron' ? 'This window serves no browser' : 'through an SSH tunnel');
  await look(desk.page, 'remote');

  const { page } = rig;
  await openSettings(page, 'Remote');
  const card = page.getByRole('region', { name: 'Signed-in browsers' });
  await expect(card).toContainText('over TLS');
  await expect(card).toContainText('127.0.0.1, rig.example');
  await expect(card.getByText('This browser')).toBeVisible();
  const signIn = async (): Promise<Page> => {
    const context = await page.context().browser()?.newContext({ ignoreHTTPSErrors: true, userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' });
    const other = await context?.newPage();
    if (other === undefined) throw new Error('the browser has gone');
    await other.goto(readFileSync(join(rig.dataDir, 'console-link'), 'utf8').trim());
    await expect(other.getByRole('navigation', { name: 'Pages' })).toBeVisible();
    return other;
  };
  const other = await signIn();
  await expect(card.getByRole('row', { name: /Firefox 140 on Linux/ })).toBeVisible();
  await lookAtBoth(page, 'remote-tls', look);
  await card.getByRole('button', { name: /^Sign out Firefox 140 on Linux/ }).click();
  await expect(card.getByRole('row', { name: /Firefox/ })).toHaveCount(0);
  await expect(other.getByRole('heading', { name: 'Sign in with a one-time link' })).toBeVisible();
  await look(other, 'remote-signed-out');
  await other.context().close();
  const third = await signIn();
  await card.getByRole('button', { name: 'Sign out all others' }).click();
  await expect(card.getByRole('row', { name: /Firefox/ })).toHaveCount(0);
  await expect(third.getByRole('heading', { name: 'Sign in with a one-time link' })).toBeVisible();
  await third.context().close();
  await card.getByLabel('Sign out when nobody was there for').selectOption({ label: '15 minutes' });
  await expect(page.getByText('Saved.')).toBeVisible();
});

test('makes a token that reads and changes nothing, shows it once, and revokes it', async ({}, info) => {
  const look = createLook(info);
  const { page } = rig;
  const { host } = new URL(page.url());
  const card = page.getByRole('region', { name: 'Read-only tokens' });
  await expect(card.getByText('There are no tokens.')).toBeVisible();
  const token = await makeToken(page, 'prometheus', 'Metrics');
  await card.scrollIntoViewIfNeeded();
  await lookAtBoth(page, 'remote-token', look);
  const authorization = `Bearer ${token}`;
  const figures = await ask('/metrics', { host, authorization });
  expect(figures.status).toBe(200);
  expect(figures.body).toMatch(/console_node_state\{state="(READY|EXECUTING)"\} 1/);
  expect(figures.body).not.toContain('NaN');
  for (const [path, headers, status] of [
    ['/metrics', { host: 'evil.example', authorization }, 421],
    ['/metrics', { host, authorization, origin: 'https://evil.example' }, 403],
    ['/metrics', { host }, 401],
    ['/fleet/summary', { host, authorization }, 401],
  ] as const) expect((await ask(path, headers)).status, `${path} with ${JSON.stringify(headers)}`).toBe(status);
  await card.getByRole('button', { name: 'I have copied it' }).click();
  await expect(card.getByText(token)).toHaveCount(0);
  await card.getByRole('button', { name: 'Revoke prometheus' }).click();
  await expect(card.getByText('There are no tokens.')).toBeVisible();
  expect((await ask('/metrics', { host, authorization })).status).toBe(401);
});

test('lists another machine beside a dead one, and keeps what it said when it dies too', async ({}, info) => {
  const look = createLook(info);
  const { page } = desk;
  const token = await makeToken(rig.page, 'desk', 'Fleet summary');
  await openPage(page, 'Fleet');
  await expect(page.getByText('No other console is listed.')).toBeVisible();
  await lookAtBoth(page, 'fleet-empty', look);
  await page.getByRole('button', { name: 'Add a console' }).first().click();
  const sheet = page.getByRole('dialog');
  const add = async (name: string, url: string): Promise<void> => {
    await sheet.getByLabel('Name').fill(name);
    await sheet.getByLabel('Address').fill(url);
    await sheet.getByLabel('Token').fill(token);
    await sheet.getByRole('button', { name: 'Add', exact: true }).click();
  };
  await add('rig', 'http://rig.example:4100');
  await expect(sheet.getByRole('alert')).toContainText('https://');
  await lookAtBoth(page, 'fleet-add', look);
  await add('rig', new URL(rig.page.url()).origin);
  await expect(sheet).toHaveCount(0);
  const row = page.getByRole('row', { name: /^Open rig/ });
  await expect(row.getByText(/READY|EXECUTING/)).toBeVisible();
  await page.getByRole('button', { name: 'Add a console' }).click();
  await add('attic', 'http://127.0.0.1:9');
  await expect(page.getByRole('row', { name: /^Open attic/ }).getByText('Not reachable')).toBeVisible();
  await expect(page.getByText('1 of 2', { exact: true })).toBeVisible();
  await lookAtBoth(page, 'fleet', look);

  await page.getByRole('button', { name: 'Open rig' }).click();
  await expect(sheet.getByText(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)).toBeVisible();
  await lookAtBoth(page, 'fleet-panel', look);
  await rig.stop();
  await sheet.getByRole('button', { name: 'Ask now' }).click();
  await expect(sheet.getByText('Not reachable').first()).toBeVisible();
  await expect(sheet.getByText('What is shown is what it said last.')).toBeVisible();
  await expect(sheet.getByText('Sandbox')).toBeVisible();
  await lookAtBoth(page, 'fleet-panel-gone', look);
  await sheet.getByRole('button', { name: 'Close' }).click();
  await expect(row.getByText('Not reachable')).toBeVisible();
  await expect(row).toContainText('Sandbox');
  await expect(page.getByText('0 of 2', { exact: true })).toBeVisible();
  await lookAtBoth(page, 'fleet-gone', look);
  await page.getByRole('button', { name: 'Open attic' }).click();
  await expect(sheet).toContainText('has not been heard');
  await look(page, 'fleet-panel-never');
  await sheet.getByRole('button', { name: 'Remove from the list' }).click();
  await expect(page.getByRole('row', { name: /^Open attic/ })).toHaveCount(0);
});

test('checks itself, and shows every line of the bundle before it is saved', async ({}, info) => {
  const look = createLook(info);
  const { page } = desk;
  await openSettings(page, 'Diagnostics');
  const checks = page.getByRole('region', { name: 'Checks' });
  for (const name of ['Clock', 'Keychain', 'Disk', 'Local connections', 'Endpoints', 'Where models run']) await expect(checks.getByRole('heading', { name, exact: true })).toBeVisible();
  await lookAtBoth(page, 'diagnostics', look);
  const card = page.getByRole('region', { name: 'Diagnostics bundle' });
  await card.getByRole('button', { name: 'Gather and show' }).click();
  const lines = card.getByRole('group', { name: 'Lines of the bundle' });
  await expect(lines).toContainText('[redacted address]');
  await card.getByRole('radio', { name: 'Lines with something taken out' }).check();
  await expect(lines.locator('li').first()).toContainText('Taken out');
  await card.scrollIntoViewIfNeeded();
  await lookAtBoth(page, 'diagnostics-bundle', look);
  await card.getByRole('radio', { name: 'All lines' }).check();
  const shown = await lines.locator('li code').allTextContents();
  const file = join(desk.dataDir, 'bundle.txt');
  if (desk.kind === 'electron') {
    await desk.electron()?.evaluate(({ BrowserWindow }, path) => void BrowserWindow.getAllWindows()[0]?.webContents.session.once('will-download', (_event, item) => item.setSavePath(path)), file);
    await card.getByRole('button', { name: 'Save the file' }).click();
    await expect.poll(() => existsSync(file)).toBe(true);
  } else {
    const download = page.waitForEvent('download');
    await card.getByRole('button', { name: 'Save the file' }).click();
    await (await download).saveAs(file);
  }
  await expect.poll(() => readFileSync(file, 'utf8').split('\n')).toEqual(expect.arrayContaining(shown));
  const text = readFileSync(file, 'utf8');
  for (const secret of [/0x[0-9a-f]{64}/, /ocr_[\w-]{43}/, /suiprivkey/]) expect(text).not.toMatch(secret);
  // Without the addresses taken out what is shown is gathered anew.
  await card.getByRole('switch', { name: 'Take out addresses too' }).click();
  await expect(lines).toHaveCount(0);
  await card.getByRole('button', { name: 'Gather and show' }).click();
  await expect(lines).toContainText(/0x[0-9a-f]{64}/);
});
