/** Stage 2: opens the sealed envelope and reads the request; the clear text never touches disk (architecture.md, main-job step 2; coordinator.md 4). */
import { AppError } from '../../src-shared/errors.ts';
import { readPayload, sealAnswer, type ReplyTo } from '../../src-shared/link/envelope.ts';
import { bodyNames, planWork, type Work } from '../../src-shared/link/work.ts';
import type { JobKeys } from './types.ts';

/** The request in clear; lives in memory only. */
export type OpenRequest = { body: string; work: Work; replyTo: ReplyTo | null };

/**
 * Opens and checks a request.
 * @throws AppError keys.decrypt_failed; job.bad_payload for a wrong version, JSON, body or reply_to
 */
export async function openRequest(
  envelope: string,
  { taskId, workloadClass, samplingConsensus }: { taskId: string; workloadClass: string; samplingConsensus: boolean },
  keys: Pick<JobKeys, 'openEnvelope'>,
): Promise<OpenRequest> {
  const payload = readPayload(await keys.openEnvelope(envelope, taskId));
  if (payload === null) throw badPayload('it is not a version 1 payload');
  const work = readWork(payload.body, taskId, workloadClass);
  const replyTo = payload.reply_to ?? null;
  // "`reply_to` is not allowed there": somebody must be able to give the history to an attestor.
  if (replyTo !== null && samplingConsensus) throw badPayload('reply_to is not allowed under sampling consensus');
  if (replyTo !== null) await checkUsable(replyTo, taskId);
  return { body: payload.body, work, replyTo };
}

function readWork(body: string, taskId: string, workloadClass: string): Work {
  const work = planWork(workloadClass, body, taskId);
  if (work === null) throw badPayload(`its body is not ${bodyNames[workloadClass] ?? 'of a known kind'}`);
  return work;
}

/** A key may have the right shape and still be no key, such as a point off the curve: found before any work is done for it. */
async function checkUsable(replyTo: ReplyTo, taskId: string): Promise<void> {
  try {
    await sealAnswer(replyTo, new Uint8Array(0), taskId);
  } catch (caught) {
    throw new AppError('job.bad_payload', { detail: 'reply_to is not a usable key' }, { cause: caught });
  }
}

const badPayload = (detail: string): AppError => new AppError('job.bad_payload', { detail });
