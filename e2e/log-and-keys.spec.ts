/** A page whose file does not come, the log, the keys of the keyboard, and those of the node: what an operator meets when something breaks, and what is done so that nothing is lost. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { createLook, lookAtBoth } from './support/look.ts';
import { onSecurePage, openPage, openSettings, passphrase, waitForState } from './support/operator.ts';
import { launchReadyNode } from './support/ready-node.ts';
import { shareConsole } from './support/share-console.ts';

test.describe.configure({ mode: 'serial' });

let words: string[];
const desk = shareConsole((kind) => launchReadyNode(kind, {}, (given) => (words = given)));

/** Lets the file of the page Leave not come. The desktop answers its window from inside, where no route of the browser reaches: there it cannot be read. */
async function cutOff(on: boolean): Promise<void> {
  const file = /assets\/leave-page-.*\.js$/;
  if (desk.kind === 'headless') {
    if (on) await desk.page.route(file, (route) => route.abort());
    else await desk.page.unroute(file);
    return;
  }
  await desk.electron()?.evaluate((_, isCut) => {
    const files = process.getBuiltinModule('node:fs/promises');
    const kept = globalThis as { readFileBefore?: typeof files.readFile };
    kept.readFileBefore ??= files.readFile;
    const { readFileBefore } = kept;
    const cut = ((...given: Parameters<typeof files.readFile>) => (/leave-page-/.test(String(given[0])) ? Promise.reject(new Error('cut off')) : readFileBefore(...given))) as typeof files.readFile;
    files.readFile = isCut ? cut : readFileBefore;
  }, on);
}

test('a page that cannot be drawn says so, reports it to the log, and is loaded anew', async ({}, info) => {
  const look = createLook(info);
  const { page } = desk;
  // Each page's file is fetched when it is first opened; this one is cut off on the way.
  await cutOff(true);
  await openPage(page, 'Leave');
  const notice = page.getByRole('alert').filter({ hasText: 'This page cannot be drawn' });
  await expect(notice).toBeVisible();
  await notice.getByText('Details').click();
  await lookAtBoth(page, 'page-broken', look);
  await cutOff(false);
  await notice.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Leave' })).toBeVisible();

  await openSettings(page, 'Logs');
  const log = page.getByRole('region', { name: 'Logs' });
  await log.getByLabel('Text').fill('leave-page');
  const row = log.getByRole('row', { name: /Details of/ }).first();
  await expect(row).toBeVisible();
  await lookAtBoth(page, 'logs', look);
  await row.getByRole('button').click();
  await expect(page.getByRole('dialog')).toContainText('leave-page');
  await lookAtBoth(page, 'logs-details', look);
  await page.keyboard.press('Escape');
  await log.getByLabel('Text').fill('no event says this');
  await expect(log.getByText('No line matches.')).toBeVisible();
  await look(page, 'logs-none');
  await log.getByLabel('Text').fill('');
  await log.getByLabel('Level, at least').selectOption({ label: 'Error' });
  await expect(log.locator('.log-level:not(.error)')).toHaveCount(0);
});

test('every page has a key, and the list of keys names them all', async ({}, info) => {
  const look = createLook(info);
  const { page } = desk;
  await openPage(page, 'Dashboard');
  await page.keyboard.press('?');
  const list = page.getByRole('dialog', { name: 'Keys' });
  await expect(list).toBeVisible();
  const pages = list.getByRole('region', { name: 'Go to a page' }).getByRole('row');
  const keys = await pages.evaluateAll((rows) => rows.slice(1).map((row) => ({ keys: [...row.querySelectorAll('kbd')].map((key) => key.textContent), page: row.querySelector('td:last-child')?.textContent ?? '' })));
  expect(keys.length).toBeGreaterThanOrEqual(14);
  await lookAtBoth(page, 'keys', look);
  await page.keyboard.press('?');
  await expect(list).toHaveCount(0);
  for (const { keys: sequence, page: name } of keys) {
    for (const key of sequence) await page.keyboard.press(key);
    await expect(page.getByRole('heading', { level: 1, name, exact: true })).toBeVisible();
  }
  await page.keyboard.press('p');
  await waitForState(page, /IDLE/);
  await page.keyboard.press('p');
  await waitForState(page, /READY|EXECUTING/);
  await openSettings(page, 'Logs');
  const field = page.getByLabel('Text');
  await field.fill('gs?p');
  await field.press('?');
  await expect(field).toHaveValue('gs?p?');
  await expect(list).toHaveCount(0);
  await field.press('Control+/');
  await list.getByRole('switch', { name: 'Keys of one letter' }).click();
  await page.keyboard.press('Escape');
  await expect(list).toHaveCount(0);
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('?');
  await page.keyboard.press('Control+/');
  await expect(list).toHaveCount(1);
  await list.getByRole('switch', { name: 'Keys of one letter' }).click();
  await page.keyboard.press('Escape');
  await expect(list).toHaveCount(0);
});

