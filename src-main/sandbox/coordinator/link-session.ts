/** One connection from challenge to its end: before welcome only a hello, afterwards every frame of a node (coordinator.md 3, "Messages"). */
import type { WebSocket } from 'ws';
import { linkLimits } from '../../../src-shared/link/codes.ts';
import type { NodeMessage } from '../../../src-shared/link/messages.ts';
import { signedTexts } from '../../../src-shared/link/signed-texts.ts';
import type { Logger } from '../../log/logger.ts';
import type { Schedule } from '../schedule.ts';
import { checkHello, type HelloContext, type Welcomed } from './check-hello.ts';
import { heartbeatFault, silenceLimitMs } from './judge-heartbeat.ts';
import { createLinkSocket, type LinkSocket } from './link-socket.ts';
import type { LiveNode } from './live-node.ts';
import { isSignedBy } from './signatures.ts';

type Frame<T extends NodeMessage['type']> = Extract<NodeMessage, { type: T }>;

/** What the session asks of the rest of the coordinator. A string that comes back is a protocol fault. */
export type SessionHost = Omit<HelloContext, 'nonce' | 'nowMs'> & {
  readonly heartbeatIntervalMs: number;
  readonly missedHeartbeatsAllowed: number;
  sign(text: string): Promise<string>;
  newSessionId(): string;
  /** Makes the session durable and known, and returns what the node is awaited for. */
  join(node: LiveNode): string[];
  leave(node: LiveNode, endedBy: string): void;
  onHeartbeat(node: LiveNode): void;
  onAccepted(node: LiveNode, frame: Frame<'accepted'>): void;
  onDeclined(node: LiveNode, frame: Frame<'declined'>): void;
  onChunk(node: LiveNode, frame: Frame<'chunk'>): string | null;
  onResult(node: LiveNode, frame: Frame<'result'>): Promise<void>;
  onFailure(node: LiveNode, frame: Frame<'failure'>): void;
  onDrain(node: LiveNode): void;
  onHistoryRequest(node: LiveNode, frame: Frame<'history_request'>): Promise<void>;
};

type Deps = { host: SessionHost; schedule: Schedule; now: () => number; random: () => Uint8Array; log: Logger };

/** Frames of a live session, by type. */
async function onLiveFrame(node: LiveNode, socket: LinkSocket, message: NodeMessage, deps: Deps & { heard: () => void }): Promise<void> {
  const { host } = deps;
  const { nodeId, sessionId } = node;
  const isSigned = (text: string, sig: string): Promise<boolean> => isSignedBy(node.manifest.liveness_address, text, sig);
  switch (message.type) {
    case 'hello':
      return socket.fault('a second hello');
    case 'heartbeat': {
      const { seq, ts, state, running, free_slots } = message;
      const signatureHolds = await isSigned(signedTexts.heartbeat({ sessionId, nodeId, seq, ts, state }), message.sig);
      const nowMs = deps.now();
      const fault = heartbeatFault({ expectedSeq: (node.heartbeat?.seq ?? 0) + 1, seq, ts, nowMs, signatureHolds });
      if (fault !== null) return socket.fault(fault);
      node.heartbeat = { seq, state, running, free_slots };
      deps.heard();
      host.onHeartbeat(node);
      return node.send({ type: 'heartbeat_ack', seq, ts: nowMs });
    }
    case 'accepted':
      return host.onAccepted(node, message);
    case 'declined':
      return host.onDeclined(node, message);
    case 'chunk': {
      const fault = host.onChunk(node, message);
      return fault === null ? undefined : socket.fault(fault);
    }
    case 'result':
      return host.onResult(node, message);
    case 'failure': {
      const { task_id: taskId, code, ts } = message;
      if (Math.abs(deps.now() - ts) > linkLimits.maxClockSkewMs) return socket.fault('failure ts is more than 90 s off');
      if (!(await isSigned(signedTexts.failure({ sessionId, nodeId, taskId, code, ts }), message.sig))) return socket.fault('failure signature does not hold');
      return host.onFailure(node, message);
    }
    case 'drain':
      return host.onDrain(node);
    case 'history_request': {
      const { stack_small_id: stackSmallId, after } = message;
      if (!(await isSigned(signedTexts.history({ sessionId, nodeId, stackSmallId, after }), message.sig))) return socket.fault('history_request signature does not hold');
      return host.onHistoryRequest(node, message);
    }
    case 'bye':
      return socket.close(1000, `bye ${message.code}`);
  }
}

/** Greets a new connection and serves it until it ends. */
export function openLinkSession(webSocket: WebSocket, deps: Deps): { socket: LinkSocket } {
  const { host } = deps;
  const nonce = Buffer.from(deps.random()).toString('hex');
  let phase: 'greeting' | 'checking' | 'live' = 'greeting';
  let node: LiveNode | null = null;
  let cancelTimer: () => void = () => undefined;
  const listenUntil = (limitMs: number, work: () => void): void => {
    cancelTimer();
    cancelTimer = deps.schedule(limitMs, work);
  };
  const heard = (): void =>
    listenUntil(silenceLimitMs(host.heartbeatIntervalMs, host.missedHeartbeatsAllowed), () => socket.bye('heartbeat_timeout'));

  const socket = createLinkSocket(webSocket, {
    mayCome: (message) => {
      if (message.type === 'bye' || phase === 'live') return null;
      if (phase === 'checking' || message.type !== 'hello') return `${message.type} before welcome`;
      phase = 'checking';
      return null;
    },
    onFrame: async (message) => {
      if (node !== null) return onLiveFrame(node, socket, message, { ...deps, heard });
      if (message.type === 'bye') return socket.close(1000, `bye ${message.code}`);
      if (message.type === 'hello') await greet(message);
    },
    onEnd: (endedBy) => {
      cancelTimer();
      if (node !== null) host.leave(node, endedBy);
    },
  }, deps);

  const greet = async (hello: Frame<'hello'>): Promise<void> => {
    const verdict = await checkHello(hello, { ...host, nonce, nowMs: deps.now() });
    if (socket.closed) return;
    if ('code' in verdict) {
      socket.send({ type: 'refused', ...verdict });
      deps.log.info('coordinator.refused', verdict);
      return socket.close(1000, `refused ${verdict.code}`);
    }
    welcome(verdict);
  };
  const welcome = ({ manifest, nodeSmallIds }: Welcomed): void => {
    const { send, bye, cut, answersPing } = socket;
    node = { sessionId: host.newSessionId(), nodeId: manifest.node_id, wallet: manifest.wallet_address, manifest, nodeSmallIds, heartbeat: null, held: 'no', send, bye, cut, answersPing };
    const awaiting = host.join(node);
    phase = 'live';
    heard();
    send({
      type: 'welcome',
      session_id: node.sessionId,
      heartbeat_interval_ms: host.heartbeatIntervalMs,
      missed_heartbeats_allowed: host.missedHeartbeatsAllowed,
      awaiting: awaiting as never[],
    });
  };
  const challenge = async (): Promise<void> => {
    const ts = deps.now();
    const sig = await host.sign(signedTexts.challenge({ coordinatorId: host.coordinatorId, nonce, ts }));
    socket.send({ type: 'challenge', nonce, ts, coordinator_id: host.coordinatorId, sig });
    if (phase === 'greeting' && !socket.closed) listenUntil(linkLimits.helloTimeoutMs, () => phase === 'greeting' && socket.fault('no hello within 10 s'));
  };
  challenge().catch((error: unknown) => {
    deps.log.error('coordinator.challenge_failed', { error });
    socket.close(1011, 'internal');
  });
  return { socket };
}
