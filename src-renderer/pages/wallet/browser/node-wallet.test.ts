/** The wallet forwards, never signs by itself, and passes effects and refusals on. */
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../../src-shared/bridge/intents.ts';
import { AppError } from '../../../../src-shared/errors.ts';
import { createNodeWallet } from './node-wallet.ts';
import type { NodeWalletDeps } from './node-wallet.ts';

type Feature = Record<string, (input: unknown) => Promise<unknown>>;
const account = { address: `0x${'1'.repeat(64)}`, publicKey: new Uint8Array(33), network: 'sandbox', name: 'Node key' };
const done: Outcome = { digest: 'D', status: 'success', gasMist: 1n, error: null, effects: 'AAEC' };
const deps = (present: NodeWalletDeps['present']): NodeWalletDeps => ({
  present,
  executed: async () => ({ bytes: 'Qg==', signature: 'c2ln' }),
});
const featuresOf = (present: NodeWalletDeps['present']) =>
  createNodeWallet(account, deps(present)).features as unknown as Record<string, Feature>;
const input = { transaction: { toJSON: async () => '{"version":2}' } };

describe('createNodeWallet', () => {
  it('gives its account nothing but sign-and-execute', () => {
    const wallet = createNodeWallet(
      account,
      deps(async () => done),
    );
    expect(wallet.accounts.map((entry) => entry.features)).toEqual([['sui:signAndExecuteTransaction']]);
    expect(wallet.chains).toEqual(['sui:sandbox']);
  });
  it('forwards the transaction and returns the effects', async () => {
    const seen: string[] = [];
    const features = featuresOf(async (transaction) => {
      seen.push(transaction);
      return done;
    });
    const result = await features['sui:signAndExecuteTransaction']?.['signAndExecuteTransaction']?.(input);
    expect(seen).toEqual(['{"version":2}']);
    expect(result).toEqual({ digest: 'D', effects: 'AAEC', bytes: 'Qg==', signature: 'c2ln' });
  });
  it('refuses to sign without executing', async () => {
    await expect(
      featuresOf(async () => done)['sui:signTransaction']?.['signTransaction']?.(input),
    ).rejects.toMatchObject({ code: 'intent.not_allowed' });
  });
  it('passes on that the operator declined', async () => {
    const features = featuresOf(() => Promise.reject(new AppError('intent.declined')));
    await expect(
      features['sui:signAndExecuteTransaction']?.['signAndExecuteTransaction']?.(input),
    ).rejects.toMatchObject({ code: 'intent.declined' });
  });
  it('does not claim success while the outcome is in doubt', async () => {
    const features = featuresOf(async () => ({ ...done, status: 'in_doubt', effects: null }));
    await expect(
      features['sui:signAndExecuteTransaction']?.['signAndExecuteTransaction']?.(input),
    ).rejects.toMatchObject({ code: 'chain.in_doubt' });
  });
});
