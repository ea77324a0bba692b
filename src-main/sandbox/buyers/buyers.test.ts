/** The demand's decisions and its loop: budgets, tails, pace, refusals, over a small ingress kept in this file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { chatRequestSchema } from '../../../src-shared/link/chat.ts';
import { planWasm } from '../../../src-shared/link/wasm.ts';
import { silentLogger } from '../../log/logger.ts';
import { createManualClock, type ManualClock } from '../manual-clock.ts';
import { chatBody } from './chat-body.ts';
import { createBuyers, type Buyers, type Demand, type Ingress } from './create-buyers.ts';
import { planRequest, promptUnits } from './plan-request.ts';
import { readPrompts } from './prompts.ts';
import { openSandboxStore, type SandboxStore } from './sandbox-store.ts';

const prompts = readPrompts(null);

describe('budget', () => {
  it.each(['Hi', 'Ære naïve 量', 'a'.repeat(300)])('estimates at least the tokens of the template around %s', (text) => {
    const rendered = `\u0001user\n${text}\u0002\n\u0001assistant\n`;
    expect(promptUnits(text)).toBeGreaterThanOrEqual(Buffer.byteLength(rendered));
  });
  it('uses a stack of 2,000 units up to at least 95 %, whatever the answers take', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 20 }), fc.nat(), (answers, start) => {
      let left = 2_000;
      for (let n = 0; n < 500; n += 1) {
        const plan = planRequest({ prompts, unitsLeft: left, unitsLocked: 0, pick: start + n });
        if (plan.kind === 'spent') {
          expect(left).toBeLessThanOrEqual(100);
          return;
        }
        if (plan.kind === 'wait') throw new Error('nothing is locked');
        expect(plan.maxComputeUnits).toBeLessThanOrEqual(left);
        expect(plan.maxComputeUnits).toBeGreaterThan(promptUnits(plan.prompt.text));
        left -= Math.min(promptUnits(plan.prompt.text) + (answers[n % answers.length] as number), plan.maxComputeUnits);
      }
      throw new Error('never spent');
    }));
  });
  it('waits for what is locked before it takes the tail', () => {
    expect(planRequest({ prompts, unitsLeft: 100, unitsLocked: 50, pick: 0 })).toEqual({ kind: 'wait' });
    expect(planRequest({ prompts, unitsLeft: 10, unitsLocked: 50, pick: 0 })).toEqual({ kind: 'wait' });
    expect(planRequest({ prompts, unitsLeft: 10, unitsLocked: 0, pick: 0 })).toEqual({ kind: 'spent' });
    expect(planRequest({ prompts, unitsLeft: 100, unitsLocked: 0, pick: 0 })).toMatchObject({ kind: 'send', maxComputeUnits: 100 });
  });
});

describe('bodies and prompts', () => {
  it('are chat requests with variety', () => {
    const drafts = Array.from({ length: 77 }, (_, i) => chatBody({ number: i + 1, prompt: 'Hi', modelName: 'm', maxTokens: 5 }));
    drafts.forEach(({ body }) => expect(chatRequestSchema.safeParse(JSON.parse(body)).success).toBe(true));
    expect(drafts.filter(({ sealedAnswer }) => sealedAnswer)).toHaveLength(11);
    expect(drafts.some(({ stream }) => stream) && drafts.some(({ stream }) => !stream)).toBe(true);
    expect(drafts.filter(({ body }) => (JSON.parse(body) as { seed?: number }).seed !== undefined)).toHaveLength(7);
  });
  it('reads lines, refuses broken ones, has its own where the file is absent', () => {
    const folder = mkdtempSync(join(tmpdir(), 'prompts-'));
    const file = join(folder, 'p.jsonl');
    writeFileSync(file, '{"task":"x","prompt":"Hé","answer":"né"}\n\n');
    expect(readPrompts(file)).toEqual([{ text: 'Hé', answerBytes: 3 }]);
    writeFileSync(file, '{"prompt":""}\n');
    expect(() => readPrompts(file)).toThrow();
    expect(readPrompts(join(folder, 'absent')).length).toBeGreaterThan(0);
    rmSync(folder, { recursive: true });
  });
});

describe('the loop', () => {
  const demand: Demand = { running: true, buyers: 2, requestsPerMinute: 60, stackUnits: 500, price: 100, taskSmallIds: [1], functions: false };
  let folder: string;
  let clock: ManualClock;
  let store: SandboxStore;
  let buyers: Buyers;
  let wake: () => void;
  let sold: { units: number; left: number; closed: string | null }[];
  let submitted: { stackSmallId: bigint; maxComputeUnits: number; sealed: boolean; isFunction: boolean; body: string }[];
  let listed: { price: bigint; maxUnits: bigint; taskSmallId?: bigint; samplingConsensus?: boolean; role?: number }[];
  let bought: { taskSmallId: bigint; samplingConsensus: boolean }[];
  let room: number | null;
  let runsFunctions: boolean;
  let buyFails: boolean;
  let owned: bigint[];
  /** How much sooner than asked a timer fires, as real ones may. */
  let earlyMs: number;

  /** What the chain says of a bought stack's task. */
  const offered = (index: number): { role: number; samplingConsensus: boolean } => {
    const { taskSmallId, samplingConsensus } = bought[index] ?? { taskSmallId: 1n, samplingConsensus: false };
    return { role: listed.find((offer) => (offer.taskSmallId ?? 1n) === taskSmallId)?.role ?? 0, samplingConsensus };
  };
  const ingress: Ingress = {
    market: async () => listed.map((offer) => ({ taskSmallId: 1n, nodeSmallId: 7n, modelName: 'm', samplingConsensus: false, ...offer })),
    openStack: async () => ({ taskSmallId: 1n, nodeSmallId: 7n, modelName: 'm' }),
    stackUse: (id) => {
      const stack = sold[Number(id) - 1];
      return stack === undefined ? null : { numComputeUnits: BigInt(stack.units), acceptedUnits: BigInt(stack.units - stack.left), lockedUnits: 0n, closed: stack.closed, ...offered(Number(id) - 1) };
    },
    room: () => room,
    serves: () => runsFunctions,
    submit: (request) => {
      if (bought[Number(request.stackSmallId) - 1]?.samplingConsensus === true && request.replyTo !== null) return { refused: 'reply_to_not_allowed' };
      submitted.push({ stackSmallId: request.stackSmallId, maxComputeUnits: request.maxComputeUnits, sealed: request.replyTo !== null, isFunction: request.workloadClass === 'wasm.run', body: request.body });
      (sold[Number(request.stackSmallId) - 1] as { left: number }).left -= request.maxComputeUnits;
      return { requestId: String(submitted.length) };
    },
    onChange: (listener) => {
      wake = listener;
      return () => undefined;
    },
    onOutcome: () => () => undefined,
  };
  const make = (): Buyers =>
    createBuyers({ demand, prompts }, {
      ingress, store, schedule: (delayMs, work) => clock.schedule(delayMs - earlyMs, work), now: clock.now, log: silentLogger, onChange: () => undefined,
      openWallet: () => ({
        address: '0x1',
        ownedStacks: async () => owned,
        buyStack: async ({ units, taskSmallId, samplingConsensus }) => {
          if (buyFails) throw new Error('no coins');
          bought.push({ taskSmallId, samplingConsensus });
          sold.push({ units: Number(units), left: Number(units), closed: null });
          return { stackSmallId: BigInt(sold.length), nodeSmallId: 7n, digest: 'd' };
        },
      }),
    });
  /** Lets promises that are under way come to rest. */
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 30; i += 1) await Promise.resolve();
  };
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await settle();
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'buyers-'));
    clock = createManualClock(1_000_000);
    earlyMs = 0;
    store = openSandboxStore(join(folder, 'sandbox.sqlite'));
    [sold, submitted, bought, listed, room, runsFunctions, buyFails, owned] = [[], [], [], [{ price: 100n, maxUnits: 1_000n }], 5, true, false, []];
    buyers = make();
  });
  afterEach(() => {
    buyers.stop();
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const begin = async (): Promise<void> => {
    await buyers.start();
    await settle();
  };

  it('buys one stack per buyer when it needs it and keeps the pace', async () => {
    await begin();
    expect(submitted).toHaveLength(1);
    await pass(999);
    expect(submitted).toHaveLength(1);
    await pass(1);
    expect(submitted.map(({ stackSmallId }) => stackSmallId)).toEqual([1n, 2n]);
    for (let i = 0; i < 3; i += 1) await pass(1_000);
    expect(sold).toHaveLength(2);
    expect(submitted).toHaveLength(5);
  });
  it('buys another stack when one is used up or was closed', async () => {
    await begin();
    for (let i = 0; i < 20; i += 1) await pass(1_000);
    expect(sold.length).toBeGreaterThan(2);
    const before = sold.length;
    sold.forEach((stack) => (stack.closed = 'stack_settling'));
    for (let i = 0; i < 2; i += 1) await pass(1_000);
    expect(sold).toHaveLength(before + 2);
    expect(buyers.stacksBought()).toBe(before + 2);
  });
  it.each([
    ['nobody offers', () => void (listed = [])],
    ['offers are too dear', () => void (listed = [{ price: 101n, maxUnits: 1_000n }])],
    ['offers are too small', () => void (listed = [{ price: 1n, maxUnits: 499n }])],
  ])('buys nothing while %s', async (_, arrange) => {
    arrange();
    await begin();
    await pass(10_000);
    expect(sold).toEqual([]);
    listed = [{ price: 100n, maxUnits: 500n }];
    await pass(3_000);
    expect(sold.length).toBeGreaterThan(0);
  });
  it('looks for offers again also where the timer fires a moment before it may', async () => {
    listed = [];
    earlyMs = 1;
    await begin();
    listed = [{ price: 100n, maxUnits: 1_000n }];
    await pass(3_000);
    await pass(10);
    expect(sold.length).toBeGreaterThan(0);
  });
  it('waits for room, and goes on with the change that brings it', async () => {
    room = 0;
    await begin();
    await pass(60_000);
    expect(submitted).toEqual([]);
    room = 1;
    wake();
    await settle();
    expect(submitted).toHaveLength(1);
  });
  it('keeps only a few stacks of nodes that have gone', async () => {
    room = null;
    await begin();
    for (let i = 0; i < 40; i += 1) await pass(3_000);
    expect(sold.length).toBeLessThanOrEqual(6);
    expect(submitted).toEqual([]);
  });
  it('shows a failed purchase and tries again later', async () => {
    buyFails = true;
    await begin();
    expect(buyers.lastError()).toContain('no coins');
    buyFails = false;
    await pass(3_000);
    expect(sold).toHaveLength(1);
    expect(buyers.lastError()).toBeNull();
  });
  it('stops and starts with the dial, remembers it, and does not make up for lost time', async () => {
    await begin();
    buyers.setDemand({ ...demand, running: false });
    await pass(600_000);
    expect(submitted).toHaveLength(1);
    buyers.setDemand({ ...demand, requestsPerMinute: 600 });
    await settle();
    expect(submitted).toHaveLength(2);
    await pass(100);
    expect(submitted).toHaveLength(3);
    expect(store.setting('demand', z.looseObject({}))).toMatchObject({ requestsPerMinute: 600 });
  });
  it('adopts a stack that a crash left unrecorded', async () => {
    sold.push({ units: 500, left: 500, closed: null });
    owned = [1n];
    await begin();
    expect(submitted[0]).toMatchObject({ stackSmallId: 1n });
    expect(sold).toHaveLength(1);
  });
  it('asks for the kinds of work of all tasks in turn, on a stack of each', async () => {
    listed = [1n, 2n, 3n].map((taskSmallId) => ({ price: 100n, maxUnits: 1_000n, taskSmallId, role: [0, 1, 5][Number(taskSmallId) - 1] as number }));
    await buyers.start();
    buyers.setDemand({ ...demand, buyers: 1, stackUnits: 1_000, requestsPerMinute: 600, taskSmallIds: [1, 2, 3] });
    for (let i = 0; i < 11; i += 1) await pass(100);
    const kinds = submitted.map(({ body }) => Object.keys(JSON.parse(body) as object)[1]);
    expect(kinds.slice(0, 6)).toEqual(['messages', 'input', 'file', 'messages', 'input', 'file']);
    expect(bought.map(({ taskSmallId }) => taskSmallId)).toEqual([1n, 2n, 3n]);
  });
  it('leaves out the task that nobody offers, and takes it up when somebody does', async () => {
    await buyers.start();
    buyers.setDemand({ ...demand, buyers: 1, stackUnits: 1_000, requestsPerMinute: 600, taskSmallIds: [2, 1] });
    for (let i = 0; i < 5; i += 1) await pass(100);
    expect(new Set(bought.map(({ taskSmallId }) => taskSmallId))).toEqual(new Set([1n]));
    expect(submitted.length).toBeGreaterThan(3);
    listed = [...listed, { price: 100n, maxUnits: 1_000n, taskSmallId: 2n, role: 4 }];
    for (let i = 0; i < 40; i += 1) await pass(100);
    expect(bought.map(({ taskSmallId }) => taskSmallId)).toContain(2n);
  });
  it('has functions run now and then where they may be, and never where nobody could check them', async () => {
    const functions = async (change: object): Promise<number> => {
      [sold, submitted, bought] = [[], [], []];
      buyers.stop();
      store.close();
      store = openSandboxStore(join(folder, `${Object.keys(change).join()}.sqlite`));
      buyers = make();
      await buyers.start();
      buyers.setDemand({ ...demand, stackUnits: 1_000, requestsPerMinute: 600, taskSmallIds: [1], functions: true, ...change });
      for (let i = 0; i < 20; i += 1) await pass(100);
      expect(submitted.length).toBeGreaterThan(12);
      return submitted.filter(({ isFunction }) => isFunction).length;
    };
    expect(await functions({})).toBeGreaterThan(2);
    const { body, maxComputeUnits } = submitted.find(({ isFunction }) => isFunction)!;
    expect([planWasm(body)?.args, maxComputeUnits <= 20]).toEqual([[], true]);
    expect(await functions({ functions: false })).toBe(0);
    runsFunctions = false;
    expect(await functions({ price: 101 })).toBe(0);
    runsFunctions = true;
    // Attestors run them again like any other request.
    listed = [{ price: 100n, maxUnits: 1_000n, samplingConsensus: true }];
    expect(await functions({ buyers: 1 })).toBeGreaterThan(0);
  });
  it('buys on the tasks of the dial alone, and seals no answer where an attestor must be able to see it', async () => {
    listed = [{ price: 100n, maxUnits: 1_000n, taskSmallId: 2n, samplingConsensus: true }];
    await buyers.start();
    await settle();
    expect(sold).toEqual([]);
    buyers.setDemand({ ...demand, stackUnits: 1_000, requestsPerMinute: 600, taskSmallIds: [2] });
    for (let i = 0; i < 60; i += 1) await pass(100);
    expect(bought[0]).toEqual({ taskSmallId: 2n, samplingConsensus: true });
    // Every seventh request asks for a sealed answer.
    expect(submitted.length).toBeGreaterThan(7);
    expect(submitted.some(({ sealed }) => sealed)).toBe(false);
  });
});
