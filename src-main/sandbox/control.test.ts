/** The control API refuses browsers and bad input, the time dial keeps its pace. */
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SandboxView } from '../../src-shared/bridge/views.ts';
import { silentLogger } from '../log/logger.ts';
import type { SandboxControls } from './control.ts';
import { openControlServer, type ControlServer } from './control-server.ts';
import { createManualClock } from './manual-clock.ts';
import { createTimeDial } from './time-dial.ts';

const view: SandboxView = {
  epoch: 5n, epochLengthMs: null, nextEpochMs: null,
  demand: { running: true, buyers: 2, requestsPerMinute: 30, stackUnits: 2_000, price: 100, taskSmallIds: [1], functions: false },
  totals: { requestsSent: 0, accepted: 0, rejected: 0, declined: 0, failed: 0, stacksBought: 0 },
  faults: { dropLink: false, slowChainMs: 0, chainDown: false }, attestations: { probabilityPermille: 10, extraNodes: 1 },
  secondNode: { mode: 'honest', state: 'waiting', nodeSmallId: null, stacksAttested: 0, lastError: null }, lastError: null,
};
const calls: [string, unknown][] = [];
const listeners = new Set<() => void>();
const note = (name: string) => (input: unknown) => void calls.push([name, input]);
const controls: SandboxControls = {
  state: () => view,
  setEpochLength: note('epoch-length'), skipEpochs: note('skip-epochs'), setDemand: note('demand'), setFaults: note('faults'), setSecondNode: note('second-node'), offerRole: async (input) => note('offer-role')(input),
  setAttestations: async (input) => note('attestations')(input),
  offerAllRoles: async (input) => note('all-roles')(input),
  faucet: async ({ address }) => {
    if (address.endsWith('f')) throw new Error('no coins');
    calls.push(['faucet', address]);
  },
  onChange: (listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};
const clock = createManualClock(0);
let server: ControlServer;
beforeEach(async () => {
  calls.length = 0;
  server = await openControlServer({ port: 0 }, { controls, schedule: clock.schedule, log: silentLogger });
});
afterEach(() => server.stop());

/** A raw request: fetch does not let a test set Host. */
const send = (method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<{ status: number; json: unknown }> =>
  new Promise((resolve, reject) => {
    const call = request(`${server.url}${path}`, { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part)).on('end', () => resolve({ status: response.statusCode ?? 0, json: JSON.parse(text) }));
    });
    call.on('error', reject);
    call.end(body);
  });
const json = { 'content-type': 'application/json' };
const address = `0x${'a'.repeat(64)}`;

