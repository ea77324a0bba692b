/** The dapp-kit of this console: its chain client reads through the bridge, and it remembers nothing (stack.md 5, "dapp-kit"). */
import { createDAppKit } from '@mysten/dapp-kit-react';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import type { Client } from '../../../bridge.ts';
import { chainBaseUrl, createChainFetch } from './chain-fetch.ts';

/** Creates the kit for one network. */
export const createKit = (network: string, client: Client) =>
  createDAppKit({
    networks: [network],
    defaultNetwork: network,
    createClient: () => new SuiGrpcClient({ network, baseUrl: chainBaseUrl, fetch: createChainFetch(client) }),
    slushWalletConfig: null,
    autoConnect: false,
    storage: null,
  });

/** The kit of this console. */
export type Kit = ReturnType<typeof createKit>;
