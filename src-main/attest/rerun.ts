/** Runs one request of a history again; the answer is a pure function of body, task_id, model and max_compute_units (coordinator.md 4 and 7). The clear text stays in memory and goes nowhere. */
import { bytesToHex } from '@noble/hashes/utils.js';
import { AppError } from '../../src-shared/errors.ts';
import { chatResultText } from '../../src-shared/link/chat.ts';
import { readPayload } from '../../src-shared/link/envelope.ts';
import { stackEntry } from '../../src-shared/link/proof.ts';
import { wasmResultText } from '../../src-shared/link/wasm.ts';
import { answerOf, bodyNames, planWork } from '../../src-shared/link/work.ts';
import type { Executed } from '../core/attest-verdict.ts';
import type { HistoryEntry } from '../core/attest-rows.ts';
import type { RerunDeps } from './types.ts';

/**
 * The entry as this node computes it, and what computed it.
 * @throws AppError keys.decrypt_failed, job.bad_payload for a history that cannot be run; what the engine throws; the signal's reason
 */
export async function rerun(item: HistoryEntry, deps: RerunDeps, signal: AbortSignal): Promise<Executed> {
  if (item.envelope === null) throw new AppError('job.bad_envelope');
  const payload = readPayload(await deps.openEnvelope(item.envelope, item.taskId));
  if (payload === null) throw new AppError('job.bad_payload', { detail: 'it is not a version 1 payload' });
  // "no reply_to": an answer that was sealed to the buyer has no history.
  if (payload.reply_to !== undefined) throw new AppError('job.bad_payload', { detail: 'reply_to is not allowed under sampling consensus' });
  const { text, fingerprint } = await answered(item, payload.body, deps, signal);
  return { entry: bytesToHex(stackEntry(payload.body, new TextEncoder().encode(text))), fingerprint };
}

/** The result's text as this node computes it. */
async function answered({ taskId, workloadClass, model, maxComputeUnits }: HistoryEntry, body: string, { run, perform, wasm }: RerunDeps, signal: AbortSignal): Promise<{ text: string; fingerprint: string }> {
  const work = planWork(workloadClass, body, taskId);
  if (work === null) throw new AppError('job.bad_payload', { detail: `its body is not ${bodyNames[workloadClass] ?? 'of a known kind'}` });
  if (work.kind === 'wasm') {
    const engine = wasm?.() ?? null;
    if (engine === null) throw new AppError('wasm.process_died');
    // Clock and chance of a function come from its task id: the same on every machine (decision 0017).
    const { fingerprint, ...ended } = await engine.run({ ...work.plan, taskId, maxComputeUnits: BigInt(maxComputeUnits) }, { signal });
    return { text: wasmResultText(ended), fingerprint };
  }
  const order = { model, maxComputeUnits };
  if (work.kind === 'chat') {
    const { fingerprint, ...ended } = await run({ ...work.plan, ...order }, { signal });
    return { text: chatResultText({ ...ended, taskId, model }), fingerprint };
  }
  if (perform === undefined) throw new AppError('inference.no_pipeline', { work: work.plan.task.kind });
  const output = await perform({ ...work.plan.task, ...order }, { signal });
  return { text: answerOf(work, { taskId, model }, output).text, fingerprint: output.fingerprint };
}
