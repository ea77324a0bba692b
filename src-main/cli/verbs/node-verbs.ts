/** Verbs of the node's life: status, start, pause, resume, drain, leave (product.md, "Command line of the same application"). */
import { z } from 'zod';
import { alertSchema, earningsViewSchema, leaveViewSchema, nodeViewSchema, type LeaveView, type StrandedBy } from '../../../src-shared/bridge/views.ts';
import { exactText } from '../amount-text.ts';
import { exitCodes } from '../exit-codes.ts';
import { countOption } from '../option-schemas.ts';
import { verb, type Report, type Verb, type VerbContext } from '../verb.ts';

const nothing = z.strictObject({});

/** What status prints with --json. `node` is null where no console runs. */
export const statusReportSchema = z.object({
  running: z.boolean(),
  /** The switch, also while no console runs. */
  paused: z.boolean(),
  node: nodeViewSchema.nullable(),
  /** Null until the chain was read. */
  earnings: earningsViewSchema.nullable(),
  alerts: z.array(alertSchema),
});
/** What pause, resume, start and drain print with --json. */
export const switchReportSchema = z.object({ running: z.boolean(), paused: z.boolean(), state: nodeViewSchema.shape.state.nullable() });
/** What leave prints with --json: the view, and what to add so that it is done. */
export const leaveReportSchema = z.object({ done: z.boolean(), add: z.literal('--yes').nullable(), leave: leaveViewSchema });

async function status({ call, door }: VerbContext): Promise<Report> {
  const node = await call('node.get', {});
  const paused = node.paused;
  if (!door.running) return { json: statusReportSchema.encode({ running: false, paused, node: null, earnings: null, alerts: [] }), lines: [`No console runs on this data folder.${paused ? ' It will start paused.' : ''}`] };
  const alerts = await call('node.alerts', {});
  // Unknown is never shown as 0: before the first reading there are no figures.
  const earnings = node.chain.readAtMs === null || node.chain.status === 'unknown' ? null : await call('earnings.get', {}).catch(() => null);
  const of = (name: string, text: string): string => `${name.padEnd(11)}${text}`;
  return {
    json: statusReportSchema.encode({ running: true, paused, node, earnings, alerts }),
    lines: [
      of('state', `${node.state} (${node.reason.replaceAll('_', ' ')}) since ${new Date(node.sinceMs).toISOString()}`),
      of('network', `${node.network.name}, chain ${node.chain.status}${node.chain.epoch === null ? '' : `, epoch ${node.chain.epoch}`}`),
      of('link', node.link.status),
      of('node', node.nodeSmallId === null ? 'not registered, or not read yet' : `number ${node.nodeSmallId}, serving ${node.subscribedTasks} tasks`),
      of('work', `${node.slots.used} of ${node.slots.total} slots`),
      ...(earnings === null ? [] : [of('earned', exactText(earnings.earned.all, earnings.coin)), of('claimable', exactText(earnings.claimable.value, earnings.coin)), of('claimed', exactText(earnings.claimed.value, earnings.coin))]),
      ...alerts.map((alert) => `${alert.level}: ${alert.message}`),
    ],
  };
}

async function switched({ call, door }: VerbContext, said: string): Promise<Report> {
  const { paused, state } = await call('node.get', {});
  return { json: switchReportSchema.encode({ running: door.running, paused, state: door.running ? state : null }), lines: [said] };
}

/** Pauses, then waits until nothing runs and nothing waits for its acknowledgement. */
async function drain(context: VerbContext, timeoutS: number): Promise<Report> {
  const { call, now, sleep } = context;
  await call('node.pause', {});
  const untilMs = now() + timeoutS * 1_000;
  for (;;) {
    const { running } = await call('node.get', {});
    const awaiting = (await call('stacks.list', {}).catch(() => [])).reduce((sum, stack) => sum + stack.awaitingAck, 0);
    if (running.length === 0 && awaiting === 0) return switched(context, 'Drained: paused, and nothing runs any more.');
    if (now() >= untilMs) {
      const report = await switched(context, `Paused, but ${running.length} requests still run and ${awaiting} wait for their acknowledgement.`);
      return { ...report, exitCode: exitCodes.transient };
    }
    await sleep(500);
  }
}

const leaveReport = (leave: LeaveView, part: { done: boolean; add: '--yes' | null }): unknown => leaveReportSchema.encode({ ...part, leave });

const strandedWhy: Readonly<Record<StrandedBy, string>> = {
  task_removed: 'their task was removed',
  attestor_destroyed: 'a node that checked them was destroyed',
};

