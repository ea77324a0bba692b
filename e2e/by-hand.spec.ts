/** What an operator does by hand instead of by the shortest way or by policy: brings a key, quits inside the set-up, settles and claims stack by stack, and does so on a slow chain. */
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { expect, test } from '@playwright/test';
import { launchConsole } from './support/launch.ts';
import { createLook } from './support/look.ts';
import { choosePassphrase, onSecurePage, openPage, openSettings, passphrase, waitForState } from './support/operator.ts';
import { finishSetUp } from './support/ready-node.ts';
import { shareConsole } from './support/share-console.ts';

test.describe.configure({ mode: 'serial' });

const console = shareConsole(launchConsole);
const key = Secp256k1Keypair.generate();

test('imports a key, quits inside the set-up, and goes on where it was', async ({}, info) => {
  const look = createLook(info);
  await console.page.getByRole('button', { name: 'Continue' }).click();
  await onSecurePage(
    console,
    (page) => page.getByRole('button', { name: 'Import a key' }).click(),
    async (secure) => {
      await choosePassphrase(secure, console);
      await secure.getByLabel('Recovery phrase or secret').fill(key.getSecretKey());
      await look(secure, 'secure-import');
      await secure.getByRole('button', { name: 'Import the key' }).click();
    },
  );
  const machine = (): Promise<void> => expect(console.page.getByRole('heading', { level: 1, name: 'Check this machine' })).toBeVisible();
  await machine();

  await console.restart();
  if (console.kind === 'headless') {
    await onSecurePage(
      console,
      (page) => page.getByRole('button', { name: 'Unlock keys' }).first().click(),
      async (secure) => {
        await secure.getByLabel('Passphrase').fill(passphrase);
        await secure.getByRole('button', { name: 'Unlock' }).click();
      },
    );
  }
  await machine();
  await finishSetUp(console);
  await openPage(console.page, 'Wallet');
  await expect(console.page.getByRole('region', { name: 'Top up', exact: true }).locator('code').first()).toHaveText(key.toSuiAddress());
});

test('settles and claims by hand while the policies are switched off, on a slow chain', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  await openSettings(page, 'Policies');
  for (const policy of ['Settle by itself', 'Claim by itself']) {
    const act = page.getByRole('switch', { name: policy });
    await act.click();
    await expect(act).not.toBeChecked();
  }
  await openPage(page, 'Network');
  await page.getByLabel('Buyers', { exact: true }).fill('3');
  await page.getByLabel('Requests per minute').fill('600');
  await page.getByLabel('Units per stack').fill('1000');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByText('Demand changed.')).toBeVisible();

  await openPage(page, 'Stacks');
  await expect(page.getByText('Claims are made only by hand: that policy is switched off.')).toBeVisible();
  const column = (name: RegExp) => page.getByRole('region', { name });
  const cards = (name: RegExp) => column(name).getByRole('article');
  // Each buyer has a stack of its own; none of them settles by itself.
  const settleNow = column(/^Working/).getByRole('button', { name: /^Settle now, stack #\d+$/ });
  await expect(settleNow.nth(2)).toBeVisible({ timeout: 60_000 });
  // A stack whose request still runs is not settled: its units would be given away.
  await openPage(page, 'Network');
  await page.getByRole('switch', { name: 'Buyers send requests' }).click();
  await expect(page.getByText('Buyers are waiting.').first()).toBeVisible();
  await openPage(page, 'Stacks');
  for (let settled = 1; settled <= 3; settled += 1) {
    await settleNow.first().click();
    await expect(cards(/^In challenge/)).toHaveCount(settled, { timeout: 60_000 });
  }
  await look(page, 'stacks-by-hand');

  await openPage(page, 'Network');
  await page.getByLabel(/^Slow chain/).selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Skip a week (7 epochs)' }).click();
  await expect(page.getByText('Skipped 7 epochs.')).toBeVisible();
  await openPage(page, 'Stacks');
  await expect(cards(/^Claimable/)).toHaveCount(3, { timeout: 60_000 });
  await expect(cards(/^Claimed/)).toHaveCount(0);
  await look(page, 'stacks-claimable');
  await column(/^Claimable/).getByRole('checkbox').first().check();
  await page.getByRole('button', { name: 'Claim selected (1)' }).click();
  await expect(cards(/^Claimed/)).toHaveCount(1, { timeout: 60_000 });
  await page.getByRole('button', { name: 'Claim all' }).click();
  await expect(cards(/^Claimed/)).toHaveCount(3, { timeout: 60_000 });
  await expect(cards(/^Claimable/)).toHaveCount(0);
  await waitForState(page, /READY|EXECUTING/);
});
