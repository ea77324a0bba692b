/** Opens the watcher of the second node over what the sandbox remembers of it: its passphrase and how it is to behave. */
import { join } from 'node:path';
import { z } from 'zod';
import { secondNodeModeSchema, type SecondNodeMode } from '../../../src-shared/bridge/views.ts';
import type { SpawnChild } from '../../platform/processes.ts';
import { createPeer, type Peer, type PeerDeps } from './create-peer.ts';

/** Settings of the sandbox as the second node uses them. */
type Memory = { setting<T>(name: string, shape: z.ZodType<T>): T | null; remember(name: string, value: unknown): void };

type Options = { /** The sandbox's folder. */ readonly dataDir: string; /** Null: there is no task under sampling consensus. */ readonly taskSmallId: bigint | null };
type Deps = Omit<PeerDeps, 'spawn'> & {
  readonly store: Memory;
  /** 32 fresh bytes. */
  readonly random: () => Uint8Array;
  /** Left out: this network has no second node. */
  readonly secondNode?: { readonly module: string; readonly spawn: SpawnChild };
};

/** Folder of the second node inside the sandbox's. */
export const peerFolder = 'second-node';
const modeKey = 'second_node_mode';
const passphraseKey = 'second_node_passphrase';

const noProcess: SpawnChild = () => {
  throw new Error('this network was started without a second node');
};

/** The second node, as honest as it was left; new ones are. */
export function openPeer(options: Options, deps: Deps): Peer {
  const { store, random, secondNode, ...rest } = deps;
  let passphrase = store.setting(passphraseKey, z.string());
  if (passphrase === null) {
    passphrase = Buffer.from(random()).toString('base64url');
    store.remember(passphraseKey, passphrase);
  }
  const peer = createPeer(
    {
      module: options.taskSmallId === null ? null : (secondNode?.module ?? null),
      dataDir: join(options.dataDir, peerFolder),
      passphrase,
      mode: store.setting(modeKey, secondNodeModeSchema) ?? 'honest',
      taskSmallId: options.taskSmallId ?? 0n,
    },
    { ...rest, spawn: secondNode?.spawn ?? noProcess },
  );
  return {
    ...peer,
    setMode: (mode: SecondNodeMode) => {
      store.remember(modeKey, mode);
      peer.setMode(mode);
    },
  };
}
