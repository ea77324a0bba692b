/** The crash table of the main job: stop at every boundary, start again, and expect exactly one failure report before the record, exactly one result after it (architecture.md, "Tests"). */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crashPoints, type CrashPoint } from '../core/crash-points.ts';
import { sealedDispatch, startBenchNode, type BenchNode } from './bench-node.ts';
import { startCoordinatorDouble, type CoordinatorDouble, type Peer } from './coordinator-double.ts';

let dataDir = '';
let coordinator: CoordinatorDouble;
let nodes: BenchNode[] = [];
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'crash-'));
  coordinator = await startCoordinatorDouble();
  nodes = [];
});
afterEach(async () => {
  for (const node of nodes) await node.stop();
  await coordinator.close();
  rmSync(dataDir, { recursive: true, force: true });
});

type How = 'killed' | 'cut';

/** Starts a node that stops at `point`: in a process of its own that is killed, or here with its database and connection cut. */
function startDoomed(how: How, point: CrashPoint): Promise<void> {
  return new Promise((resolve, reject) => {
    if (how === 'cut')
      return void nodes.push(startBenchNode({ dataDir, url: coordinator.url, crashAt: point, onCrash: resolve }));
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'crash-child.ts'), dataDir, coordinator.url, point],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    child.once('exit', (code, signal) =>
      signal === 'SIGKILL' ? resolve() : reject(new Error(`the node ended by itself: ${code}`)),
    );
  });
}

/** Serves a node until it stops at `point`. Returns what the coordinator heard. */
async function crashedSession(
  how: How,
  point: CrashPoint,
  dispatch: Awaited<ReturnType<typeof sealedDispatch>>,
): Promise<Peer> {
  const crash = startDoomed(how, point);
  const peer = await coordinator.peer();
  await peer.welcome();
  peer.send(dispatch);
  if (point !== 'received') await peer.next('accepted');
  if (point === 'ack_received' || point === 'acknowledged') await peer.ack(await peer.next('result'), 0);
  if (point === 'result_sent') await peer.next('result');
  if (point === 'failure_sent') await peer.next('failure');
  await crash;
  peer.drop();
  return peer;
}

/** A started node with its coordinator; `fence` resolves when everything sent before it was answered. */
async function session(awaiting: string[]): Promise<{ node: BenchNode; peer: Peer; fence(): Promise<void> }> {
  const node = startBenchNode({ dataDir, url: coordinator.url });
  nodes.push(node);
  const peer = await coordinator.peer();
  await peer.welcome({ awaiting });
  const fence = async (): Promise<void> => {
    peer.send(await sealedDispatch('x', { model: 'other@1' }));
    await peer.next('declined');
  };
  return { node, peer, fence };
}
const answers = (peer: Peer): string[] =>
  peer.frames
    .map((frame) => frame.type)
    .filter((type) => type !== 'hello' && type !== 'heartbeat' && type !== 'declined');

const before: CrashPoint[] = ['received', 'accepted', 'decrypting', 'executing', 'proving', 'sealed'];
const after: CrashPoint[] = ['recorded', 'result_sent', 'ack_received'];
const failing: CrashPoint[] = ['failure_recorded', 'failure_sent'];

it('the table names every boundary', () =>
  expect([...before, ...after, 'acknowledged', ...failing].sort()).toEqual([...crashPoints].sort()));

describe.each([
  ['killed', 'awaited', true],
  ['cut', 'given up', false],
  ['cut', 'awaited', true],
] as const)('%s, the coordinator has the task as %s', (how, _, isAwaited) => {
  const awaitedList = (taskId: string): string[] => (isAwaited ? [taskId] : []);

  it.each([...before, ...failing])('stopped at %s: one failure report, no units, nothing run again', async (point) => {
    const isFailing = failing.includes(point);
    const dispatch = await sealedDispatch(isFailing ? 'fail' : 'work');
    const first = await crashedSession(how, point, dispatch);
    expect(answers(first)).toEqual(
      point === 'received' ? [] : point === 'failure_sent' ? ['accepted', 'failure'] : ['accepted'],
    );

    const second = await session(awaitedList(dispatch.task_id));
    expect(await second.peer.next('failure')).toMatchObject({
      task_id: dispatch.task_id,
      code: isFailing ? 'model_failed' : 'internal',
    });
    await second.fence();
    second.peer.send({ type: 'failure_ack', task_id: dispatch.task_id });
    await second.fence();
    expect(answers(second.peer)).toEqual(['failure']);
    expect(second.node.engine.runs).toEqual([]);
    expect(second.node.tables.work.stackWork(7n)).toMatchObject({
      acceptedUnits: 0n,
      entries: [],
      awaitingAck: 0,
      running: 0,
    });
    await second.node.stop();

    const third = await session([]);
    await third.fence();
    expect(answers(third.peer)).toEqual([]);
    expect(coordinator.faults).toEqual([]);
  });

  it.each(after)('stopped at %s: one result, the same bytes, one entry', async (point) => {
    const dispatch = await sealedDispatch('work');
    const first = await crashedSession(how, point, dispatch);
    const sentBefore = first.frames.find((frame) => frame.type === 'result');

    const second = await session(awaitedList(dispatch.task_id));
    const result = await second.peer.next('result');
    if (sentBefore !== undefined) expect(result).toEqual(sentBefore);
    await second.peer.ack(result, 0, point === 'recorded' ? 'accepted' : 'duplicate');
    await second.fence();
    expect(answers(second.peer)).toEqual(['result']);
    expect(second.node.engine.runs).toEqual([]);
    expect(second.node.tables.work.stackWork(7n)).toMatchObject({ acceptedUnits: 4n, awaitingAck: 0, running: 0 });
    expect(second.node.tables.work.stackWork(7n).entries).toHaveLength(1);
    await second.node.stop();

    const third = await session([]);
    await third.fence();
    expect(answers(third.peer)).toEqual([]);
    expect(coordinator.faults).toEqual([]);
  });
});

it.each(['killed', 'cut'] as const)('%s at acknowledged: nothing is sent again', async (how) => {
  const dispatch = await sealedDispatch('work');
  await crashedSession(how, 'acknowledged', dispatch);
  const second = await session([]);
  await second.fence();
  expect(answers(second.peer)).toEqual([]);
  expect(second.node.tables.work.stackWork(7n)).toMatchObject({ acceptedUnits: 4n, awaitingAck: 0 });
});
