/** Error answers of the direct ingress: the statuses and codes of protocol.md 7.6, and which of them a decline or failure of the pipeline is. */
import type { DeclineCode, FailureCode } from '../../src-shared/link/codes.ts';

/** Code → status (protocol.md 7.6). */
export const statusOf = {
  MISSING_HEADER: 400,
  INVALID_HEADER: 400,
  INVALID_BODY: 400,
  MODEL_ERROR: 400,
  AUTH_ERROR: 401,
  NOT_FOUND: 404,
  LOCKED_STACK_ERROR: 423,
  UNAVAILABLE_STACK_ERROR: 425,
  CHAT_COMPLETIONS_SERVICE_UNAVAILABLE: 429,
  INTERNAL_ERROR: 500,
} as const;
export type IngressErrorCode = keyof typeof statusOf;

/** A refusal on its way to the buyer; its message is for the buyer and says nothing of this machine. */
export class IngressRefusal extends Error {
  readonly code: IngressErrorCode;

  constructor(code: IngressErrorCode, message: string) {
    super(message);
    this.name = 'IngressRefusal';
    this.code = code;
  }
}

/** The body of an error answer. */
export const errorBody = ({ code, message }: IngressRefusal): { error: { code: IngressErrorCode; message: string } } => ({ error: { code, message } });

type Said = readonly [IngressErrorCode, string];

const declines: Record<DeclineCode, Said> = {
  unstaking: ['CHAT_COMPLETIONS_SERVICE_UNAVAILABLE', 'This node is leaving and takes no more requests.'],
  paused: ['CHAT_COMPLETIONS_SERVICE_UNAVAILABLE', 'This node is paused. Try again later.'],
  busy: ['CHAT_COMPLETIONS_SERVICE_UNAVAILABLE', 'All places of this node are taken. Try again.'],
  unsupported_workload: ['MODEL_ERROR', 'This node does not serve that kind of request.'],
  unknown_stack: ['AUTH_ERROR', 'No such stack is known.'],
  not_my_stack: ['AUTH_ERROR', 'That stack was sold to another node.'],
  stack_settling: ['LOCKED_STACK_ERROR', 'That stack is being settled or was claimed. Buy a new one.'],
  not_subscribed: ['MODEL_ERROR', 'This node no longer serves the task of that stack.'],
  model_unavailable: ['MODEL_ERROR', 'The model of that task is not ready here.'],
  deadline_passed: ['INTERNAL_ERROR', 'The request came too late.'],
  stack_exhausted: ['UNAVAILABLE_STACK_ERROR', 'The stack has not enough units left for this request now. Wait for the others, or buy a new one.'],
  bad_envelope: ['INTERNAL_ERROR', 'The request could not be prepared.'],
};
const failures: Record<FailureCode, Said> = {
  decrypt_failed: ['INTERNAL_ERROR', 'The request could not be opened.'],
  bad_payload: ['INVALID_BODY', 'The body is not a request of this kind, or its input alone is larger than what the stack has left.'],
  model_failed: ['INTERNAL_ERROR', 'The model failed. Nothing was counted; try again.'],
  out_of_memory: ['CHAT_COMPLETIONS_SERVICE_UNAVAILABLE', 'The node ran out of memory. Nothing was counted; try again later.'],
  result_too_large: ['MODEL_ERROR', 'The answer is larger than the network allows.'],
  cancelled: ['INTERNAL_ERROR', 'The request was cancelled. Nothing was counted.'],
  deadline_passed: ['INTERNAL_ERROR', 'The answer took too long. Nothing was counted.'],
  internal: ['INTERNAL_ERROR', 'The node could not finish. Nothing was counted; try again.'],
};

export const refusalOfDecline = (code: DeclineCode): IngressRefusal => new IngressRefusal(...declines[code]);
export const refusalOfFailure = (code: FailureCode): IngressRefusal => new IngressRefusal(...failures[code]);
