/** Samples of the calls about keys and the wallet (the table of the parity test). */
import type { walletCalls } from '../../../src-shared/bridge/calls.ts';
import type { Preview } from '../../../src-shared/bridge/intents.ts';
import type { fundsCalls } from '../../../src-shared/bridge/wallet-calls.ts';
import { address, coin, done, keys, outcome, type CasesOf } from './samples.ts';

const preview: Preview = {
  intent: { kind: 'subscribe', taskSmallId: 1n, price: 100n, maxComputeUnits: 2_000n },
  terms: { priceUnit: 1n, takesCollateral: true },
  possible: true,
  problem: null,
  changes: [{ coin, amount: -1_000n }],
  gasMist: 2_000n,
  warnings: [],
  irreversible: false,
};
const proposal = { proposalId: 'p1', preview, expiresMs: 600_000 };

export const walletCases: CasesOf<typeof walletCalls & typeof fundsCalls> = {
  'keys.get': { input: {}, output: keys },
  'keys.open': { input: { page: 'create' }, output: { url: null } },
  'keys.lock': { input: {}, output: done },
  'wallet.propose': { input: { intent: { kind: 'transfer', coin: 'SUI', amount: '5', to: address } }, output: proposal },
  'wallet.proposeTransaction': { input: { transaction: 'AAEC' }, output: proposal },
  'wallet.confirm': { input: { proposalId: 'p1' }, output: { url: 'http://localhost:1/secure/x' } },
  'wallet.outcome': { input: { proposalId: 'p1' }, output: { ...outcome, status: 'in_doubt', gasMist: null, effects: null } },
  'chain.read': {
    input: { method: 'sui.rpc.v2.LedgerService/GetEpoch', contentType: 'application/grpc-web', body: 'AAEC' },
    output: { status: 200, contentType: 'application/grpc-web', body: 'AAEC' },
  },
  'wallet.get': {
    input: {},
    output: {
      address, coin, suiMist: { value: 5n, source: 'chain', readAtMs: 1 }, balance: { value: null, source: 'chain', readAtMs: null },
      reserveMist: 4n, transactionMist: 1n, fees: { free: { value: 0n, source: 'chain', readAtMs: 1 }, locked: { value: 2n, source: 'chain', readAtMs: 1 } }, faucet: true,
    },
  },
};