test('tries the backup, saves the node keys, replaces the liveness key, locks and unlocks', async ({}, info) => {
  const look = createLook(info);
  const { page } = desk;
  await openSettings(page, 'Keys');
  const [keys, backup, liveness] = ['Keys', 'Backup', 'Liveness key'].map((name) => page.getByRole('region', { name, exact: true })) as [Locator, Locator, Locator];
  const press = (name: string) => (on: Page): Promise<void> => on.getByRole('button', { name, exact: true }).click();
  await expect(backup).toContainText('Not tried since the key was made here');
  await expect(backup).toContainText('Not saved yet');
  await lookAtBoth(page, 'settings-keys', look);

  await onSecurePage(desk, press('Rehearse the backup'), async (secure) => {
    // Words of nobody: the last one is a checksum over the others.
    await secure.getByLabel('Recovery phrase').fill([...words.slice(1), words[0]].join(' '));
    await press('Try the backup')(secure);
    await expect(secure.getByRole('alert')).toBeVisible();
    await look(secure, 'secure-rehearse');
    await secure.getByLabel('Recovery phrase').fill(words.join(' '));
    await press('Try the backup')(secure);
  });
  await expect(backup.getByRole('status')).toContainText('The backup is right');
  await expect(backup).toContainText(/Tried .*: it brings this wallet back/);

  const file = join(desk.dataDir, 'node-keys.json');
  const filePassphrase = 'the passphrase of the file';
  const secure = await desk.secure(press('Back up node keys'));
  await expect(backup.getByText('Waiting for the node keys to be saved').first()).toBeVisible();
  await lookAtBoth(page, 'settings-keys-waiting', look);
  await secure.getByLabel('Passphrase for the backup').fill(filePassphrase);
  await secure.getByLabel('Repeat the passphrase').fill(filePassphrase);
  await look(secure, 'secure-backup');
  if (desk.kind === 'electron') {
    await desk.electron()?.evaluate(({ session }, path) => void session.fromPartition('secure').once('will-download', (_event, item) => item.setSavePath(path)), file);
    await press('Save the backup')(secure);
    await expect.poll(() => existsSync(file)).toBe(true);
  } else {
    const download = secure.waitForEvent('download');
    await press('Save the backup')(secure);
    await (await download).saveAs(file);
  }
  await secure.close();
  await expect(backup.getByRole('status')).toContainText('The node keys were saved');
  await expect(backup).toContainText(/Saved .*/);

  const address = liveness.locator('dd');
  const before = await address.textContent();
  await onSecurePage(desk, press('Replace the liveness key'), async (asking) => {
    if (desk.kind === 'headless') await asking.getByLabel('Passphrase').fill(passphrase);
    await look(asking, 'secure-rotate');
    await press('Replace the key')(asking);
  });
  await expect(liveness.getByRole('status')).toContainText('The liveness key was replaced');
  await expect(address).not.toHaveText(before ?? '');
  await expect(backup).toContainText('before the liveness key was replaced: save it again');
  await lookAtBoth(page, 'settings-keys-replaced', look);
  await openPage(page, 'Dashboard');
  await waitForState(page, /READY|EXECUTING/);
  await expect(page.getByRole('button', { name: 'Link: Connected' })).toBeVisible();

  // The file from before would bring the old key back.
  await openSettings(page, 'Keys');
  const trying = await desk.secure(press('Rehearse the backup'));
  await trying.getByLabel('Recovery phrase').fill(words.join(' '));
  await trying.getByLabel('Node-key backup (optional)').setInputFiles(file);
  await trying.getByLabel('Passphrase of that backup').fill(filePassphrase);
  await press('Try the backup')(trying);
  await expect(trying.getByRole('alert')).toContainText('from before the liveness key was replaced');
  await trying.close();
  await press('Stop waiting')(page);
  await expect(backup.getByRole('status')).toHaveCount(0);

  await press('Lock keys')(page);
  await waitForState(page, /IDLE/);
  await expect(keys).toContainText('Locked: nothing can be signed or decrypted');
  await expect(backup.getByRole('button', { name: 'Back up node keys' })).toBeDisabled();
  await lookAtBoth(page, 'settings-keys-locked', look);
  await onSecurePage(desk, () => keys.getByRole('button', { name: 'Unlock keys' }).click(), async (asking) => {
    if (desk.kind === 'headless') await asking.getByLabel('Passphrase').fill(passphrase);
    await press('Unlock')(asking);
  });
  await waitForState(page, /READY|EXECUTING/);
  await expect(keys.getByRole('button', { name: 'Lock keys' })).toBeVisible();
});
