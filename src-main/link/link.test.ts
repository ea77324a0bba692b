/** The pure parts of the link: reconnect delay, frame order, what follows an end, the heartbeat's clock. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { refusedCodeSchema } from '../../src-shared/link/codes.ts';
import { afterEnd, refusalOf, type SessionEnd } from './after-end.ts';
import { startHeartbeat } from './heartbeat.ts';
import { reconnectDelayMs } from './reconnect-delay.ts';
import { readFrame, type SessionPhase } from './session-machine.ts';

describe('reconnect delay', () => {
  it.each([
    [1, 500, 1_000],
    [2, 500, 2_000],
    [6, 500, 32_000],
    [7, 500, 60_000],
    [5_000, 500, 60_000],
  ])('attempt %i lies in %i … %i ms', (attempt, low, high) => {
    expect(reconnectDelayMs(attempt, 0)).toBe(low);
    expect(reconnectDelayMs(attempt, 1)).toBe(high);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (chance) => {
        const delay = reconnectDelayMs(attempt, chance);
        expect(delay >= low && delay <= high).toBe(true);
      }),
    );
  });
});

const hash = 'a'.repeat(64);
const task = '01M7XPG0PVERF7HENE4K5HTVH9';
const frames = {
  challenge: { type: 'challenge', nonce: hash, ts: 1, coordinator_id: `0x${hash}`, sig: 's' },
  welcome: {
    type: 'welcome',
    session_id: 's',
    heartbeat_interval_ms: 30_000,
    missed_heartbeats_allowed: 3,
    awaiting: [],
  },
  refused: { type: 'refused', code: 'sybil' },
  heartbeat_ack: { type: 'heartbeat_ack', seq: 1, ts: 1 },
  dispatch: {
    type: 'dispatch',
    task_id: task,
    task_small_id: 1,
    stack_small_id: 1,
    workload_class: 'x',
    model: 'm@1',
    max_compute_units: 1,
    deadline_ts: 1,
    stream: false,
    envelope: 'e',
  },
  result_ack: { type: 'result_ack', task_id: task, status: 'accepted', entry_index: 0, sig: 's' },
  failure_ack: { type: 'failure_ack', task_id: task },
  cancel: { type: 'cancel', task_id: task },
  history: { type: 'history', stack_small_id: 1, items: [], next: null },
  bye: { type: 'bye', code: 'maintenance' },
};
const linked = ['heartbeat_ack', 'dispatch', 'result_ack', 'failure_ack', 'cancel', 'history', 'bye'];
const legal: Record<SessionPhase, string[]> = {
  awaiting_challenge: ['challenge', 'bye'],
  saying_hello: ['bye'],
  awaiting_welcome: ['welcome', 'refused', 'bye'],
  linked,
  over: [],
};

describe('frames', () => {
  it.each(
    (Object.keys(legal) as SessionPhase[]).flatMap((phase) =>
      Object.entries(frames).map(([type, frame]) => [phase, type, frame] as const),
    ),
  )('%s takes %s or not', (phase, type, frame) => {
    expect(readFrame(phase, JSON.stringify({ ...frame, unknown_field: 1 }), false).ok).toBe(
      legal[phase].includes(type),
    );
  });
  it.each([
    ['{"type":"hello"}', 'the node’s own side'],
    ['{"type":"drain"}', 'the node’s own side, while linked too'],
    ['{"type":"sing"}', 'an unknown type'],
    ['not json', 'no JSON'],
    ['null', 'null'],
    ['[]', 'a list'],
    [JSON.stringify({ ...frames.welcome, heartbeat_interval_ms: 999 }), 'an interval below 1 s'],
    [JSON.stringify({ ...frames.result_ack, entry_index: undefined }), 'an accepted receipt without index'],
    [JSON.stringify({ ...frames.dispatch, task_id: 'lower' }), 'a bad task id'],
  ])('refuses %s (%s)', (text) => {
    for (const phase of Object.keys(legal) as SessionPhase[]) expect(readFrame(phase, text, false).ok).toBe(false);
  });
  it('refuses binary and never throws', () => {
    expect(readFrame('linked', JSON.stringify(frames.cancel), true)).toEqual({ ok: false, detail: 'binary frame' });
    fc.assert(fc.property(fc.json(), (text) => void readFrame('linked', text, false)));
  });
});

describe('after the end of a session', () => {
  const refused = (code: (typeof refusedCodeSchema.options)[number]): SessionEnd => ({
    kind: 'refused',
    code,
    message: null,
  });
  it.each([
    ['bad_manifest', 'stop'],
    ['version_unsupported', 'stop'],
    ['sybil', 'stop'],
    ['not_registered', 'wait_for_chain'],
    ['disabled', 'wait_for_chain'],
    ['in_cooldown', 'wait_for_chain'],
    ['bad_signature', 'retry'],
    ['clock_skew', 'retry'],
    ['duplicate_session', 'retry'],
  ] as const)('%s: %s, also as a bye', (code, move) => {
    expect(afterEnd(refused(code), 1)).toBe(move);
    expect(afterEnd({ kind: 'bye', code, message: null }, 1)).toBe(move);
  });
  it('stops at the fifth bad signature in a row', () => {
    expect([1, 4, 5, 6].map((count) => afterEnd(refused('bad_signature'), count))).toEqual([
      'retry',
      'retry',
      'stop',
      'stop',
    ]);
    expect(afterEnd(refused('clock_skew'), 9)).toBe('retry');
  });
  it('connects again after everything else but a changed coordinator', () => {
    expect(afterEnd({ kind: 'bye', code: 'heartbeat_timeout', message: null }, 0)).toBe('retry');
    expect(refusalOf({ kind: 'bye', code: 'heartbeat_timeout', message: null })).toBeNull();
    expect(afterEnd({ kind: 'lost', errorCode: 'link.down', detail: '' }, 0)).toBe('retry');
    expect(afterEnd({ kind: 'protocol', detail: '' }, 0)).toBe('retry');
    expect(afterEnd({ kind: 'coordinator_changed', found: 'a', expected: 'b' }, 0)).toBe('stop');
  });
});

describe('heartbeat', () => {
  const start = (missedAllowed = 3) => {
    let nowMs = 0;
    let tasks: { at: number; work: () => void }[] = [];
    const beats: [number, number][] = [];
    let silentAt: number | null = null;
    const heartbeat = startHeartbeat(
      { intervalMs: 30_000, missedAllowed },
      {
        now: () => nowMs,
        schedule: (delayMs, work) => {
          const task = { at: nowMs + delayMs, work };
          tasks.push(task);
          return () => void (tasks = tasks.filter((other) => other !== task));
        },
        beat: (seq) => beats.push([seq, nowMs]),
        silent: () => void (silentAt = nowMs),
      },
    );
    const advanceTo = (ms: number): void => {
      for (
        let due = tasks.filter((task) => task.at <= ms).sort((a, b) => a.at - b.at)[0];
        due !== undefined;
        due = tasks.filter((task) => task.at <= ms).sort((a, b) => a.at - b.at)[0]
      ) {
        const { at, work } = due;
        tasks = tasks.filter((task) => task !== due);
        nowMs = at;
        work();
      }
      nowMs = ms;
    };
    /** The clock alone; timers do not follow it. */
    const setBack = (ms: number): void => {
      nowMs -= ms;
      for (const task of tasks) task.at -= ms;
    };
    return { heartbeat, beats, advanceTo, setBack, silentAt: () => silentAt, left: () => tasks.length };
  };
  it('beats at once, then at the interval, numbered from 1', () => {
    const { beats, advanceTo } = start();
    advanceTo(90_000);
    expect(beats).toEqual([
      [1, 0],
      [2, 30_000],
      [3, 60_000],
      [4, 90_000],
    ]);
  });
  it('beats early on a change, at most once a second', () => {
    const { heartbeat, beats, advanceTo } = start();
    heartbeat.soon();
    heartbeat.soon();
    advanceTo(1_000);
    expect(beats).toEqual([
      [1, 0],
      [2, 1_000],
    ]);
    advanceTo(5_000);
    for (let i = 0; i < 50; i += 1) heartbeat.soon();
    advanceTo(5_999);
    expect(beats.length).toBe(3);
    advanceTo(36_000);
    expect(beats.slice(2)).toEqual([
      [3, 5_000],
      [4, 35_000],
    ]);
  });
  it('beats on when the clock was set back', () => {
    const { heartbeat, beats, advanceTo, setBack } = start();
    advanceTo(10_000);
    setBack(3_600_000);
    heartbeat.soon();
    heartbeat.soon();
    advanceTo(-3_589_000);
    expect(beats).toEqual([
      [1, 0],
      [2, -3_589_000],
    ]);
  });
  it.each([
    [0, 15_000],
    [3, 105_000],
  ])('with %i missed allowed is silent after %i ms without an acknowledgement', (missed, ms) => {
    const { advanceTo, silentAt } = start(missed);
    advanceTo(ms - 1);
    expect(silentAt()).toBeNull();
    advanceTo(ms);
    expect(silentAt()).toBe(ms);
  });
  it('counts silence from the newest acknowledgement, takes only numbers that were sent, and stops', () => {
    const { heartbeat, advanceTo, silentAt, left } = start();
    advanceTo(60_000);
    expect([0, 1, 3, 4].map((seq) => heartbeat.acknowledged(seq))).toEqual([false, true, true, false]);
    advanceTo(164_999);
    expect(silentAt()).toBeNull();
    heartbeat.stop();
    advanceTo(400_000);
    expect(silentAt()).toBeNull();
    expect(left()).toBe(0);
  });
});
