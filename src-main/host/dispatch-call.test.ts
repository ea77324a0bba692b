/** Whatever a window sends, it gets an answer: the value, or a refusal that names no secret. */
import { describe, expect, it } from 'vitest';
import { calls, type CallName, type Handlers } from '../../src-shared/bridge/index.ts';
import { isCallName } from '../../src-shared/bridge/names.ts';
import { AppError } from '../../src-shared/errors.ts';
import { createLogger, silentLogger } from '../log/logger.ts';
import { callCases, caseNames, stubHandlers } from './call-cases.ts';
import { createDispatchCall } from './dispatch-call.ts';

const codeOf = (answer: unknown): string | null => (answer as { error?: { code: string } }).error?.code ?? null;

function failing(name: CallName, thrown: unknown): { handlers: Handlers } {
  const handlers = { ...stubHandlers(), [name]: () => Promise.reject(thrown as Error) } as Handlers;
  return { handlers };
}

describe('createDispatchCall', () => {
  it.each(caseNames)('%s: decodes the input, encodes the output as plain JSON', async (name) => {
    const seen: unknown[] = [];
    const dispatch = createDispatchCall(stubHandlers((_, input) => seen.push(input)), { log: silentLogger });
    const answer = await dispatch(name, callCases[name].input);
    expect(answer.ok).toBe(true);
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
    expect(seen).toEqual([calls[name].input.parse(callCases[name].input)]);
    expect(isCallName(name)).toBe(true);
  });

  it('turns amounts into bigint on the way in and into text on the way out', async () => {
    const seen: unknown[] = [];
    const dispatch = createDispatchCall(stubHandlers((_, input) => seen.push(input)), { log: silentLogger });
    const answer = await dispatch('stacks.settle', { stackSmallId: '12' });
    expect(seen).toEqual([{ stackSmallId: 12n }]);
    expect(answer).toMatchObject({ ok: true, value: { gasMist: '-1500' } });
  });

  it.each([
    ['an unknown name', 'nope.nope', {}, 'bridge.unknown_call'],
    ['an inherited name', 'constructor', {}, 'bridge.unknown_call'],
    ['__proto__', '__proto__', {}, 'bridge.unknown_call'],
    ['toString', 'toString', {}, 'bridge.unknown_call'],
    ['no name', undefined, {}, 'bridge.unknown_call'],
    ['an object as name', { toString: (): string => 'app.info' }, {}, 'bridge.unknown_call'],
    ['no input', 'app.info', undefined, 'bridge.bad_input'],
    ['null input', 'app.info', null, 'bridge.bad_input'],
    ['an extra field', 'app.info', { x: 1 }, 'bridge.bad_input'],
    ['a number for an amount', 'stacks.settle', { stackSmallId: 12 }, 'bridge.bad_input'],
    ['an amount with a sign', 'stacks.settle', { stackSmallId: '-1' }, 'bridge.bad_input'],
    ['an amount in hex', 'stacks.settle', { stackSmallId: '0x10' }, 'bridge.bad_input'],
    ['the wrong word', 'leave.start', { typed: 'leave' }, 'bridge.bad_input'],
    ['an empty list', 'stacks.claim', { stackSmallIds: [] }, 'bridge.bad_input'],
    ['an unknown intent', 'wallet.propose', { intent: { kind: 'drain' } }, 'bridge.bad_input'],
    ['an amount over u64', 'wallet.propose', { intent: { kind: 'faucet', amount: '18446744073709551616' } }, 'bridge.bad_input'],
  ])('refuses %s', async (_, name, input, code) => {
    const seen: string[] = [];
    const dispatch = createDispatchCall(stubHandlers((called) => seen.push(called)), { log: silentLogger });
    expect(codeOf(await dispatch(name, input))).toBe(code);
    expect(seen).toEqual([]);
  });

  it('passes an AppError on with its fields and keeps its cause', async () => {
    const { handlers } = failing('node.pause', new AppError('chain.rejected', { detail: 'no' }, { cause: new Error('inner') }));
    const answer = await createDispatchCall(handlers, { log: silentLogger })('node.pause', {});
    expect(answer).toEqual({
      ok: false,
      error: { code: 'chain.rejected', message: 'The chain refused the transaction: no.', fields: { detail: 'no' } },
    });
  });

  it.each([['an Error', new TypeError('x is undefined at secret place')], ['a string', 'boom'], ['nothing', undefined]])(
    'answers bug.unexpected for %s, logs the cause and does not show it',
    async (_, thrown) => {
      const lines: string[] = [];
      const log = createLogger({ level: 'debug', write: (line) => lines.push(line), now: () => 1 });
      const answer = await createDispatchCall(failing('node.get', thrown).handlers, { log })('node.get', {});
      expect(codeOf(answer)).toBe('bug.unexpected');
      expect(JSON.stringify(answer)).not.toContain('secret place');
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain('bridge.call_failed');
      if (thrown instanceof Error) expect(lines[0]).toContain('x is undefined');
    },
  );

  it('survives a handler that throws before it returns a promise', async () => {
    const handlers = {
      ...stubHandlers(),
      'app.info': () => {
        throw new AppError('keys.locked');
      },
    } as Handlers;
    expect(codeOf(await createDispatchCall(handlers, { log: silentLogger })('app.info', {}))).toBe('keys.locked');
  });

  it('answers bad_output for a value outside the schema, without the value', async () => {
    const handlers = { ...stubHandlers(), 'app.info': async () => ({ version: 'leak', host: 'moon' }) } as unknown as Handlers;
    const answer = await createDispatchCall(handlers, { log: silentLogger })('app.info', {});
    expect(codeOf(answer)).toBe('bridge.bad_output');
    expect(JSON.stringify(answer)).not.toContain('leak');
  });

  it('drops what a handler returns beside the contract', async () => {
    const handlers = { ...stubHandlers(), 'node.pause': async () => ({ privateKey: 'x' }) } as unknown as Handlers;
    expect(await createDispatchCall(handlers, { log: silentLogger })('node.pause', {})).toEqual({ ok: true, value: {} });
  });

  it('never puts a refused input into the answer or the log', async () => {
    const lines: string[] = [];
    const log = createLogger({ level: 'debug', write: (line) => lines.push(line), now: () => 1 });
    const answer = await createDispatchCall(stubHandlers(), { log })('keys.open', { page: 'suiprivkey1abcdef', passphrase: 'correct horse' });
    expect(codeOf(answer)).toBe('bridge.bad_input');
    const all = JSON.stringify(answer) + lines.join('');
    expect(all).not.toContain('suiprivkey1abcdef');
    expect(all).not.toContain('correct horse');
  });
});
