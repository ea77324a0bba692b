/** Runs one request of a history again; the answer is a pure function of body, task_id, model and max_compute_units (coordinator.md 4 and 7). The clear text stays in memory and goes nowhere. */
import { bytesToHex } from '@noble/hashes/utils.js';
import { AppError } from '../../src-shared/errors.ts';
import { chatResultText, planChat } from '../../src-shared/link/chat.ts';
import { readPayload } from '../../src-shared/link/envelope.ts';
import { stackEntry } from '../../src-shared/link/proof.ts';
import type { Executed } from '../core/attest-verdict.ts';
import type { HistoryEntry } from '../core/attest-rows.ts';
import type { RerunDeps } from './types.ts';

/**
 * The entry as this node computes it, and what computed it.
 * @throws AppError keys.decrypt_failed, job.bad_payload for a history that cannot be run; what the engine throws; the signal's reason
 */
export async function rerun(item: HistoryEntry, { openEnvelope, run }: RerunDeps, signal: AbortSignal): Promise<Executed> {
  if (item.envelope === null) throw new AppError('job.bad_envelope');
  const payload = readPayload(await openEnvelope(item.envelope, item.taskId));
  if (payload === null) throw new AppError('job.bad_payload', { detail: 'it is not a version 1 payload' });
  const plan = planChat(payload.body, item.taskId);
  if (plan === null) throw new AppError('job.bad_payload', { detail: 'its body is not a chat request' });
  // "no reply_to": an answer that was sealed to the buyer has no history.
  if (payload.reply_to !== undefined) throw new AppError('job.bad_payload', { detail: 'reply_to is not allowed under sampling consensus' });
  const { taskId, model, maxComputeUnits } = item;
  const { content, finishReason, promptTokens, completionTokens, fingerprint } = await run({ ...plan, model, maxComputeUnits }, { signal });
  const answer = new TextEncoder().encode(chatResultText({ taskId, model, content, finishReason, promptTokens, completionTokens }));
  return { entry: bytesToHex(stackEntry(payload.body, answer)), fingerprint };
}
