/** Questions and answers of a history: signed text, one at a time, late and unasked answers, the end of a session. */
import { describe, expect, it } from 'vitest';
import type { CoordinatorMessage, NodeMessage } from '../../src-shared/link/messages.ts';
import { createHistoryClient } from './history-client.ts';

type Answer = Extract<CoordinatorMessage, { type: 'history' | 'history_refused' }>;
const page = (stack_small_id: number, next: number | null = null): Answer => ({ type: 'history', stack_small_id, items: [], next });
const refusal = (stack_small_id: number): Answer => ({ type: 'history_refused', stack_small_id, code: 'no_history' });

function session() {
  const sent: NodeMessage[] = [];
  let over = false;
  let expire: () => void = () => undefined;
  let wake: () => void = () => undefined;
  const client = createHistoryClient(
    { sessionId: 's', nodeId: '0xn' },
    {
      keys: { signLiveness: async (text) => `sig:${text}` },
      schedule: (_, work) => ((expire = work), () => (expire = () => undefined)),
      send: (frame) => (sent.push(frame), wake()),
      isOver: () => over,
    },
  );
  const sentOne = (): Promise<void> => new Promise((done) => (wake = done));
  return { client, sent, sentOne, expire: () => expire(), end: () => ((over = true), client.stop()) };
}

describe('a question', () => {
  it('is signed with session, node, stack and place, and answered by the page', async () => {
    const { client, sent, sentOne } = session();
    const gone = sentOne();
    const asked = client.ask(7n, -1);
    await gone;
    expect(sent).toEqual([{ type: 'history_request', stack_small_id: 7, after: -1, sig: 'sig:node-link:history:s:0xn:7:-1' }]);
    expect(client.answered(page(7, 3))).toBe(true);
    expect(await asked).toEqual({ kind: 'page', items: [], next: 3 });
  });
  it('is answered by a refusal', async () => {
    const { client, sentOne } = session();
    const gone = sentOne();
    const asked = client.ask(7n, -1);
    await gone;
    expect(client.answered(refusal(7))).toBe(true);
    expect(await asked).toEqual({ kind: 'refused', code: 'no_history' });
  });
  it('waits for the one before', async () => {
    const { client, sent, sentOne } = session();
    const first = sentOne();
    const asked = [client.ask(7n, -1), client.ask(8n, 4)];
    await first;
    expect(sent).toHaveLength(1);
    const second = sentOne();
    client.answered(page(7));
    await second;
    client.answered(page(8, 9));
    expect(await Promise.all(asked)).toEqual([{ kind: 'page', items: [], next: null }, { kind: 'page', items: [], next: 9 }]);
  });
  it('that gets no answer in time is given up; its late answer is no violation, a second one is', async () => {
    const { client, sentOne, expire } = session();
    const gone = sentOne();
    const asked = client.ask(7n, -1);
    await gone;
    expire();
    await expect(asked).rejects.toMatchObject({ code: 'link.down' });
    expect(client.answered(page(7))).toBe(true);
    expect(client.answered(page(7))).toBe(false);
  });
  it('fails when the session ends, before and after it was sent', async () => {
    const { client, sentOne, end } = session();
    const gone = sentOne();
    const [open, later] = [client.ask(7n, -1), client.ask(7n, 3)];
    await gone;
    end();
    await expect(open).rejects.toMatchObject({ code: 'link.down' });
    await expect(later).rejects.toMatchObject({ code: 'link.down' });
  });
});

describe('an answer', () => {
  it('that nobody asked for is refused, also of another stack', async () => {
    const { client, sentOne } = session();
    expect(client.answered(page(7))).toBe(false);
    const gone = sentOne();
    const asked = client.ask(7n, -1);
    await gone;
    expect(client.answered(page(8))).toBe(false);
    client.answered(page(7));
    await asked;
  });
});
