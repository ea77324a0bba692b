/** Verbs about who may look: read-only tokens, signed-in browsers, and the list of other consoles (issue: "Headless and remote", "Several nodes"). */
import { z } from 'zod';
import { calls } from '../../../src-shared/bridge/index.ts';
import { readTokenSchema, tokenScopeSchema } from '../../../src-shared/bridge/remote-calls.ts';
import { amountText, tableLines } from '../amount-text.ts';
import { verb, type Verb } from '../verb.ts';

/** Documents that these verbs print with --json. */
export const tokensReportSchema = z.object({ tokens: z.array(readTokenSchema) });
export const tokenReportSchema = calls['remote.createToken'].output;
export const sessionsReportSchema = calls['remote.get'].output.pick({ address: true, idleMinutes: true, sessions: true });
export const fleetReportSchema = z.object({ consoles: calls['fleet.list'].output });

const idOption = z.string().min(1).max(40);
const time = (ms: number | null): string => (ms === null ? 'never' : new Date(ms).toISOString());

/** Verbs about readers. */
export const remoteVerbs: readonly Verb[] = [
  verb({
    name: 'token create',
    summary: 'Make a read-only token for Prometheus or for another console; it is printed once',
    example: 'token create --scope metrics --name prometheus',
    options: [{ flags: '--scope <scope>', description: `what it reads: ${tokenScopeSchema.options.join(' or ')}`, required: true }, { flags: '--name <name>', description: 'who has it', required: true }],
    needs: 'folder',
    schema: z.strictObject({ scope: tokenScopeSchema, name: z.string().trim().min(1).max(60) }),
    run: async ({ call }, options) => {
      const made = await call('remote.createToken', options);
      return { json: tokenReportSchema.encode(made), lines: [made.secret] };
    },
  }),
  verb({
    name: 'token list',
    summary: 'Tokens, what they read and when they were last used',
    example: 'token list --json',
    needs: 'folder',
    schema: z.strictObject({}),
    run: async ({ call }) => {
      const { tokens } = await call('remote.get', {});
      const rows = tokens.map(({ id, name, scope, createdMs, lastUsedMs }) => [id, name, scope, time(createdMs), time(lastUsedMs)]);
      return { json: tokensReportSchema.encode({ tokens }), lines: tableLines(['id', 'name', 'reads', 'made', 'last used'], rows, 'There are no tokens.') };
    },
  }),
  verb({
    name: 'token revoke',
    summary: 'End a token at once',
    example: 'token revoke --id 0123456789ab',
    options: [{ flags: '--id <id>', description: 'as in token list', required: true }],
    needs: 'folder',
    schema: z.strictObject({ id: idOption }),
    run: async ({ call }, { id }) => {
      await call('remote.revokeToken', { id });
      return { json: { revoked: id }, lines: [`token ${id} is revoked`] };
    },
  }),
  verb({
    name: 'session list',
    summary: 'Browsers that are signed in',
    example: 'session list --json',
    needs: 'console',
    schema: z.strictObject({}),
    run: async ({ call }) => {
      const { address, idleMinutes, sessions } = await call('remote.get', {});
      const rows = sessions.map((one) => [one.id, one.browser, one.address, time(one.createdMs), time(one.lastActiveMs)]);
      return { json: sessionsReportSchema.encode({ address, idleMinutes, sessions }), lines: tableLines(['id', 'browser', 'address', 'signed in', 'last active'], rows, 'No browser is signed in.') };
    },
  }),
  verb({
    name: 'session end',
    summary: 'Sign a browser out at once',
    example: 'session end --id 0123456789abcdef',
    options: [{ flags: '--id <id>', description: 'as in session list', required: true }],
    needs: 'console',
    schema: z.strictObject({ id: idOption }),
    run: async ({ call }, { id }) => {
      await call('remote.endSession', { id });
      return { json: { ended: id }, lines: [`session ${id} has ended`] };
    },
  }),
  verb({
    name: 'fleet',
    summary: 'Other consoles in the list, asked now',
    example: 'fleet --json',
    needs: 'console',
    schema: z.strictObject({}),
    run: async ({ call }) => {
      // Each is asked within a time limit of its own, so that a dead one holds this up no longer than that.
      await Promise.all((await call('fleet.list', {})).map(({ id }) => call('fleet.refresh', { id })));
      const consoles = await call('fleet.list', {});
      const rows = consoles.map(({ name, url, lastSeenMs, problem, summary }) => [name, url, problem?.replaceAll('_', ' ') ?? summary?.state ?? 'not asked yet', time(lastSeenMs), summary === null || summary.earnedToday === null ? '' : amountText(summary.earnedToday, summary.coin), String(summary?.alerts.length ?? '')]);
      return { json: fleetReportSchema.encode({ consoles }), lines: tableLines(['name', 'address', 'state', 'last seen', 'today', 'alerts'], rows, 'No other console is in the list.') };
    },
  }),
];