describe('control API', () => {
  it('shows the state with amounts as text', async () => {
    expect(await send('GET', '/state')).toEqual({ status: 200, json: { ...view, epoch: '5' } });
  });
  it('answers an ordinary fetch of another process', async () => {
    const response = await fetch(`${server.url}/skip-epochs`, { method: 'POST', headers: json, body: '{"epochs":2}' });
    expect([response.status, calls]).toEqual([200, [['skip-epochs', { epochs: 2 }]]]);
  });
  it.each([
    ['/epoch-length', { epochLengthMs: 60_000 }], ['/epoch-length', { epochLengthMs: null }], ['/skip-epochs', { epochs: 4 }],
    ['/demand', { ...view.demand, running: false }], ['/faults', { dropLink: true, slowChainMs: 100, chainDown: false }],
    ['/demand', { ...view.demand, taskSmallIds: [1, 2] }], ['/attestations', { probabilityPermille: 1_000, extraNodes: 2 }], ['/second-node', { mode: 'silent' }],
  ])('passes %s %j on', async (path, input) => {
    expect((await send('POST', path, json, JSON.stringify(input))).status).toBe(200);
    expect(calls).toEqual([[path.slice(1), input]]);
  });
  it('takes a demand that names no task as one for the first', async () => {
    const { taskSmallIds: _, ...without } = view.demand;
    expect((await send('POST', '/demand', json, JSON.stringify(without))).status).toBe(200);
    expect(calls).toEqual([['demand', view.demand]]);
  });
  it('funds gas', async () => {
    expect((await send('POST', '/faucet', json, JSON.stringify({ address }))).status).toBe(200);
    expect(calls).toEqual([['faucet', address]]);
  });
  it.each([
    ['an Origin', 'GET', '/state', { origin: 'http://127.0.0.1:1' }, undefined, 403],
    ['the Origin null', 'POST', '/skip-epochs', { ...json, origin: 'null' }, '{"epochs":1}', 403],
    ['a page without Origin', 'GET', '/state', { 'sec-fetch-site': 'cross-site' }, undefined, 403],
    ['a rebound name', 'GET', '/state', { host: 'evil.example' }, undefined, 403],
    ['another port in Host', 'GET', '/state', { host: '127.0.0.1:1' }, undefined, 403],
    ['an unknown path', 'GET', '/nothing', {}, undefined, 404],
    ['a path of the prototype', 'POST', '/constructor', json, '{}', 404],
    ['GET where POST is', 'GET', '/demand', {}, undefined, 405],
    ['POST where GET is', 'POST', '/state', json, '{}', 405],
    ['a form', 'POST', '/skip-epochs', { 'content-type': 'text/plain' }, '{"epochs":1}', 415],
    ['no JSON', 'POST', '/skip-epochs', json, '{', 400],
    ['zero epochs', 'POST', '/skip-epochs', json, '{"epochs":0}', 400],
    ['an unknown field', 'POST', '/skip-epochs', json, '{"epochs":1,"more":1}', 400],
    ['half a dial', 'POST', '/demand', json, '{"running":true}', 400],
    ['no task', 'POST', '/demand', json, JSON.stringify({ ...view.demand, taskSmallIds: [] }), 400],
    ['more than every time', 'POST', '/attestations', json, '{"probabilityPermille":1001,"extraNodes":1}', 400],
    ['no attestor at all', 'POST', '/attestations', json, '{"probabilityPermille":1,"extraNodes":0}', 400],
    ['an unknown mode', 'POST', '/second-node', json, '{"mode":"loud"}', 400],
    ['a short address', 'POST', '/faucet', json, '{"address":"0x1"}', 400],
    ['a long body', 'POST', '/faucet', json, `"${'x'.repeat(70_000)}"`, 413],
    ['what fails inside', 'POST', '/faucet', json, JSON.stringify({ address: address.slice(0, -1) + 'f' }), 500],
  ] as const)('refuses %s', async (_, method, path, headers, body, status) => {
    const answer = await send(method, path, headers as Record<string, string>, body);
    expect(answer.status).toBe(status);
    expect(answer.json).toHaveProperty('error');
    expect(calls).toEqual([]);
  });
  it('tells changes, several at once as one', async () => {
    const stream = await new Promise<{ next: () => Promise<string>; end: () => void }>((resolve, reject) => {
      const parts: string[] = [];
      let wake: (() => void) | null = null;
      const call = request(`${server.url}/events`, (response) => {
        response.setEncoding('utf8').on('data', (part: string) => {
          parts.push(part);
          wake?.();
        });
        response.on('error', () => undefined);
        const next = async (): Promise<string> => {
          if (parts.length === 0) await new Promise<void>((done) => (wake = done));
          return parts.shift() ?? '';
        };
        resolve({ next, end: () => call.destroy() });
      });
      call.on('error', reject);
      call.end();
    });
    expect(await stream.next()).toContain('event: changed');
    listeners.forEach((tell) => tell());
    listeners.forEach((tell) => tell());
    clock.advance(250);
    expect(await stream.next()).toBe('event: changed\ndata: {}\n\n');
    stream.end();
  });
});

describe('time dial', () => {
  it('lets epochs pass at its length, by hand in between, and stops', () => {
    const time = createManualClock(0);
    let epoch = 0;
    const dial = createTimeDial(1_000, { advance: (epochs) => (epoch += epochs), schedule: time.schedule, now: time.now });
    time.advance(3_500);
    expect([epoch, dial.nextEpochMs()]).toEqual([3, 4_000]);
    dial.skip(4);
    expect(epoch).toBe(7);
    dial.set(null);
    time.advance(100_000);
    expect([epoch, dial.epochLengthMs(), dial.nextEpochMs()]).toEqual([7, null, null]);
    dial.set(200);
    time.advance(200);
    dial.stop();
    time.advance(10_000);
    expect(epoch).toBe(8);
  });
});
