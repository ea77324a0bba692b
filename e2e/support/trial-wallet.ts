/** A Wallet Standard wallet as a browser extension would offer it: it connects, notes what it is asked to sign, and declines. */
import type { Page } from '@playwright/test';

/** Its name in the list of wallets. */
export const trialWalletName = 'Trial wallet';

/** Puts the wallet into every page that is loaded from now on. */
export const addTrialWallet = (page: Page): Promise<unknown> =>
  page.addInitScript((name) => {
    const chains = ['sui:sandbox'];
    const features = ['sui:signTransaction', 'sui:signAndExecuteTransaction'];
    const account = { address: `0x${'7'.repeat(64)}`, publicKey: new Uint8Array(32), chains, features, label: name };
    const seen: string[] = [];
    Object.assign(window, { trialSeen: seen });
    const decline = async ({ transaction }: { transaction: { toJSON(): Promise<string> } }): Promise<never> => {
      seen.push(await transaction.toJSON());
      throw new Error('declined in the wallet');
    };
    const wallet = {
      version: '1.0.0',
      name,
      icon: 'data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=',
      chains,
      accounts: [account],
      features: {
        'standard:connect': { version: '1.0.0', connect: async () => ({ accounts: [account] }) },
        'standard:events': { version: '1.0.0', on: () => () => undefined },
        'sui:signTransaction': { version: '2.0.0', signTransaction: decline },
        'sui:signAndExecuteTransaction': { version: '2.0.0', signAndExecuteTransaction: decline },
      },
    };
    type Api = { register(wallet: unknown): void };
    const register = (api: Api): void => api.register(wallet);
    window.addEventListener('wallet-standard:app-ready', (event) => register((event as CustomEvent<Api>).detail));
    window.dispatchEvent(new CustomEvent('wallet-standard:register-wallet', { detail: register }));
  }, trialWalletName);

/** Transactions that the wallet was asked to sign, as JSON. */
export const seenByTrialWallet = (page: Page): Promise<string[]> =>
  page.evaluate(() => (window as unknown as { trialSeen: string[] }).trialSeen);
