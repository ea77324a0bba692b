/** The wallet as its operator meets it: balances, top up, a sweep above the reserve, history, and the wallets of the window. */
import { expect, test } from '@playwright/test';
import { createLook } from './support/look.ts';
import { confirmProposal, openPage, openSettings, unlock } from './support/operator.ts';
import { launchReadyNode } from './support/ready-node.ts';
import { shareConsole } from './support/share-console.ts';
import { addTrialWallet, seenByTrialWallet, trialWalletName } from './support/trial-wallet.ts';

test.describe.configure({ mode: 'serial' });

const console = shareConsole(launchReadyNode);
/** An address of nobody. */
const stranger = `0x${'5a'.repeat(32)}`;

test('shows what the wallet owns and where to send coins', async ({}, info) => {
  const { page } = console;
  await openSettings(page, 'Wallet');
  await page.getByRole('link', { name: 'Open the wallet' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Wallet' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'SUI, for gas' })).toContainText(/\d SUI/);
  await expect(page.getByRole('img', { name: 'QR code of the wallet address' })).toBeVisible();
  await expect(page.getByRole('table', { name: 'History' }).getByRole('row', { name: /Faucet/ })).toBeVisible();
  await expect(page.getByRole('table', { name: 'History' }).getByRole('row', { name: /Collateral/ })).toBeVisible();
  await createLook(info)(page, 'wallet');
});

test('sweeps above the reserve, confirmed outside the window', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  const send = page.getByRole('region', { name: 'Send', exact: true });
  await send.getByLabel('Coin').selectOption({ label: 'SUI' });
  await expect(send.getByLabel('Keep in the wallet')).toHaveValue('0.2');
  await send.getByLabel('Keep in the wallet').fill('0.1');
  await expect(send.getByText(/At least 0.2 SUI stays for gas/)).toBeVisible();
  await send.getByLabel('Keep in the wallet').fill('0.5');
  await send.getByLabel('To address').fill('0x12');
  await expect(send.getByRole('button', { name: 'Preview transfer' })).toBeDisabled();
  await send.getByLabel('To address').fill(stranger);
  await send.getByRole('button', { name: 'Preview transfer' }).click();
  await expect(page.getByText('What it costs now')).toBeVisible();
  await look(page, 'wallet-sweep');
  await confirmProposal(console, 'Send');
  await expect(page.getByText('Done: the chain has executed it').first()).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click();
  // What was set aside for gas and not used stays beside the reserve.
  await expect(page.getByRole('region', { name: 'SUI, for gas' }).locator('.amount')).toHaveText(
    /^0\.5\d* SUI$|^0\.50?\d* ?SUI$/,
    { timeout: 60_000 },
  );
  await expect(page.getByRole('table', { name: 'History' }).getByRole('row', { name: /Transfer/ })).toBeVisible();
});

test('sends through the Wallet Standard wallet of the node key', async () => {
  const { page } = console;
  const own =
    (await page.getByRole('region', { name: 'Top up', exact: true }).locator('code').first().textContent()) ?? '';
  await page.getByRole('button', { name: 'Connect node key' }).click();
  const panel = page.getByRole('region', { name: 'Connected: Node key' });
  await expect(panel.getByRole('definition').filter({ hasText: 'SUI' })).toBeVisible();
  await panel.getByLabel('Coin').selectOption({ label: 'SUI' });
  await panel.getByLabel('Amount').fill('0.01');
  await panel.getByLabel('To address').fill(own);
  await panel.getByRole('button', { name: 'Preview transfer' }).click();
  await expect(page.getByText('What it costs now')).toBeVisible();
  await confirmProposal(console, 'Send');
  await expect(page.getByText('Done: the chain has executed it').first()).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click();
});

test('tops up from a wallet of the browser, where there is one', async ({}, info) => {
  const { page } = console;
  if (console.kind === 'electron') {
    // A desktop window has no extensions: address and QR code are the way, and no wallet is offered.
    await openPage(page, 'Wallet');
    await expect(page.getByRole('region', { name: 'Top up', exact: true }).locator('code').first()).toBeVisible();
    await expect(page.getByRole('button', { name: /^Connect / })).toHaveCount(0);
    return;
  }
  await addTrialWallet(page);
  await page.reload();
  await openPage(page, 'Wallet');
  await page.getByRole('button', { name: `Connect ${trialWalletName}` }).click();
  const panel = page.getByRole('region', { name: `Top up from ${trialWalletName}` });
  await expect(panel.getByLabel('To address')).toHaveCount(0);
  await panel.getByLabel('Coin').selectOption({ label: 'SUI' });
  await panel.getByLabel('Amount').fill('0.25');
  await createLook(info)(page, 'wallet-browser');
  await panel.getByRole('button', { name: 'Preview transfer' }).click();
  await expect.poll(() => seenByTrialWallet(page)).toHaveLength(1);
  const own =
    (await page.getByRole('region', { name: 'Top up', exact: true }).locator('code').first().textContent()) ?? '';
  const [asked = ''] = await seenByTrialWallet(page);
  expect(asked).toContain(Buffer.from(own.slice(2), 'hex').toString('base64'));
  await expect(panel.getByRole('alert')).toBeVisible();
});

test('keeps its history over a restart, and fits a phone', async ({}, info) => {
  await console.restart();
  await unlock(console);
  const { page } = console;
  await openPage(page, 'Wallet');
  await expect(
    page
      .getByRole('table', { name: 'History' })
      .getByRole('row', { name: /Transfer/ })
      .first(),
  ).toBeVisible();
  if (console.kind === 'electron') return;
  await page.setViewportSize({ width: 390, height: 844 });
  await createLook(info)(page, 'wallet-phone');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
