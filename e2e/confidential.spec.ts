/** Confidential tasks as an operator without the hardware meets them on Sandbox G2: refused with the reason, rehearsed with a simulated machine that says what it is, and switched off again. */
import { expect, test } from '@playwright/test';
import { launchConsole } from './support/launch.ts';
import { createLook, lookAtBoth } from './support/look.ts';
import { openSettings } from './support/operator.ts';
import { goThroughSetUp } from './support/ready-node.ts';
import { shareConsole } from './support/share-console.ts';

test.describe.configure({ mode: 'serial' });

const console = shareConsole(launchConsole);

test('says why they are not served, rehearses them, and stops', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  await page.getByRole('radio', { name: /^Sandbox G2/ }).check();
  await goThroughSetUp(console);
  await openSettings(page, 'Confidential tasks');
  const state = page.getByRole('region', { name: 'Confidential tasks' });
  await expect(state.getByText('Not served')).toBeVisible();
  await expect(state.getByText('This machine is not a confidential one')).toBeVisible();
  await expect(page.getByText('/dev/sev-guest is not there')).toBeVisible();
  await look(page, 'confidential-no');
  await page.getByRole('button', { name: 'Look again' }).click();
  await expect(page.getByText('Looked again.')).toBeVisible();

  await page.getByRole('switch', { name: 'Rehearse with a simulated machine' }).click();
  await expect(state.getByText('Simulated', { exact: true })).toBeVisible();
  await expect(state.getByText('This is a rehearsal. No hardware protects anything.')).toBeVisible();
  await lookAtBoth(page, 'confidential-rehearsal', look);
  await page.getByRole('switch', { name: 'Rehearse with a simulated machine' }).click();
  await expect(state.getByText('Not served')).toBeVisible();
});
