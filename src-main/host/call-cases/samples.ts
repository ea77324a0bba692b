/** What the samples of several areas have in common, and the type of an area's part of the table. */
import type { z } from 'zod';
import type { KeysView } from '../../../src-shared/bridge/views.ts';

type Call = { input: z.ZodType; output: z.ZodType };
/** A sample of every call of an area: input as it crosses the bridge, output as a handler returns it. */
export type CasesOf<Area extends Record<string, Call>> = { [N in keyof Area]: { input: z.input<Area[N]['input']>; output: z.output<Area[N]['output']> } };

export const coin = { type: '0x2::toma::TOMA', symbol: 'TOMA', decimals: 9 };
export const address = `0x${'ab'.repeat(32)}`;
export const amount = { value: 12_345_678_901_234_567_890n, source: 'chain' as const, readAtMs: 5 };
export const unknownAmount = { value: null, source: 'coordinator' as const, readAtMs: null };
export const shownError = { code: 'chain.unreachable', message: 'The chain endpoint does not answer.', atMs: 3 };
export const done = {};
export const keys: KeysView = {
  exists: true,
  unlocked: true,
  store: { kind: 'passphrase', name: 'sealed file' },
  keychain: { available: false, name: 'Secret Service', detail: 'no D-Bus' },
  backupConfirmed: true,
  rehearsedAtMs: 7,
  nodeKeysSaved: { atMs: 6, current: false },
  nodeId: address,
  walletAddress: address,
  livenessAddress: address,
};
export const outcome = { digest: 'D1', status: 'success' as const, gasMist: -1_500n, error: null, effects: 'AAEC' };
