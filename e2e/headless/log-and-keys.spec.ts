/** A page whose file does not come, the log, and the keys: what an operator meets when something breaks, and without a mouse. */
import { expect, test, type Page } from '@playwright/test';
import { createLook } from '../support/look.ts';
import { openPage, openSettings, waitForState } from '../support/operator.ts';
import { launchReadyNode } from '../support/ready-node.ts';
import { shareConsole } from '../support/share-console.ts';

test.describe.configure({ mode: 'serial' });

const desk = shareConsole(launchReadyNode);

/** Looks at a page as wide as a desk and as narrow as a telephone; the desktop's window is looked at as it is. */
async function lookAtBoth(page: Page, name: string, look: (page: Page, name: string) => Promise<void>): Promise<void> {
  await look(page, name);
  if (page.viewportSize() === null) return;
  await page.setViewportSize({ width: 400, height: 800 });
  await look(page, `${name}-narrow`);
  await page.setViewportSize({ width: 1280, height: 860 });
}

test('a page that cannot be drawn says so, reports it to the log, and is loaded anew', async ({}, info) => {
  const look = createLook(info);
  const { page } = desk;
  // Each page's file is fetched when it is first opened; this one is cut off on the way.
  await page.route(/assets\/leave-page-.*\.js$/, (route) => route.abort());
  await openPage(page, 'Leave');
  const notice = page.getByRole('alert').filter({ hasText: 'This page cannot be drawn' });
  await expect(notice).toBeVisible();
  await notice.getByText('Details').click();
  await lookAtBoth(page, 'page-broken', look);
  await page.unroute(/assets\/leave-page-.*\.js$/);
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
