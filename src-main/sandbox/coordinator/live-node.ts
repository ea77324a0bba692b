/** A node with a live session as the dispatcher sees it: what it offers, what it said last, how to reach it. */
import type { Manifest } from '../../../src-shared/link/manifest.ts';
import type { CoordinatorMessage, HeartbeatMessage } from '../../../src-shared/link/messages.ts';

/** One live session; mutable facts are changed by the session only. */
export type LiveNode = {
  readonly sessionId: string;
  readonly nodeId: string;
  readonly wallet: string;
  readonly manifest: Manifest;
  /** Numbers of the wallet's enabled nodes on chain. */
  nodeSmallIds: readonly bigint[];
  /** Last heartbeat; null before the first one. */
  heartbeat: Pick<HeartbeatMessage, 'seq' | 'state' | 'running' | 'free_slots'> | null;
  /** Set by `paused` and `busy`, and by a drain: nothing is sent until a heartbeat shows a free slot (never, for a drain). */
  held: 'no' | 'until_free' | 'draining';
  send(message: CoordinatorMessage): void;
  bye(code: string, message?: string): void;
  cut(): void;
  answersPing(timeoutMs: number): Promise<boolean>;
};

/** The node's copy of a served model as `<name>@<revision>`; null when it has none on disk. */
export const modelOn = (node: LiveNode, modelName: string): string | null =>
  node.manifest.models.find((model) => model.slice(0, model.lastIndexOf('@')) === modelName) ?? null;
