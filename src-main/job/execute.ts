/** Stage 3: runs the model within its budget and streams pieces when the dispatch asks for it (architecture.md, main-job step 3; coordinator.md 4). */
import { chatChunkText } from '../../src-shared/link/chat.ts';
import { sealAnswer } from '../../src-shared/link/envelope.ts';
import type { Job } from '../core/job.ts';
import type { OpenRequest } from './decrypt.ts';
import { untilStopped } from './stop-reason.ts';
import type { Chunk, JobInference } from './types.ts';

/** What the engine gave. */
export type Execution = Awaited<ReturnType<JobInference['run']>>;

type Deps = { inference: JobInference; samplingConsensus: boolean; signal: AbortSignal; onToken(): void; onChunk(chunk: Chunk): void };

/** Runs a request; rejects with the signal's reason as soon as it is stopped. Every piece has gone out when it resolves. */
export async function execute(job: Job, request: OpenRequest, { inference, samplingConsensus, signal, onToken, onChunk }: Deps): Promise<Execution> {
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
  const execution = await untilStopped(signal, inference.run({ ...request.plan, ...budget }, { signal, onText }));
  await untilStopped(signal, sent);
  return execution;
}

/** A chunk's data: its JSON, or that JSON sealed to `reply_to`. */
async function pieceBytes({ taskId, model }: Job, { replyTo }: OpenRequest, content: string): Promise<Uint8Array> {
  const bytes = new TextEncoder().encode(chatChunkText({ taskId, model, content }));
  return replyTo === null ? bytes : new TextEncoder().encode(await sealAnswer(replyTo, bytes, taskId));
}
