/** A small strict coordinator for tests: checks every frame a node sends, and says only what the test tells it (coordinator.md 3). */
import { createHash, randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { verifyPersonalMessageSignature } from '@mysten/sui/verify';
import { WebSocketServer, type WebSocket } from 'ws';
import { manifestSchema } from '../../src-shared/link/manifest.ts';
import { nodeMessageSchema, type CoordinatorMessage, type NodeMessage } from '../../src-shared/link/messages.ts';
import { signedTexts } from '../../src-shared/link/signed-texts.ts';
import vectors from '../../src-shared/vectors/coordinator.json' with { type: 'json' };

type Frame<T extends NodeMessage['type']> = Extract<NodeMessage, { type: T }>;
type Welcome = {
  heartbeat_interval_ms?: number;
  missed_heartbeats_allowed?: number;
  awaiting?: string[];
  session_id?: string;
};

/** One connection as the test sees it. */
export type Peer = {
  /** The next frame of a type that was not taken yet; other types stay for later. */
  next<T extends NodeMessage['type']>(type: T): Promise<Frame<T>>;
  /** Everything the node sent so far, in order. */
  frames: NodeMessage[];
  send(message: CoordinatorMessage | object): void;
  sendRaw(data: string | Buffer): void;
  challenge(change?: Partial<{ ts: number; coordinator_id: string; sig: string }>): Promise<void>;
  /** Challenge, hello, welcome, first heartbeat. Checks each. */
  welcome(fields?: Welcome): Promise<Frame<'hello'>>;
  ack(result: Frame<'result'>, entryIndex: number, status?: 'accepted' | 'duplicate'): Promise<void>;
  reject(taskId: string, reason: string): Promise<void>;
  /** Resolves with the code and reason the node closed with. */
  closed: Promise<{ code: number; reason: string }>;
  drop(): void;
};

export type CoordinatorDouble = {
  url: string;
  coordinatorId: string;
  /** The next connection. */
  peer(): Promise<Peer>;
  connections(): number;
  /** What the node did wrong; must stay empty. */
  faults: string[];
  close(): Promise<void>;
};

/** Starts on a free port of 127.0.0.1; `secret` gives it another identity. */
export async function startCoordinatorDouble(
  secret: string = vectors.keys.coordinator_secret,
): Promise<CoordinatorDouble> {
  const key = Secp256k1Keypair.fromSecretKey(secret);
  const coordinatorId = key.toSuiAddress();
  const sign = async (text: string): Promise<string> =>
    (await key.signPersonalMessage(new TextEncoder().encode(text))).signature;
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    path: '/v1/link',
    maxPayload: 4 * 1024 * 1024,
    handleProtocols: (offered) => (offered.has('node-link.v1') ? 'node-link.v1' : false),
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const faults: string[] = [];
  const arrived: Peer[] = [];
  const waiting: ((peer: Peer) => void)[] = [];
  let connections = 0;
  server.on('connection', (socket) => {
    connections += 1;
    const peer = createPeer(socket, { coordinatorId, sign, fault: (text) => void faults.push(text) });
    const taker = waiting.shift();
    if (taker) taker(peer);
    else arrived.push(peer);
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/v1/link`,
    coordinatorId,
    peer: () => {
      const first = arrived.shift();
      return first ? Promise.resolve(first) : new Promise((resolve) => waiting.push(resolve));
    },
    connections: () => connections,
    faults,
    close: () =>
      new Promise((resolve) => {
        server.clients.forEach((client) => client.terminate());
        server.close(() => resolve());
      }),
  };
}

type Own = { coordinatorId: string; sign(text: string): Promise<string>; fault(text: string): void };

function createPeer(socket: WebSocket, { coordinatorId, sign, fault }: Own): Peer {
  const frames: NodeMessage[] = [];
  const untaken: NodeMessage[] = [];
  const takers: { type: string; take(frame: NodeMessage): void }[] = [];
  const nonce = randomBytes(32).toString('hex');
  const session = { id: '', seq: 0, nodeId: '', liveness: '' };
  let inbox: Promise<void> = Promise.resolve();

  socket.on('message', (data, isBinary) => {
    inbox = inbox.then(async () => {
      if (isBinary) return fault('binary frame');
      const parsed = nodeMessageSchema.safeParse(JSON.parse(String(data)));
      if (!parsed.success) return fault(`bad frame: ${String(data).slice(0, 200)} ${parsed.error.message}`);
      const frame = parsed.data;
      const problem = await check(frame, session, { coordinatorId, nonce });
      if (problem !== null) fault(problem);
      frames.push(frame);
      const index = takers.findIndex((taker) => taker.type === frame.type);
      if (index < 0) untaken.push(frame);
      else takers.splice(index, 1)[0]?.take(frame);
    });
  });
  const send = (message: object): void => socket.send(JSON.stringify(message));
  const next = <T extends NodeMessage['type']>(type: T): Promise<Frame<T>> => {
    const index = untaken.findIndex((frame) => frame.type === type);
    if (index >= 0) return Promise.resolve(untaken.splice(index, 1)[0] as Frame<T>);
    return new Promise((resolve) => takers.push({ type, take: (frame) => resolve(frame as Frame<T>) }));
  };
  const challenge: Peer['challenge'] = async (change = {}) => {
    const ts = change.ts ?? Date.now();
    const id = change.coordinator_id ?? coordinatorId;
    send({
      type: 'challenge',
      nonce,
      ts,
      coordinator_id: id,
      sig: change.sig ?? (await sign(signedTexts.challenge({ coordinatorId: id, nonce, ts }))),
    });
  };
  const ackText = (taskId: string, status: string, entryIndex: number | null): string =>
    signedTexts.ack({ coordinatorId, nodeId: session.nodeId, taskId, status, entryIndex });
  return {
    next,
    frames,
    send,
    sendRaw: (data) => socket.send(data),
    challenge,
    welcome: async (fields = {}) => {
      await challenge();
      const hello = await next('hello');
      session.id = fields.session_id ?? `s-${randomBytes(8).toString('hex')}`;
      send({
        type: 'welcome',
        heartbeat_interval_ms: 30_000,
        missed_heartbeats_allowed: 3,
        awaiting: [],
        ...fields,
        session_id: session.id,
      });
      await next('heartbeat');
      return hello;
    },
    ack: async ({ task_id }, entryIndex, status = 'accepted') =>
      send({
        type: 'result_ack',
        task_id,
        status,
        entry_index: entryIndex,
        sig: await sign(ackText(task_id, status, entryIndex)),
      }),
    reject: async (taskId, reason) =>
      send({
        type: 'result_ack',
        task_id: taskId,
        status: 'rejected',
        reason,
        sig: await sign(ackText(taskId, 'rejected', null)),
      }),
    closed: new Promise((resolve) => socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }))),
    drop: () => socket.terminate(),
  };
}

type SessionFacts = { id: string; seq: number; nodeId: string; liveness: string };

/** What is wrong with a frame, or null. */
async function check(
  frame: NodeMessage,
  session: SessionFacts,
  { coordinatorId, nonce }: { coordinatorId: string; nonce: string },
): Promise<string | null> {
  const { nodeId, id: sessionId } = session;
  const isSigned = async (text: string, signature: string): Promise<boolean> =>
    (await verifyPersonalMessageSignature(new TextEncoder().encode(text), signature)).toSuiAddress() ===
    session.liveness;
  switch (frame.type) {
    case 'hello': {
      const manifest = manifestSchema.parse(frame.manifest);
      session.nodeId = manifest.node_id;
      session.liveness = manifest.liveness_address;
      return frame.nonce === nonce &&
        (await isSigned(signedTexts.hello({ coordinatorId, nodeId: manifest.node_id, nonce, ts: frame.ts }), frame.sig))
        ? null
        : 'hello signature';
    }
    case 'heartbeat': {
      session.seq += 1;
      const text = signedTexts.heartbeat({ sessionId, nodeId, seq: session.seq, ts: frame.ts, state: frame.state });
      return frame.seq === session.seq && (await isSigned(text, frame.sig)) ? null : 'heartbeat';
    }
    case 'result': {
      const { task_id: taskId, stack_small_id: stackSmallId, compute_units: computeUnits, poe, entry } = frame;
      const bytes = Buffer.from(frame.result, 'base64');
      const proof = createHash('sha256')
        .update(taskId)
        .update(bytes)
        .update(Buffer.from(nodeId.slice(2), 'hex'))
        .digest('hex');
      if (proof !== poe) return 'poe';
      if (session.seq === 0) return 'result before the first heartbeat';
      if (computeUnits !== frame.usage.input + frame.usage.output) return 'usage';
      return (await isSigned(signedTexts.result({ nodeId, taskId, stackSmallId, computeUnits, poe, entry }), frame.sig))
        ? null
        : 'result signature';
    }
    case 'failure':
      if (session.seq === 0) return 'failure before the first heartbeat';
      return (await isSigned(
        signedTexts.failure({ sessionId, nodeId, taskId: frame.task_id, code: frame.code, ts: frame.ts }),
        frame.sig,
      ))
        ? null
        : 'failure signature';
    default:
      return null;
  }
}
