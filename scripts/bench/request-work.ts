/** Main-process work per request besides inference, against what cannot be avoided, measured beside it (product.md, Budgets). */
import { constants, createPublicKey, generateKeyPairSync, privateDecrypt, publicEncrypt, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { chatResultText } from '../../src-shared/link/chat.ts';
import { proofOfExecution, stackEntry } from '../../src-shared/link/proof.ts';
import { signedTexts } from '../../src-shared/link/signed-texts.ts';
import type { JobInference } from '../../src-main/job/types.ts';
import { openSqlite } from '../../src-main/platform/sqlite.ts';
import type { Benchmark } from './benchmark.ts';
import { startBenchNode, type BenchNode } from './pipeline/bench-node.ts';
import { interleave, percentile, timeOf } from './statistics.ts';

const rounds = 400;
const warmUpRounds = 60;
const model = 'sandbox/tiny-chat@0123456789ab';
const taskId = '01M7XPG0PVERF7HENE4K5HTVH9';
const body = JSON.stringify({ messages: [{ role: 'user', content: 'How far is it from the harbour to the mill, and which road is open in winter? '.repeat(6) }], max_tokens: 200 });
const content = 'The road along the river is open all year; it is four miles to the mill. '.repeat(8);
/** Size of the envelope of such a body. */
const envelopeBytes = 1_700;

/** Answers at once. */
const inference: JobInference = {
  run: async () => ({ content, finishReason: 'stop', promptTokens: 100, completionTokens: 100, fingerprint: 'none/1 cpu x64 0123456789ab' }),
};

/** The floor: only the operations that no implementation can leave out, with nothing around them. */
function createFloor(dataDir: string): () => Promise<void> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
  const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
  const sealedKey = publicEncrypt({ key: createPublicKey(privateKey), ...oaep }, Buffer.alloc(32, 7));
  const liveness = Secp256k1Keypair.generate();
  const nodeId = `0x${'ab'.repeat(32)}`;
  const answer = new TextEncoder().encode(chatResultText({ taskId, model, content, finishReason: 'stop', promptTokens: 100, completionTokens: 100 }));
  const envelope = randomBytes(envelopeBytes);
  /** The job row with its envelope before `accepted` goes out (main-job step 1); signing record, result and outbox in one (step 5). */
  const durableCommits = [envelope, answer];
  const db = openSqlite(join(dataDir, 'floor.db'));
  db.exec('CREATE TABLE kept (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT');
  return async () => {
    privateDecrypt({ key: privateKey, ...oaep }, sealedKey);
    const poe = proofOfExecution(taskId, answer, nodeId);
    const entry = Buffer.from(stackEntry(body, answer)).toString('hex');
    for (const kept of durableCommits) db.run('INSERT INTO kept (bytes) VALUES (?)', kept);
    await liveness.signPersonalMessage(new TextEncoder().encode(signedTexts.result({ nodeId, taskId, stackSmallId: 7, computeUnits: 200, poe, entry })));
  };
}

async function measure(node: BenchNode, floor: () => Promise<void>, count: number): Promise<{ node: number[]; floor: number[] }> {
  const times: { node: number[]; floor: number[] } = { node: [], floor: [] };
  await interleave(count, {
    node: async () => {
      times.node.push((await node.request({ body, model, stackSmallId: 7, maxComputeUnits: 1_000, stream: false })).workMs);
      await node.settled();
    },
    floor: async () => {
      // A request wakes a process that was waiting; so does this.
      await node.wake();
      times.floor.push(await timeOf(floor));
    },
  });
  return times;
}

/** Two figures: the middle and the tail. */
export const requestWork: Benchmark = {
  name: 'request',
  run: async ({ folder }) => {
    const dataDir = folder('request');
    const node = await startBenchNode({ dataDir, model, slots: 1, inference });
    try {
      const floor = createFloor(dataDir);
      await measure(node, floor, warmUpRounds);
      const times = await measure(node, floor, rounds);
      const figure = (share: number, budget: number) => ({
        name: `main-process work per request, p${share * 100}`,
        value: percentile(times.node, share),
        unit: 'ms',
        reference: percentile(times.floor, share),
        budget,
        of: 'ratio' as const,
        direction: 'below' as const,
        note: `request: from the dispatch frame's write to the result frame's arrival, seen by a coordinator in another process; reference: one RSA-3072 private operation, one secp256k1 personal-message signature, the hashes over the same bytes and the two durable commits the architecture asks for (envelope before "accepted"; record, result and outbox in one), each of the bytes it keeps`,
      });
      return [figure(0.5, 1.5), figure(0.99, 3)];
    } finally {
      await node.stop();
    }
  },
};
