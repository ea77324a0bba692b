/** Stage 4: result bytes in their fixed form, sealed to `reply_to` if given, the proof over the returned bytes, the entry over the clear ones (coordinator.md 4 to 6). */
import { bytesToHex } from '@noble/hashes/utils.js';
import { AppError } from '../../src-shared/errors.ts';
import { linkLimits } from '../../src-shared/link/codes.ts';
import { sealAnswer } from '../../src-shared/link/envelope.ts';
import { proofOfExecution, stackEntry } from '../../src-shared/link/proof.ts';
import type { Job, JobTiming, SigningRecord } from '../core/job.ts';
import type { OpenRequest } from './decrypt.ts';
import type { Execution } from './execute.ts';

/** What will be recorded: the text to sign and the bytes that go back. */
export type Sealed = { record: SigningRecord; returned: Uint8Array; isJwe: boolean };

/**
 * Seals and proves an answer. `timing` is asked after sealing, so that the total has everything in it.
 * @throws AppError job.result_too_large over 2 MiB before sealing; bug.unexpected when the engine went over its budget
 */
export async function sealAndProve(job: Job, request: OpenRequest, execution: Execution, { nodeId, timing }: { nodeId: string; timing(): JobTiming }): Promise<Sealed> {
  const { inputUnits, outputUnits, fingerprint } = execution;
  const computeUnits = inputUnits + outputUnits;
  // Over the lock the coordinator rejects it (over_budget): then the engine broke its promise.
  if (computeUnits > job.maxComputeUnits) throw new AppError('bug.unexpected', { taskId: job.taskId, stage: 'budget' });
  const answer = new TextEncoder().encode(execution.answer);
  if (answer.length > linkLimits.maxResultBytes) throw new AppError('job.result_too_large');
  const returned = request.replyTo === null ? answer : new TextEncoder().encode(await sealAnswer(request.replyTo, answer, job.taskId));
  return {
    returned,
    isJwe: request.replyTo !== null,
    record: {
      taskId: job.taskId,
      stackSmallId: job.stackSmallId,
      poe: proofOfExecution(job.taskId, returned, nodeId),
      entry: bytesToHex(stackEntry(request.body, answer)),
      computeUnits,
      inputUnits,
      outputUnits,
      fingerprint,
      timing: timing(),
    },
  };
}
