/** Stage 3: runs the work within its budget and streams pieces when the dispatch asks for it (architecture.md, main-job step 3; coordinator.md 4). */
import { chatChunkText, chatResultText, chatUsageChunkText, type ChatPlan } from '../../src-shared/link/chat.ts';
import { sealAnswer } from '../../src-shared/link/envelope.ts';
import { wasmResultText, wasmUnits, type WasmPlan } from '../../src-shared/link/wasm.ts';
import { answerOf, type RoleWork } from '../../src-shared/link/work.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { Job } from '../core/job.ts';
import type { OpenRequest } from './decrypt.ts';
import { untilStopped } from './stop-reason.ts';
import type { Slices } from './slices.ts';
import { performSliced } from './sliced-embedding.ts';
import type { Chunk, JobInference, JobWasm } from './types.ts';

/** What came of the work: the result's text in its fixed form, and what it used. */
export type Execution = { answer: string; inputUnits: bigint; outputUnits: bigint; fingerprint: string };

type Deps = { inference: JobInference; wasm: JobWasm | null; slices: Slices; samplingConsensus: boolean; /** The request stays on this machine. */ here: boolean; signal: AbortSignal; onToken(): void; onChunk(chunk: Chunk): void };

/** Runs a request; rejects with the signal's reason as soon as it is stopped. Every piece has gone out when it resolves. */
export function execute(job: Job, request: OpenRequest, deps: Deps): Promise<Execution> {
  switch (request.work.kind) {
    case 'wasm':
      return executeWasm(job, request.work.plan, deps);
    case 'role':
      return executeRole(job, request, request.work, deps);
    case 'chat':
      return executeChat(job, request, request.work, deps);
  }
}

/** A function has no pieces: its result goes out whole. The calls of a map come as tasks of their own, and share the slots fairly with everything else that is sliced. */
async function executeWasm(job: Job, plan: WasmPlan, { wasm, slices, signal }: Deps): Promise<Execution> {
  if (wasm === null) throw new AppError('bug.unexpected', { taskId: job.taskId, stage: 'wasm' }); // admission declines the class
  const { taskId, taskSmallId, maxComputeUnits } = job;
  const [{ fingerprint, ...ended }] = await untilStopped(signal, slices.run(taskSmallId, [(ownSignal) => wasm.run({ ...plan, taskId, taskSmallId, maxComputeUnits }, { signal: ownSignal })], signal));
  return { answer: wasmResultText(ended), inputUnits: 0n, outputUnits: wasmUnits(ended.instructions), fingerprint };
}

async function executeChat(job: Job, request: OpenRequest, { plan, usageChunk }: { plan: ChatPlan; usageChunk: boolean }, deps: Deps): Promise<Execution> {
  const { inference, samplingConsensus, here, signal } = deps;
  const stream = createPieces(job, request, deps);
  const budget = { model: job.model, maxComputeUnits: Number(job.maxComputeUnits), exact: samplingConsensus };
  const { fingerprint, ...ended } = await untilStopped(signal, inference.run({ ...plan, ...budget }, { signal, here, onText: stream.onText }));
  await stream.end(usageChunk ? ended : null);
  const { promptTokens, completionTokens } = ended;
  return { answer: chatResultText({ ...ended, taskId: job.taskId, model: job.model }), inputUnits: BigInt(promptTokens), outputUnits: BigInt(completionTokens), fingerprint };
}

/** Vision streams as chat does; all else goes out whole. */
async function executeRole(job: Job, request: OpenRequest, work: RoleWork, deps: Deps): Promise<Execution> {
  const { inference, slices, samplingConsensus, here, signal } = deps;
  if (inference.perform === undefined) throw new AppError('inference.no_pipeline', { work: work.plan.task.kind }); // admission declines the class
  const stream = createPieces(job, request, deps);
  const budget = { model: job.model, maxComputeUnits: Number(job.maxComputeUnits), exact: samplingConsensus };
  const output = await untilStopped(signal, performSliced({ ...work.plan.task, ...budget }, job.taskSmallId, { perform: inference.perform, slices }, { signal, here, onText: stream.onText }));
  const wantsUsage = 'usageChunk' in work.plan && work.plan.usageChunk && output.kind === 'see';
  await stream.end(wantsUsage ? output : null);
  const { text, inputUnits, outputUnits } = answerOf(work, job, output);
  return { answer: text, inputUnits, outputUnits, fingerprint: output.fingerprint };
}

type Usage = { promptTokens: number; completionTokens: number };

/** The pieces of one answer, sent one after the other: sealing takes time and they keep their order. */
function createPieces(job: Job, request: OpenRequest, { signal, onToken, onChunk }: Deps): { onText(delta: string): void; end(usage: Usage | null): Promise<void> } {
  const { taskId, model } = job;
  let seq = 0;
  let sent: Promise<void> = Promise.resolve();
  const send = (text: string): void => {
    const chunkSeq = seq++;
    sent = sent.then(async () => {
      const data = await pieceBytes(job, request, text);
      if (!signal.aborted) onChunk({ taskId, seq: chunkSeq, data });
    });
    sent.catch(() => undefined); // seen at the end, when the run is over
  };
  return {
    onText: (delta) => {
      onToken();
      if (job.stream && delta !== '' && !signal.aborted) send(chatChunkText({ taskId, model, content: delta }));
    },
    end: async (usage) => {
      if (job.stream && usage !== null && !signal.aborted) send(chatUsageChunkText({ taskId, model, ...usage }));
      await untilStopped(signal, sent);
    },
  };
}

/** A chunk's data: its JSON, or that JSON sealed to `reply_to`. */
async function pieceBytes({ taskId }: Job, { replyTo }: OpenRequest, text: string): Promise<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  return replyTo === null ? bytes : new TextEncoder().encode(await sealAnswer(replyTo, bytes, taskId));
}
