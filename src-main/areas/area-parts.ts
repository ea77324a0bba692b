/** What the areas of the bridge are assembled from: the live parts of the node, and what every area asks of them (decision 0005). */
import type { KeysView } from '../../src-shared/bridge/views.ts';
import type { Topic } from '../../src-shared/bridge/index.ts';
import type { Coin } from '../../src-shared/domain/amounts.ts';
import type { StateWithReason } from '../../src-shared/domain/node-state.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { RateKeeper } from '../economics/rate-keeper.ts';
import type { Engines } from '../engines/types.ts';
import type { Inference, ReadyModel } from '../inference/types.ts';
import type { OpenNetwork } from '../node/node-network.ts';
import type { NodeHardware } from '../node/node-hardware.ts';
import type { NodeModels } from '../node/node-models.ts';
import type { NodeDeps, NodeOptions } from '../node/node-parts.ts';
import type { NodeRemote } from '../node/node-remote.ts';
import type { Session } from '../session/session-parts.ts';
import type { NodeTransitions } from '../store/node-transitions.ts';
import type { ParkedRow, Store } from '../store/open.ts';
import type { PowerLog } from '../store/power.ts';
import type { Preferences } from '../store/preferences.ts';
import type { Hardware } from '../system/hardware.ts';

/** The live parts; those that come and go are read by a function. */
export type AreaParts = {
  options: NodeOptions;
  deps: Pick<NodeDeps, 'openSecurePage' | 'logRing' | 'now' | 'log' | 'browsers'>;
  preferences: Preferences;
  transitions: NodeTransitions;
  hardware(): Promise<Hardware>;
  /** GPUs, switches, and what holds work back. */
  care: NodeHardware;
  sqliteVersion: string;
  inference: Inference;
  models(): readonly ReadyModel[];
  modelStore: NodeModels;
  engines: Engines;
  /** Fiat rates of coins by day. */
  rates: RateKeeper;
  /** Energy as it was measured. */
  power: Pick<PowerLog, 'since'>;
  rescanModels(): Promise<void>;
  /** Tokens, idle time and the list of other consoles. */
  remote: NodeRemote;
  keysView(): KeysView;
  lockKeys(): Promise<void>;
  network(): OpenNetwork | null;
  session(): Session | null;
  /** @throws AppError setup.not_ready, keys.locked, keys.not_created */
  needSession(): Session;
  state(): StateWithReason & { sinceMs: number };
  parkedRows(): ParkedRow[];
  /** Open databases by the name they are shown under. */
  databases(): { name: string; store: Store }[];
  useNetwork(id: string): Promise<void>;
  warmUp(): Promise<void>;
  changed(topic: Topic): void;
};

/** Shown while no network is chosen. */
export const noCoin: Coin = { type: 'unknown', symbol: 'TOMA', decimals: 9 };

/** A session whose chain was read once: before that, amounts are unknown and not zero. */
export function needChain(parts: AreaParts): Session {
  const session = parts.needSession();
  if (session.chain.snapshot().readAtMs === null) throw new AppError('chain.not_ready');
  return session;
}
