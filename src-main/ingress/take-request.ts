/** A direct request from its headers and body to work of the pipeline: signature, stack, model, units, and never twice (protocol.md 7.5 and 7.6; coordinator.md 6). */
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { sealForNode } from '../../src-shared/link/envelope.ts';
import { blake2b256 } from '../../src-shared/link/proof.ts';
import type { WorkloadClass } from '../../src-shared/link/codes.ts';
import { IngressRefusal, refusalOfDecline } from './answers.ts';
import type { createStackFinder } from './find-stack.ts';
import { mostUnits, unitsToLock, type IngressRoute } from './plan-units.ts';
import type { IngressAnswer, IngressDeps, IngressLimits, IngressStack } from './types.ts';
import { verifyBody, type IngressHeaders } from './verify-request.ts';

/** Work that was taken. */
export type Taken = { taskId: string; stream: boolean; ended: Extract<IngressAnswer, { kind: 'accepted' }>['ended'] };

type Deps = Pick<IngressDeps, 'jobs' | 'chain' | 'confidential' | 'requests' | 'keys' | 'models' | 'units' | 'newTaskId' | 'now'> & { findStack: ReturnType<typeof createStackFinder>; limits: IngressLimits };
type Asked = { route: IngressRoute; confidential: boolean; headers: IngressHeaders; body: string; onChunk(data: Uint8Array): void };

/** Workload class of a route for a task's role; a route for another role is none. */
const classes: Record<IngressRoute, Readonly<Record<number, WorkloadClass>>> = {
  chat: { 0: 'ai.inference', 2: 'ai.vision' },
  embeddings: { 1: 'ai.embedding' },
  images: { 3: 'ai.image' },
};

/** Takes a request. @throws IngressRefusal */
export async function takeRequest({ route, confidential, headers, body, onChunk }: Asked, deps: Deps): Promise<Taken> {
  const { address, payloadHash } = await verifyBody(body, headers.signature);
  const { stream, model: asked } = JSON.parse(body) as { stream?: unknown; model?: unknown };
  if (stream === true && headers.requestId === null) throw new IngressRefusal('MISSING_HEADER', 'X-Request-Id is missing: a stream needs one.');
  const stack = await deps.findStack(headers.stackSmallId, headers.txDigest);
  checkStack(stack, address);
  // A stack that was bought to be read by nobody is served sealed or not at all; and the other way round its price is another one.
  if ((deps.confidential?.isConfidential(stack.taskSmallId) ?? false) !== confidential) throw new IngressRefusal('INVALID_HEADER', confidential ? 'That stack is not of a confidential task: send it in clear.' : 'That stack is of a confidential task: seal the request and send it to /v1/confidential.');
  const { workloadClass, model } = servedModel(route, stack, asked, deps);
  const most = mostUnits(route, body);
  const lock = unitsToLock(most, deps.units(headers.stackSmallId, stack.numComputeUnits));

  const taskId = deps.newTaskId();
  const envelope = await sealForNode({ v: 1, body }, { ...deps.keys.identity, taskId });
  // From here to the pipeline's commit nothing waits that could let a second copy in. The signature has no nonce: it counts once.
  const requestHash = bytesToHex(blake2b256(concatBytes(utf8ToBytes(address), payloadHash)));
  if (!deps.requests.take(requestHash, taskId)) throw new IngressRefusal('AUTH_ERROR', 'This signed body was taken before. Change it, for example its "user" field, and sign it anew.');
  const answer = await deps.jobs.serve({
    order: { taskId, taskSmallId: stack.taskSmallId, stackSmallId: headers.stackSmallId, workloadClass, model, maxComputeUnits: lock, deadlineMs: deps.now() + deps.limits.runMs, stream: stream === true },
    envelope,
    onChunk: ({ data }) => onChunk(data),
  });
  if (answer.kind === 'declined') throw refusalOfDecline(answer.code);
  return { taskId, stream: stream === true, ended: answer.ended };
}

function checkStack(stack: IngressStack, signer: string): void {
  // Whose stack it is is told to nobody else.
  if (!stack.mine || stack.owner !== signer) throw new IngressRefusal('AUTH_ERROR', 'The signer does not own that stack, or it was sold to another node.');
  if (stack.settling) throw refusalOfDecline('stack_settling');
  if (stack.samplingConsensus) throw new IngressRefusal('INVALID_HEADER', 'That stack is of a task under sampling consensus. Nobody keeps the history of a direct request, so it could not be attested: send it through the coordinator.');
}

function servedModel(route: IngressRoute, stack: IngressStack, asked: unknown, { chain, models }: Deps): { workloadClass: WorkloadClass; model: string } {
  const task = chain.task(stack.taskSmallId);
  const workloadClass = task === null ? undefined : classes[route][task.role];
  if (task === null || workloadClass === undefined) throw new IngressRefusal('MODEL_ERROR', 'The task of that stack is not served on this route.');
  const ready = models().filter(({ name, role }) => name === task.modelName && role === task.role);
  const model = ready.find(({ id }) => id === asked) ?? (asked === task.modelName || asked === undefined || asked === null ? ready[0] : undefined);
  if (model !== undefined) return { workloadClass, model: model.id };
  throw new IngressRefusal('MODEL_ERROR', ready.length > 0 ? `The task of that stack is served by the model ${task.modelName ?? ''}.` : 'The model of that task is not ready here.');
}
