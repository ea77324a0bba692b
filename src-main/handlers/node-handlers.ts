/** Calls about the node itself and about leaving (src-shared/bridge/calls.ts, nodeCalls). */
import type { Handlers } from '../../src-shared/bridge/index.ts';
import type { nodeCalls } from '../../src-shared/bridge/calls.ts';

type Area = Pick<Handlers, keyof typeof nodeCalls>;

/** What these calls need of the node. */
export type NodeArea = {
  appInfo: Area['app.info'];
  view: Area['node.get'];
  timeline(sinceMs: number): ReturnType<Area['node.timeline']>;
  alerts: Area['node.alerts'];
  whyIdle: Area['node.whyIdle'];
  setPaused(paused: boolean): Promise<void>;
  leave: { view: Area['leave.get']; start(): Promise<void>; cancel(): Promise<void> };
};

/** Binds the calls to the node. */
export const nodeHandlers = (node: NodeArea): Area => ({
  'app.info': node.appInfo,
  'node.get': node.view,
  'node.timeline': ({ sinceMs }) => node.timeline(sinceMs),
  'node.alerts': node.alerts,
  'node.whyIdle': node.whyIdle,
  'node.pause': async () => {
    await node.setPaused(true);
    return {};
  },
  'node.resume': async () => {
    await node.setPaused(false);
    return {};
  },
  'leave.get': node.leave.view,
  'leave.start': async () => {
    await node.leave.start();
    return {};
  },
  'leave.cancel': async () => {
    await node.leave.cancel();
    return {};
  },
});
