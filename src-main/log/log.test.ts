/** Secrets never reach a log line, whatever way they come in. */
import { describe, expect, it } from 'vitest';
import { createLogger, type LogEvent } from './logger.ts';

const phrase = Array.from({ length: 24 }, (_, i) => ['abandon', 'ability', 'zebra'][i % 3]).join(' ');
const secret = 'suiprivkey1qy4m7fdrldgu9ewxah606922ng3c2jtrpxfwaa4s34v9tu28tgxku6wnztq';

describe('logger', () => {
  it.each([
    ['a secret by field name', { passphrase: 'correct horse' }, 'correct horse'],
    ['a private key inside a text', { detail: `key is ${secret}` }, secret],
    ['a phrase inside a text', { detail: phrase }, phrase],
    ['a secret inside an error', { error: new Error(`bad ${secret}`) }, secret],
    ['a secret in a cause', { error: new Error('x', { cause: new Error(secret) }) }, secret],
    ['a prompt', { nested: { prompt: 'hello there' } }, 'hello there'],
  ])('masks %s', (_, fields, leaked) => {
    const lines: string[] = [];
    createLogger({ level: 'debug', write: (line) => lines.push(line), now: () => 1 }).info('x.y', fields);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain(leaked);
  });

  it('writes one JSON line with level, time, event and bound fields, and offers the event', () => {
    const lines: string[] = [];
    const events: LogEvent[] = [];
    const log = createLogger({ level: 'info', write: (line) => lines.push(line), onEvent: (e) => events.push(e), now: () => 42 });
    log.child({ taskId: 'T' }).info('job.proved', { computeUnits: 12n });
    log.debug('job.noise');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([{ level: 'info', time: 42, taskId: 'T', computeUnits: '12', event: 'job.proved' }]);
    expect(events).toEqual([{ atMs: 42, level: 'info', event: 'job.proved', fields: { taskId: 'T', computeUnits: '12' } }]);
  });
});
