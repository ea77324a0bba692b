/** A network as a file: chain endpoints, contract ids, coin and coordinator; built-in or given by --network FILE.json. */
import { z } from 'zod';
import { addressSchema } from './ids.ts';
import { coinSchema } from './amounts.ts';

const loopbackOr = (secure: string, plain: string) =>
  z.url().refine(
    (text) => {
      const url = new URL(text);
      const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
      return url.protocol === secure || (url.protocol === plain && loopback);
    },
    { error: `must use ${secure}, or ${plain} to a loopback host only` },
  );

/** Which contract generation a profile expects; the node checks it against the package (protocol.md 0). */
export const generationSchema = z.enum(['G1', 'G2']);
export type Generation = z.infer<typeof generationSchema>;

/** Schema of a network profile. `chainId` is pinned: nothing is signed for another chain. */
export const networkProfileSchema = z.object({
  /** Short name used for the data folder: lower-case letters, digits, dashes. */
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/),
  name: z.string().min(1).max(60),
  kind: z.enum(['sandbox', 'testnet', 'mainnet', 'custom']),
  generation: generationSchema,
  /** Base58 digest of the genesis checkpoint as the full node reports it; null pins on first use. */
  chainId: z.string().min(1).nullable(),
  /** gRPC-web endpoints of full nodes, tried in order. */
  endpoints: z.array(loopbackOr('https:', 'http:')).min(1),
  atomaPackageId: addressSchema,
  atomaDbId: addressSchema,
  coin: coinSchema,
  /** TOMA faucet on test networks; null where there is none. */
  faucet: z.object({ packageId: addressSchema, objectId: addressSchema }).nullable(),
  /** Badge of the node to run, where the wallet holds several; left out, the node takes the lowest one that is not disabled. */
  badgeId: addressSchema.exactOptional(),
  /** WebSocket URL of the coordinator, with its path; null where the network has none. */
  coordinatorUrl: loopbackOr('wss:', 'ws:').nullable(),
  /** Sui address of the coordinator key; null pins on first use. */
  coordinatorId: addressSchema.nullable(),
  /** Control API of the embedded sandbox (time dial, demand, SUI faucet); null on every other network. */
  sandboxControlUrl: loopbackOr('https:', 'http:').nullable(),
});
export type NetworkProfile = z.infer<typeof networkProfileSchema>;
