/** A minimal coordinator in a process of its own: welcomes one node, dispatches what the bench asks for, signs receipts, and takes the time from outside (coordinator.md 3). */
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { ulid } from 'ulid';
import { WebSocketServer, type WebSocket } from 'ws';
import { linkLimits } from '../../../src-shared/link/codes.ts';
import { sealForNode } from '../../../src-shared/link/envelope.ts';
import type { Manifest } from '../../../src-shared/link/manifest.ts';
import type { NodeMessage } from '../../../src-shared/link/messages.ts';
import { signedTexts } from '../../../src-shared/link/signed-texts.ts';
import { connectParent } from '../../../src-main/platform/processes.ts';
import type { BenchRequest, FromCoordinator, ToCoordinator } from './coordinator-messages.ts';

const parent = connectParent();
const tell = (message: FromCoordinator): void => parent.send(message);
const key = Secp256k1Keypair.generate();
const coordinatorId = key.toSuiAddress();
const sign = async (text: string): Promise<string> => (await key.signPersonalMessage(new TextEncoder().encode(text))).signature;
const nextEntry = new Map<number, number>();
const sent = new Map<string, BenchRequest & { sentAt: number; chunks: number }>();
let socket: WebSocket | null = null;
let node: Manifest | null = null;

const write = (frame: object): void => socket?.send(JSON.stringify(frame));

async function challenge(): Promise<void> {
  const nonce = randomBytes(32).toString('hex');
  const ts = Date.now();
  write({ type: 'challenge', nonce, ts, coordinator_id: coordinatorId, sig: await sign(signedTexts.challenge({ coordinatorId, nonce, ts })) });
}

async function dispatch(request: BenchRequest): Promise<void> {
  if (node === null) return tell({ kind: 'failed', id: request.id, why: 'no node is linked' });
  const taskId = ulid();
  const envelope = await sealForNode({ v: 1, body: request.body }, { publicKeyPem: node.pubkey_rsa, nodeId: node.node_id, taskId });
  const { model, stackSmallId, maxComputeUnits, stream } = request;
  const frame = {
    type: 'dispatch', task_id: taskId, task_small_id: 1, stack_small_id: stackSmallId, workload_class: 'ai.inference', model,
    max_compute_units: maxComputeUnits, deadline_ts: Date.now() + 600_000, stream, envelope,
  };
  sent.set(taskId, { ...request, sentAt: performance.now(), chunks: 0 });
  write(frame);
}

async function acknowledge(taskId: string): Promise<void> {
  const request = sent.get(taskId);
  if (request === undefined || node === null) return;
  const elapsedMs = performance.now() - request.sentAt;
  sent.delete(taskId);
  const entryIndex = nextEntry.get(request.stackSmallId) ?? 0;
  nextEntry.set(request.stackSmallId, entryIndex + 1);
  const sig = await sign(signedTexts.ack({ coordinatorId, nodeId: node.node_id, taskId, status: 'accepted', entryIndex }));
  write({ type: 'result_ack', task_id: taskId, status: 'accepted', entry_index: entryIndex, sig });
  tell({ kind: 'answered', id: request.id, elapsedMs, chunks: request.chunks });
}

function fail(taskId: string, why: string): void {
  const request = sent.get(taskId);
  if (request !== undefined) tell({ kind: 'failed', id: request.id, why });
}

/** Frames are this project's own: their schemas have their own tests. */
async function handle(frame: NodeMessage): Promise<void> {
  switch (frame.type) {
    case 'hello':
      node = frame.manifest as unknown as Manifest;
      return write({ type: 'welcome', session_id: randomBytes(8).toString('hex'), heartbeat_interval_ms: 30_000, missed_heartbeats_allowed: 3, awaiting: [] });
    case 'heartbeat':
      write({ type: 'heartbeat_ack', seq: frame.seq, ts: Date.now() });
      if (frame.seq === 1) tell({ kind: 'linked' });
      return;
    case 'chunk': {
      const request = sent.get(frame.task_id);
      if (request !== undefined) request.chunks += 1;
      return;
    }
    case 'result':
      return acknowledge(frame.task_id);
    case 'declined':
    case 'failure':
      return fail(frame.task_id, frame.code);
    default:
  }
}

const server = new WebSocketServer({
  host: '127.0.0.1', port: 0, path: '/v1/link', maxPayload: linkLimits.maxFrameBytes,
  handleProtocols: (offered) => (offered.has(linkLimits.subprotocol) ? linkLimits.subprotocol : false),
});
server.on('connection', (connected) => {
  socket = connected;
  connected.on('message', (data) => void handle(JSON.parse(String(data)) as NodeMessage));
  void challenge();
});
server.on('listening', () => tell({ kind: 'ready', url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/v1/link`, coordinatorId }));
parent.onMessage((message) => {
  const order = message as ToCoordinator;
  if (order.kind === 'stop') process.exit(0);
  if (order.kind === 'wake') tell({ kind: 'awake', id: order.id });
  else void dispatch(order.request);
});
parent.onClose(() => process.exit(0));
