/** What the sandbox and its second node say to each other over the process channel; nothing else drives that node (product.md, Network: faults to try). */
import { z } from 'zod';
import { secondNodeModeSchema } from '../../../src-shared/bridge/views.ts';
import { networkProfileSchema } from '../../../src-shared/domain/network-profile.ts';

/** To the second node. `begin` comes first and once; `stop` ends the process, after its subscription was parked when `park` is set. */
export const toPeerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('begin'),
    profile: networkProfileSchema,
    /** Opens its keys: play money, kept by the sandbox. */
    passphrase: z.string().min(1),
    mode: secondNodeModeSchema,
    /** The task it serves. */
    taskSmallId: z.bigint(),
  }),
  z.strictObject({ kind: z.literal('mode'), mode: secondNodeModeSchema }),
  z.strictObject({ kind: z.literal('stop'), park: z.boolean() }),
]);
export type ToPeer = z.output<typeof toPeerSchema>;

/** From the second node, after each change. `running`: registered, subscribed and linked. */
export const fromPeerSchema = z.strictObject({
  kind: z.literal('status'),
  running: z.boolean(),
  nodeSmallId: z.bigint().nullable(),
  /** Stacks of others to which it attested. */
  stacksAttested: z.number().int(),
  lastError: z.string().nullable(),
});
export type FromPeer = z.output<typeof fromPeerSchema>;
