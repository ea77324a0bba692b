/** A dispatched body as work, by its workload class, and the result of that work as text and units (coordinator.md 4 and 6). */
import { chatResultText, createdSeconds, planChat, planVision, wantsUsageChunk, type ChatPlan, type VisionPlan } from './chat.ts';
import type { WorkloadClass } from './codes.ts';
import { embeddingResultText, planEmbedding, type EmbeddingPlan } from './embeddings.ts';
import { imageResultText, imageUnits, planImage, type ImagePlan } from './images.ts';
import type { RoleOutput } from './role-tasks.ts';
import { planSpeech, speechResultText, transcriptionResultText, type SpeechPlan } from './speech.ts';
import { planWasm, type WasmPlan } from './wasm.ts';

/** Work that an engine's {@link RoleTask} does. */
export type RoleWork = { kind: 'role'; plan: { task: VisionPlan; usageChunk: boolean } | EmbeddingPlan | ImagePlan | SpeechPlan };
/** What is asked for, by the kind of work. `usageChunk`: a stream ends with its usage. */
export type Work = { kind: 'chat'; plan: ChatPlan; usageChunk: boolean } | { kind: 'wasm'; plan: WasmPlan } | RoleWork;

/** The workload class that a task's role is dispatched as (protocol.md 5.1; coordinator.md 2); fine tuning and training (6, 7) are of no class that v1 takes. */
export const workloadClassOfRole: Readonly<Record<number, WorkloadClass>> = { 0: 'ai.inference', 1: 'ai.embedding', 2: 'ai.vision', 3: 'ai.image', 4: 'ai.speech', 5: 'ai.speech' };

/** Words for a body that is not what its class says. */
export const bodyNames: Readonly<Record<string, string>> = {
  'ai.inference': 'a chat request', 'ai.vision': 'a chat request with pictures', 'ai.embedding': 'an embeddings request', 'ai.image': 'an image request',
  'ai.speech': 'a transcription or speech request', 'wasm.run': 'a WASM request',
};

/** Reads a body into work, or null when it is not one of its class (bad_payload), or the class is unknown. */
export function planWork(workloadClass: string, body: string, taskId: string): Work | null {
  switch (workloadClass) {
    case 'ai.inference': {
      const plan = planChat(body, taskId);
      return plan === null ? null : { kind: 'chat', plan, usageChunk: wantsUsageChunk(body) };
    }
    case 'ai.vision': {
      const task = planVision(body, taskId);
      return task === null ? null : { kind: 'role', plan: { task, usageChunk: wantsUsageChunk(body) } };
    }
    case 'ai.embedding':
      return roleWork(planEmbedding(parsed(body)));
    case 'ai.image':
      return roleWork(planImage(parsed(body), taskId));
    case 'ai.speech':
      return roleWork(planSpeech(parsed(body)));
    case 'wasm.run': {
      const plan = planWasm(body);
      return plan === null ? null : { kind: 'wasm', plan };
    }
    default:
      return null;
  }
}

const roleWork = (plan: RoleWork['plan'] | null): RoleWork | null => (plan === null ? null : { kind: 'role', plan });

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/** A result's text in its fixed form, and the units of `usage`. */
export type Answer = { text: string; inputUnits: bigint; outputUnits: bigint };

/** The answer of role work. @throws RangeError when the output is of another kind than the work, a bug of the engine */
export function answerOf({ plan }: RoleWork, { taskId, model }: { taskId: string; model: string }, output: RoleOutput): Answer {
  const units = (inputUnits: number, outputUnits: number, text: string): Answer => ({ text, inputUnits: BigInt(inputUnits), outputUnits: BigInt(outputUnits) });
  if (plan.task.kind === 'embed' && output.kind === 'embed' && 'encoding' in plan)
    return units(output.promptTokens, 0, embeddingResultText({ model, vectors: output.vectors, encoding: plan.encoding, promptTokens: output.promptTokens }));
  if (plan.task.kind === 'see' && output.kind === 'see') return units(output.promptTokens, output.completionTokens, chatResultText({ ...output, taskId, model }));
  if (plan.task.kind === 'draw' && output.kind === 'draw') return units(0, imageUnits(plan.task), imageResultText(createdSeconds(taskId), output.images));
  // "for audio one per 10 ms … rounded up, are `usage.output` with input 0"
  if (plan.task.kind === 'speak' && output.kind === 'speak') return units(0, output.units, speechResultText(output.audio));
  if (plan.task.kind === 'hear' && output.kind === 'hear') return units(0, output.units, transcriptionResultText(output.text));
  throw new RangeError(`${plan.task.kind} was answered as ${output.kind}`);
}
