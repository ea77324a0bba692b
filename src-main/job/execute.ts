/** Stage 3: runs the work within its budget and streams pieces when the dispatch asks for it (architecture.md, main-job step 3; coordinator.md 4). */
import { chatChunkText, chatResultText, type ChatPlan } from '../../src-shared/link/chat.ts';
import { sealAnswer } from '../../src-shared/link/envelope.ts';
import { wasmResultText, wasmUnits, type WasmPlan } from '../../src-shared/link/wasm.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { Job } from '../core/job.ts';
import type { OpenRequest } from './decrypt.ts';
import { untilStopped } from './stop-reason.ts';
import type { Chunk, JobInference, JobWasm } from './types.ts';

/** What came of the work: the result's text in its fixed form, and what it used. */
export type Execution = { answer: string; inputUnits: bigint; outputUnits: bigint; fingerprint: string };

type Deps = { inference: JobInference; wasm: JobWasm | null; samplingConsensus: boolean; signal: AbortSignal; onToken(): void; onChunk(chunk: Chunk): void };

/** Runs a request; rejects with the signal's reason as soon as it is stopped. Every piece has gone out when it resolves. */
export const execute = (job: Job, request: OpenRequest, deps: Deps): Promise<Execution> =>
  request.work.kind === 'wasm' ? executeWasm(job, request.work.plan, deps) : executeChat(job, request, request.work.plan, deps);

/** A function has no pieces: its result goes out whole. */
async function executeWasm(job: Job, plan: WasmPlan, { wasm, signal }: Deps): Promise<Execution> {
  if (wasm === null) throw new AppError('bug.unexpected', { taskId: job.taskId, stage: 'wasm' }); // admission declines the class
  const { taskId, taskSmallId, maxComputeUnits } = job;
  const { fingerprint, ...ended } = await untilStopped(signal, wasm.run({ ...plan, taskId, taskSmallId, maxComputeUnits }, { signal }));
  return { answer: wasmResultText(ended), inputUnits: 0n, outputUnits: wasmUnits(ended.instructions), fingerprint };
}

async function executeChat(job: Job, request: OpenRequest, plan: ChatPlan, { inference, samplingConsensus, signal, onToken, onChunk }: Deps): Promise<Execution> {
  let seq = 0;
  // One after the other: sealing takes time and pieces keep their order.
  let sent: Promise<void> = Promise.resolve();
  const onText = (delta: string): void => {
    onToken();
    if (!job.stream || delta === '' || signal.aborted) return;
    const chunkSeq = seq++;
    sent = sent.then(async () => {
      const data = await pieceBytes(job, request, delta);
      if (!signal.aborted) onChunk({ taskId: job.taskId, seq: chunkSeq, data });
    });
    sent.catch(() => undefined); // seen below, when the run is over
  };
  const budget = { model: job.model, maxComputeUnits: Number(job.maxComputeUnits), exact: samplingConsensus };
  const { content, finishReason, promptTokens, completionTokens, fingerprint } = await untilStopped(signal, inference.run({ ...plan, ...budget }, { signal, onText }));
  await untilStopped(signal, sent);
  const answer = chatResultText({ taskId: job.taskId, model: job.model, content, finishReason, promptTokens, completionTokens });
  return { answer, inputUnits: BigInt(promptTokens), outputUnits: BigInt(completionTokens), fingerprint };
}

/** A chunk's data: its JSON, or that JSON sealed to `reply_to`. */
async function pieceBytes({ taskId, model }: Job, { replyTo }: OpenRequest, content: string): Promise<Uint8Array> {
  const bytes = new TextEncoder().encode(chatChunkText({ taskId, model, content }));
  return replyTo === null ? bytes : new TextEncoder().encode(await sealAnswer(replyTo, bytes, taskId));
}
