/** Tests of the gathering of text: order and content kept, one message a time, nothing late. */
import { describe, expect, it } from 'vitest';
import { type TextPiece, createTextChannel } from './text-channel.ts';

function setUp() {
  const sent: TextPiece[][] = [];
  const due: (() => void)[] = [];
  const channel = createTextChannel(25, { send: (texts) => sent.push(texts), schedule: (_, work) => due.push(work) });
  return { sent, channel, tick: () => due.shift()?.(), due };
}

describe('createTextChannel', () => {
  it('sends the first piece at once and gathers the following of everybody', () => {
    const { sent, channel, tick } = setUp();
    channel.add(1, 'a');
    expect(sent).toEqual([[{ call: 1, delta: 'a' }]]);
    for (const [call, delta] of [[1, 'b'], [2, 'x'], [1, 'c']] as const) channel.add(call, delta);
    expect(sent).toHaveLength(1);
    tick();
    expect(sent[1]).toEqual([{ call: 1, delta: 'bc' }, { call: 2, delta: 'x' }]);
    channel.add(2, 'y');
    expect(sent).toHaveLength(2);
    tick();
    expect(sent[2]).toEqual([{ call: 2, delta: 'y' }]);
  });
  it('is quiet again after a time without text', () => {
    const { sent, channel, tick, due } = setUp();
    channel.add(1, 'a');
    tick();
    expect(due).toHaveLength(0);
    channel.add(1, 'b');
    expect(sent).toHaveLength(2);
  });
  it('sends what waits before an answer, and nothing where nothing waits', () => {
    const { sent, channel } = setUp();
    channel.flush();
    channel.add(1, 'a');
    channel.add(1, 'b');
    channel.flush();
    channel.flush();
    expect(sent).toEqual([[{ call: 1, delta: 'a' }], [{ call: 1, delta: 'b' }]]);
  });
});
