/** A small node for tests that speaks link v1 to the letter, and can be told to break it: manifest, hello, heartbeats, results (coordinator.md 2 to 6). */
import { constants, createPrivateKey, createPublicKey, sign as rsaSign } from 'node:crypto';
import type { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { compactDecrypt, importPKCS8 } from 'jose';
import WebSocket from 'ws';
import { chatResultText } from '../../../src-shared/link/chat.ts';
import { linkLimits } from '../../../src-shared/link/codes.ts';
import { readPayload, sealAnswer, type Payload } from '../../../src-shared/link/envelope.ts';
import { coordinatorMessageSchema, type CoordinatorMessage, type Dispatch, type Welcome } from '../../../src-shared/link/messages.ts';
import { proofOfExecution, stackEntry } from '../../../src-shared/link/proof.ts';
import { signedTexts } from '../../../src-shared/link/signed-texts.ts';
import { canonicalJson } from '../../platform/canonical-json.ts';
import { isSignedBy, nodeIdOf } from './signatures.ts';

type Json = Record<string, unknown>;

/** The three keys of a node. */
export type NodeKeys = { readonly rsaPem: string; readonly operator: Secp256k1Keypair; readonly liveness: Secp256k1Keypair };

const signText = async (key: Secp256k1Keypair, text: string): Promise<string> => (await key.signPersonalMessage(new TextEncoder().encode(text))).signature;

/** Identity that follows from the keys. */
export function identityOf(keys: NodeKeys): { nodeId: string; wallet: string; liveness: string; publicKeyPem: string } {
  const key = createPublicKey(createPrivateKey(keys.rsaPem));
  return { nodeId: nodeIdOf(key), wallet: keys.operator.toSuiAddress(), liveness: keys.liveness.toSuiAddress(), publicKeyPem: key.export({ type: 'spki', format: 'pem' }) as string };
}

/** A signed manifest; `changes` replace fields before signing, `after` once it is signed. */
export async function makeManifest(keys: NodeKeys, nowMs: number, changes: Json = {}, after: Json = {}): Promise<Json> {
  const { nodeId, wallet, liveness, publicKeyPem } = identityOf(keys);
  const unsigned: Json = {
    node_id: nodeId, wallet_address: wallet, liveness_address: liveness,
    wallet_sig: await signText(keys.operator, signedTexts.bind({ nodeId, livenessAddress: liveness, walletAddress: wallet })),
    pubkey_rsa: publicKeyPem, hardware_tier: 1, cpu: { model: 'test', cores: 2, ram_gb: 4 }, gpu: [], region: 'eu-west',
    workload_classes: ['ai.inference'], models: ['sandbox/tiny-chat@0123456789ab'], max_parallel_subtasks: 2, client_version: '0.1.0',
    issued_at: new Date(nowMs).toISOString(), ...changes,
  };
  const signature = rsaSign('sha256', canonicalJson(unsigned), { key: keys.rsaPem, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
  return { ...unsigned, signature: `rsa(0x${signature.toString('hex')})`, ...after };
}

/** What a test may bend in a result. */
export type ResultBend = { taskId?: string; stackSmallId?: number; signer?: Secp256k1Keypair; poe?: string; entry?: string; computeUnits?: number; usage?: { input: number; output: number }; content?: string };

type Closed = { readonly code: number; readonly reason: string };
type Waiting = { type: string; resolve: (message: CoordinatorMessage) => void; reject: (error: Error) => void };

/** A connection of such a node. */
export type StrictNode = Awaited<ReturnType<typeof connectNode>>;

/** Connects and receives the challenge, whose signature is checked. */
export async function connectNode(url: string, keys: NodeKeys, deps: { now: () => number }, protocols: string[] = [linkLimits.subprotocol]) {
  const socket = new WebSocket(url, protocols, { perMessageDeflate: false, autoPong: false });
  const arrived: CoordinatorMessage[] = [];
  let waiting: Waiting[] = [];
  let pongs = true;
  const closed = new Promise<Closed>((resolve) => socket.on('close', (code, reason) => {
    const end = { code, reason: reason.toString() };
    waiting.forEach((wait) => wait.reject(new Error(`closed ${code} ${end.reason} while waiting for ${wait.type}`)));
    waiting = [];
    resolve(end);
  }));
  socket.on('ping', (data) => pongs && socket.pong(data));
  socket.on('message', (data) => {
    const message = coordinatorMessageSchema.parse(JSON.parse(String(data)));
    const wait = waiting.find(({ type }) => type === message.type);
    if (wait === undefined) return void arrived.push(message);
    waiting = waiting.filter((other) => other !== wait);
    wait.resolve(message);
  });
  /** The next frame of this type; others stay for later. */
  const next = <T extends CoordinatorMessage['type']>(type: T): Promise<Extract<CoordinatorMessage, { type: T }>> =>
    new Promise((resolve, reject) => {
      const place = arrived.findIndex((message) => message.type === type);
      if (place >= 0) return resolve(arrived.splice(place, 1)[0] as Extract<CoordinatorMessage, { type: T }>);
      if (socket.readyState >= WebSocket.CLOSING) return reject(new Error(`closed before ${type}`));
      waiting.push({ type, resolve: resolve as Waiting['resolve'], reject });
    });
  const send = (message: Json): void => socket.send(JSON.stringify(message));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const challenge = await next('challenge');
  const { coordinator_id: coordinatorId, nonce } = challenge;
  if (!(await isSignedBy(coordinatorId, signedTexts.challenge({ coordinatorId, nonce, ts: challenge.ts }), challenge.sig))) throw new Error('challenge signature');
  const { nodeId } = identityOf(keys);
  let welcome: Welcome | null = null;
  let seq = 0;
  const sessionId = (): string => welcome?.session_id ?? '';

  const hello = async (bend: { manifest?: Json; ts?: number; nonce?: string; signer?: Secp256k1Keypair } = {}): Promise<void> => {
    const ts = bend.ts ?? deps.now();
    const shown = bend.nonce ?? nonce;
    const sig = await signText(bend.signer ?? keys.liveness, signedTexts.hello({ coordinatorId, nodeId, nonce: shown, ts }));
    send({ type: 'hello', manifest: bend.manifest ?? (await makeManifest(keys, deps.now())), nonce: shown, ts, sig });
  };
  const heartbeat = async (bend: { seq?: number; ts?: number; signer?: Secp256k1Keypair; state?: string; running?: number; free?: number } = {}): Promise<void> => {
    seq = bend.seq ?? seq + 1;
    const ts = bend.ts ?? deps.now();
    const state = bend.state ?? 'READY';
    const sig = await signText(bend.signer ?? keys.liveness, signedTexts.heartbeat({ sessionId: sessionId(), nodeId, seq, ts, state }));
    send({ type: 'heartbeat', seq, ts, state, running: bend.running ?? 0, free_slots: bend.free ?? 2, gpu: [], sig });
  };
  const open = async (dispatch: Dispatch): Promise<Payload> => {
    const { plaintext, protectedHeader } = await compactDecrypt(dispatch.envelope, await importPKCS8(keys.rsaPem, 'RSA-OAEP-256'));
    const payload = readPayload(plaintext);
    if (payload === null || protectedHeader['tid'] !== dispatch.task_id || protectedHeader.kid !== nodeId) throw new Error('envelope');
    return payload;
  };
  return {
    coordinatorId, nodeId, next, send, hello, heartbeat, open, closed, socket,
    sessionId,
    /** Stops answering pings, like a process that hangs. */
    hang: () => void (pongs = false),
    /** Hello, welcome, first heartbeat and its ack. */
    enter: async (manifest?: Json): Promise<Welcome> => {
      await hello(manifest === undefined ? {} : { manifest });
      welcome = await next('welcome');
      await heartbeat();
      await next('heartbeat_ack');
      return welcome;
    },
    /** Makes the result frame of a dispatch as a real node would, then bends it. */
    result: async (dispatch: Dispatch, bend: ResultBend = {}): Promise<Json> => {
      const { body, reply_to: replyTo } = await open(dispatch);
      const usage = bend.usage ?? { input: 30, output: 10 };
      const text = chatResultText({ taskId: dispatch.task_id, model: dispatch.model, content: bend.content ?? 'An answer.', finishReason: 'stop', promptTokens: usage.input, completionTokens: usage.output });
      const clear = new TextEncoder().encode(text);
      const bytes = replyTo === undefined ? clear : new TextEncoder().encode(await sealAnswer(replyTo, clear, dispatch.task_id));
      const taskId = bend.taskId ?? dispatch.task_id;
      const stackSmallId = bend.stackSmallId ?? dispatch.stack_small_id;
      const computeUnits = bend.computeUnits ?? usage.input + usage.output;
      const poe = bend.poe ?? proofOfExecution(dispatch.task_id, bytes, nodeId);
      const entry = bend.entry ?? Buffer.from(stackEntry(body, clear)).toString('hex');
      const sig = await signText(bend.signer ?? keys.liveness, signedTexts.result({ nodeId, taskId, stackSmallId, computeUnits, poe, entry }));
      return {
        type: 'result', task_id: taskId, stack_small_id: stackSmallId, result: Buffer.from(bytes).toString('base64'), poe, entry, compute_units: computeUnits,
        usage, fingerprint: 'test/1 cpu x64 0123456789ab', timing: { queued_ms: 0, decrypt_ms: 1, execute_ms: 2, total_ms: 3 }, sig,
      };
    },
    /** The next result_ack; its signature must hold. */
    ack: async () => {
      const ack = await next('result_ack');
      const text = signedTexts.ack({ coordinatorId, nodeId, taskId: ack.task_id, status: ack.status, entryIndex: ack.entry_index ?? null });
      if (!(await isSignedBy(coordinatorId, text, ack.sig))) throw new Error('ack signature');
      return ack;
    },
    failure: async (taskId: string, code: string, bend: { ts?: number; signer?: Secp256k1Keypair } = {}): Promise<void> => {
      const ts = bend.ts ?? deps.now();
      const sig = await signText(bend.signer ?? keys.liveness, signedTexts.failure({ sessionId: sessionId(), nodeId, taskId, code, ts }));
      send({ type: 'failure', task_id: taskId, code, ts, sig });
    },
    requestHistory: async (stackSmallId: number, after: number, signer = keys.liveness): Promise<void> => {
      const sig = await signText(signer, signedTexts.history({ sessionId: sessionId(), nodeId, stackSmallId, after }));
      send({ type: 'history_request', stack_small_id: stackSmallId, after, sig });
    },
    leave: () => socket.close(1000),
  };
}
