/** Tells an answer of the chain from the lack of one, so that only the latter is retried or looked up (architecture.md, "Errors": transient and in-doubt). */

/** gRPC codes with which a full node answered: asking again changes nothing. All others, and broken connections, are no answer. */
const answers = new Set(['INVALID_ARGUMENT', 'NOT_FOUND', 'ALREADY_EXISTS', 'PERMISSION_DENIED', 'FAILED_PRECONDITION', 'OUT_OF_RANGE', 'UNIMPLEMENTED', 'UNAUTHENTICATED']);

/** gRPC status name of an error of the transport, or null when it is none. */
export function grpcCode(caught: unknown): string | null {
  if (!(caught instanceof Error) || caught.name !== 'RpcError') return null;
  const { code } = caught as Error & { code?: unknown };
  return typeof code === 'string' ? code : null;
}

/** True when the full node answered, with a refusal or with "not found"; false when it may not have got the question. */
export function isAnswer(caught: unknown): boolean {
  const code = grpcCode(caught);
  if (code !== null) return answers.has(code);
  // The SDK's own errors wrap an answer; a TypeError of fetch or an abort is none.
  return caught instanceof Error && 'reason' in caught && typeof caught.reason === 'string';
}

/** True for "no such transaction / object". */
export const isNotFound = (caught: unknown): boolean =>
  grpcCode(caught) === 'NOT_FOUND' || (caught instanceof Error && 'reason' in caught && caught.reason === 'notFound');

/** Text of an error for a field or a log line, clipped: it comes from the network. */
export const errorText = (caught: unknown): string => (caught instanceof Error ? caught.message : String(caught)).slice(0, 300);
