/** `call`: any call of the bridge that has no verb of its own, such as policies, models or the sandbox's dials, with JSON in and out (issue: everything an operator can do). */
import { z } from 'zod';
import { calls, type CallName } from '../../../src-shared/bridge/index.ts';
import { AppError } from '../../../src-shared/errors.ts';
import { valueOf } from '../console-door.ts';
import { verb, type Verb } from '../verb.ts';

/** What is confirmed, or shown on a page of the host's own, has its verb or its page. */
const elsewhere: readonly string[] = ['wallet.propose', 'wallet.proposeTransaction', 'wallet.confirm', 'wallet.outcome', 'keys.open', 'chain.read'] satisfies CallName[];
const names = Object.keys(calls).filter((name) => !elsewhere.includes(name));

const nameSchema = z.string().refine((name): name is CallName => names.includes(name), { error: `must be one of ${names.join(', ')}` });
const inputSchema = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue({ code: 'custom', message: 'must be a JSON document' });
    return z.NEVER;
  }
});

/** The verb. A running console is needed: what is changed here is meant for it. */
export const callVerb: Verb = verb({
  name: 'call',
  summary: 'Any call of the console that has no verb of its own, with JSON',
  example: 'call --name settings.theme --input {"theme":"dark"}',
  options: [
    { flags: '--name <call>', description: 'name of the call, such as settings.get or settings.policies', required: true },
    { flags: '--input <json>', description: 'its input as JSON ({})' },
  ],
  needs: 'console',
  schema: z.strictObject({ name: nameSchema, input: inputSchema.default({}) }),
  run: async ({ door }, { name, input }) => {
    // Leaving is grave and has a verb that says so first.
    if (name === 'leave.start') throw new AppError('host.bad_flag', { detail: 'leaving has a verb of its own: leave start' });
    const value = valueOf(await door.ask(name, input));
    return { json: value, lines: [JSON.stringify(value, null, 2)] };
  },
});
