/** Lets the window's own chain client read through the node: gRPC-web calls of reading methods alone, to the endpoint the node uses (stack.md 5, "Who talks to the network"). */
import { AppError } from '../../src-shared/errors.ts';

/** One gRPC-web call as plain values; the body is base64. */
export type PassedCall = { method: string; contentType: string; body: string };
export type PassedAnswer = { status: number; contentType: string; body: string };

const readable = /^sui\.rpc\.v2\.(?:LedgerService|StateService|MovePackageService)\/[A-Za-z]{1,60}$|^sui\.rpc\.v2\.TransactionExecutionService\/SimulateTransaction$/;
const contentTypes = /^application\/grpc-web(?:-text)?(?:\+proto)?$/;
const answerLimitBytes = 4_000_000;

/**
 * Passes a reading call on.
 * @throws AppError bridge.bad_input for any other method, chain.unreachable when the endpoint does not answer
 */
export async function passRead(call: PassedCall, endpoint: string, timeoutMs: number, fetchWith: typeof fetch = fetch): Promise<PassedAnswer> {
  const method = call.method.replace(/^\//, '');
  if (!readable.test(method)) throw new AppError('bridge.bad_input', { detail: 'only reading methods of the chain pass' });
  if (!contentTypes.test(call.contentType)) throw new AppError('bridge.bad_input', { detail: 'only gRPC-web passes' });
  try {
    const answer = await fetchWith(`${endpoint.replace(/\/$/, '')}/${method}`, {
      method: 'POST',
      headers: { 'content-type': call.contentType, accept: call.contentType, 'x-grpc-web': '1' },
      body: new Uint8Array(Buffer.from(call.body, 'base64')),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (bytes.length > answerLimitBytes) throw new Error('the answer is too large');
    return { status: answer.status, contentType: answer.headers.get('content-type') ?? call.contentType, body: bytes.toString('base64') };
  } catch (cause) {
    throw new AppError('chain.unreachable', { endpoint }, { cause });
  }
}
