/** Embeds a batch in parts that run beside each other; each input is computed by itself, so that the parts change no bit of the answer (coordinator.md 4, ai.embedding; issue 4, item 9). */
import { AppError } from '../../src-shared/errors.ts';
import type { RoleRequest, RoleResult } from '../../src-shared/link/role-tasks.ts';
import type { Parts, Slices } from './slices.ts';
import type { JobInference } from './types.ts';

/** Inputs of one part: enough to be worth a message to the engine, and few enough that others get their turn. */
const inputsPerPart = 16;

type Perform = NonNullable<JobInference['perform']>;

/** As `perform`; a batch of embeddings goes in parts. @throws as it; AppError inference.input_too_large as soon as the parts together are over the budget */
export async function performSliced(request: RoleRequest, taskSmallId: bigint, { perform, slices }: { perform: Perform; slices: Slices }, options: Parameters<Perform>[1]): Promise<RoleResult> {
  if (request.kind !== 'embed') return perform(request, options);
  let promptTokens = 0;
  const partAt = (from: number) => async (signal: AbortSignal) => {
    const result = await perform({ ...request, inputs: request.inputs.slice(from, from + inputsPerPart) }, { ...options, signal });
    if (result.kind !== 'embed') throw new AppError('bug.unexpected', { detail: `embed was answered as ${result.kind}` });
    promptTokens += result.promptTokens;
    if (promptTokens > request.maxComputeUnits) throw new AppError('inference.input_too_large');
    return result;
  };
  const starts = Array.from({ length: Math.ceil(request.inputs.length / inputsPerPart) }, (_, index) => index * inputsPerPart);
  const parts = starts.map(partAt) as unknown as Parts<Extract<RoleResult, { kind: 'embed' }>>; // a batch is never empty
  const results = await slices.run(taskSmallId, parts, options.signal);
  return { kind: 'embed', vectors: results.flatMap(({ vectors }) => vectors), promptTokens, fingerprint: results[0].fingerprint };
}
