/** The one way a call enters the node, for both hosts: look up, parse, run, encode, wrap; nothing is thrown across (architecture.md, "The bridge"). */
import type { z } from 'zod';
import { calls, type Answer, type CallName, type Handlers } from '../../src-shared/bridge/index.ts';
import { AppError, toAppError } from '../../src-shared/errors.ts';
import type { Logger } from '../log/logger.ts';

/** Answers one call; never rejects. `name` and `input` come from outside and may be anything. */
export type DispatchCall = (name: unknown, input: unknown) => Promise<Answer>;

const maxDetailLength = 200;

/** The answer that carries an error: its code, its sentence and its fields; the cause stays here. */
export const refusal = (error: AppError): Answer => ({
  ok: false,
  error: { code: error.code, message: error.message, fields: { ...error.fields } },
});

/** Creates the dispatcher over a node's handlers. Errors of kind `bug` are logged with their cause. */
export function createDispatchCall(handlers: Handlers, deps: { log: Logger }): DispatchCall {
  return async (name, input) => {
    try {
      const found = lookUp(handlers, name);
      return { ok: true, value: await run(found, handlers, input) };
    } catch (caught) {
      const error = toAppError(caught);
      const fields = { call: isCallName(name) ? name : 'unknown', code: error.code, error };
      if (error.kind === 'bug' || error.kind === 'fatal') deps.log.error('bridge.call_failed', fields);
      else deps.log.debug('bridge.call_refused', fields);
      return refusal(error);
    }
  };
}

/** Own properties only: `constructor` and the like are no calls. */
const isCallName = (name: unknown): name is CallName => typeof name === 'string' && Object.hasOwn(calls, name);

function lookUp(handlers: Handlers, name: unknown): CallName {
  if (!isCallName(name) || !Object.hasOwn(handlers, name)) throw new AppError('bridge.unknown_call');
  return name;
}

async function run(name: CallName, handlers: Handlers, input: unknown): Promise<z.core.util.JSONType> {
  // The pair (schema, handler) is tied per name by the type of Handlers; TypeScript cannot follow it through a union of names.
  const schema: { input: z.ZodType; output: z.ZodType } = calls[name];
  const handler = handlers[name] as (decoded: unknown) => Promise<unknown>;
  const decoded = schema.input.safeDecode(input);
  if (!decoded.success) throw new AppError('bridge.bad_input', { detail: detailOf(decoded.error) }, { cause: decoded.error });
  const encoded = schema.output.safeEncode(await handler(decoded.data));
  if (!encoded.success) throw new AppError('bridge.bad_output', {}, { cause: encoded.error });
  return encoded.data as z.core.util.JSONType;
}

/** Where and why the first rule failed. Zod names rules and paths, never the value given. */
function detailOf(error: z.ZodError): string {
  const issue = error.issues[0];
  const place = issue === undefined || issue.path.length === 0 ? 'input' : issue.path.join('.');
  return `${place}: ${issue?.message ?? 'invalid'}`.slice(0, maxDetailLength);
}