function leaveLines(leave: LeaveView): string[] {
  const { consequences: c } = leave;
  if (leave.leaving) return leave.steps.map(({ step, status: at, detail }) => `${at.padEnd(8)} ${step.replaceAll('_', ' ')}${detail === null ? '' : `: ${detail}`}`);
  return [
    leave.left ? 'This node has left.' : 'Not leaving. To leave would mean:',
    `  ${c.subscriptions} subscriptions parked, ${c.runningJobs} running requests finished first`,
    `  ${c.openStacks} open stacks settled and claimed: ${exactText(c.openValue.value, c.coin)}; claimable now ${exactText(c.claimableValue.value, c.coin)}`,
    ...(c.disputedStacks === 0 ? [] : [`  ${c.disputedStacks} stacks in dispute stay unpaid: ${exactText(c.disputedValue.value, c.coin)}`]),
    ...c.stranded.map(({ why, stacks, value }) => `  ${stacks} stacks can never be paid, because ${strandedWhy[why]}: ${exactText(value.value, c.coin)} stays behind`),
    `  ${c.openRequests} requests to check others are open; silence on them costs ${exactText(c.penalty.value, c.coin)}`,
    `  collateral back after ${c.epochsToWait} epochs: ${exactText(c.collateral.value, c.coin)}`,
  ];
}

/** Verbs of the node's life. */
export const nodeVerbs: readonly Verb[] = [
  verb({ name: 'status', summary: 'State, network, work and earnings', example: 'status --json', needs: 'folder', schema: nothing, run: status }),
  verb({
    name: 'start',
    summary: 'Begin to serve: ends the set-up, or resumes',
    example: 'start',
    needs: 'console',
    schema: nothing,
    run: async (context) => {
      const { done } = await context.call('setup.get', {});
      if (!done) await context.call('setup.start', {});
      await context.call('node.resume', {});
      return switched(context, 'Started.');
    },
  }),
  verb({
    name: 'pause',
    summary: 'Take no new requests; what runs is finished',
    example: 'pause',
    needs: 'folder',
    schema: nothing,
    run: async (context) => {
      await context.call('node.pause', {});
      return switched(context, context.door.running ? 'Paused.' : 'Paused from the next start on.');
    },
  }),
  verb({
    name: 'resume',
    summary: 'Take requests again',
    example: 'resume',
    needs: 'folder',
    schema: nothing,
    run: async (context) => {
      await context.call('node.resume', {});
      return switched(context, context.door.running ? 'Resumed.' : 'Not paused any more from the next start on.');
    },
  }),
  verb({
    name: 'drain',
    summary: 'Pause, and wait until nothing runs any more',
    example: 'drain --timeout 600',
    options: [{ flags: '--timeout <seconds>', description: 'longest wait (600); exit code 4 when it was not enough' }],
    needs: 'console',
    schema: z.strictObject({ timeout: countOption(0, 86_400).default(600) }),
    run: (context, { timeout }) => drain(context, timeout),
  }),
  verb({
    name: 'leave status',
    summary: 'Where leaving stands, or what it would mean',
    example: 'leave status --json',
    schema: nothing,
    run: async ({ call }) => {
      const leave = await call('leave.get', {});
      return { json: leaveReport(leave, { done: leave.left, add: null }), lines: leaveLines(leave) };
    },
  }),
  verb({
    name: 'leave start',
    summary: 'Leave the network: park, finish, settle, claim, disable, collateral back',
    example: 'leave start --yes',
    options: [{ flags: '--yes', description: 'do it; without it the consequences are shown' }],
    needs: 'console',
    schema: z.strictObject({ yes: z.boolean().default(false) }),
    run: async ({ call }, { yes }) => {
      const before = await call('leave.get', {});
      if (!yes) return { json: leaveReport(before, { done: false, add: '--yes' }), lines: [...leaveLines(before), 'Nothing was begun: add --yes to leave.'], exitCode: exitCodes.usage };
      await call('leave.start', { typed: 'LEAVE' });
      const leave = await call('leave.get', {});
      return { json: leaveReport(leave, { done: true, add: null }), lines: ['Leaving has begun. It goes on by itself; undo it with: leave cancel', ...leaveLines(leave)] };
    },
  }),
  verb({
    name: 'leave cancel',
    summary: 'Stay after all; possible until the node is disabled',
    example: 'leave cancel',
    needs: 'console',
    schema: nothing,
    run: async ({ call }) => {
      await call('leave.cancel', {});
      const leave = await call('leave.get', {});
      return { json: leaveReport(leave, { done: true, add: null }), lines: ['Leaving was cancelled.'] };
    },
  }),
];
