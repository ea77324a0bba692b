/** Every rule that decides whether this node gets work, each with its live value and one fix (product.md, "Why idle"; protocol.md 5.5 for the selection on chain). */
import { idleRules, type IdleFix, type IdleGroup, type IdleRule, type IdleRuleName } from '../../../src-shared/bridge/idle.ts';
import { parkedPrice } from '../../../src-shared/bridge/intents.ts';
import type { TaskView } from '../../../src-shared/bridge/views.ts';

/** What the rules are judged by; null is "not known", and gives `unknown`. */
export type IdleFacts = {
  keys: 'none' | 'locked' | 'open';
  paused: boolean;
  /** Over the temperature at which work stops, in °C; the hottest is null where no sensor tells. */
  heat: { hot: boolean; hottestC: number | null; resumeAtC: number; pauseAtC: number };
  /** Another program uses a GPU or fills the screen, with its name where it is known. */
  inUse: { now: boolean; by: string | null };
  schedule: { outside: boolean; opensInMs: number | null };
  inference: { process: 'starting' | 'ready' | 'restarting' | 'stopped'; lastError: string | null };
  hasCoordinator: boolean;
  link: { status: 'none' | 'stopped' | 'connecting' | 'connected' | 'refused'; reason: string | null; clockAheadMs: number | null };
  /** Largest difference of clocks that the coordinator takes. */
  maxClockSkewMs: number;
  chain: { status: 'unknown' | 'ok' | 'slow' | 'down'; readAtMs: number | null };
  registered: boolean | null;
  disabledAtEpoch: bigint | null;
  /** The generation draws only nodes with collateral (protocol.md 5.5, G1). */
  needsCollateral: boolean;
  collateral: bigint | null;
  reputation: number | null;
  suiMist: bigint | null;
  gasReserveMist: bigint;
  /** Null before the chain was read. */
  tasks: readonly TaskView[] | null;
};

type Verdict = { status: IdleRule['status'] } & Partial<Pick<IdleRule, 'taskSmallId' | 'figures' | 'amounts' | 'words' | 'fix'>>;

const page = (name: Extract<IdleFix, { kind: 'page' }>['page']): IdleFix => ({ kind: 'page', page: name });
const held = (isGood: boolean | null): IdleRule['status'] => (isGood === null ? 'unknown' : isGood ? 'ok' : 'failed');

/** Judges all rules, in the order of {@link idleRules}; rules of a task come once for each task that is subscribed. */
export function whyIdle(facts: IdleFacts): IdleRule[] {
  const verdicts: Record<IdleRuleName, readonly Verdict[]> = { ...machineVerdicts(facts), ...linkVerdicts(facts), ...chainVerdicts(facts), ...marketVerdicts(facts) };
  return (Object.keys(idleRules) as IdleGroup[]).flatMap((group) => idleRules[group].flatMap((rule) => verdicts[rule].map((verdict) => complete(rule, group, verdict))));
}

const complete = (rule: IdleRuleName, group: IdleGroup, { status, taskSmallId = null, figures = {}, amounts = {}, words = {}, fix = null }: Verdict): IdleRule => ({
  rule,
  group,
  status,
  taskSmallId,
  figures,
  amounts,
  words,
  fix: status === 'ok' ? null : fix,
});

/** Tasks that this node takes part in: a parked subscription is none. */
const served = (tasks: readonly TaskView[]): readonly (TaskView & { subscription: NonNullable<TaskView['subscription']> })[] =>
  tasks.flatMap((task) => (task.subscription === null || task.subscription.price === parkedPrice ? [] : [{ ...task, subscription: task.subscription }]));

function machineVerdicts({ keys, paused, heat, inUse, schedule, inference, tasks }: IdleFacts): Record<(typeof idleRules.machine)[number], readonly Verdict[]> {
  const models = tasks === null ? [] : served(tasks).filter((task) => task.canServe || task.whyNot === 'model_missing');
  const isHealthy = inference.process === 'ready' || inference.process === 'stopped';
  return {
    keys: [{ status: held(keys === 'open'), words: { state: keys }, fix: page(keys === 'none' ? 'setup' : 'settings') }],
    model: models.map((task) => ({ status: held(task.canServe), taskSmallId: task.taskSmallId, words: { model: task.model ?? '' }, fix: page('models') })),
    provider: [{ status: inference.process === 'starting' ? 'unknown' : held(isHealthy), words: { error: inference.lastError ?? '' }, fix: page('hardware') }],
    paused: [{ status: held(!paused), fix: { kind: 'resume' } }],
    heat: [{ status: heat.hottestC === null && !heat.hot ? 'unknown' : held(!heat.hot), figures: { ...(heat.hottestC === null ? {} : { hottestC: heat.hottestC }), resumeAtC: heat.resumeAtC, pauseAtC: heat.pauseAtC }, fix: page('hardware') }],
    in_use: [{ status: held(!inUse.now), words: { by: inUse.by ?? '' }, fix: page('hardware') }],
    schedule: [{ status: held(!schedule.outside), figures: schedule.opensInMs === null ? {} : { opensInMs: schedule.opensInMs }, fix: page('hardware') }],
  };
}

function linkVerdicts({ hasCoordinator, link, maxClockSkewMs }: IdleFacts): Record<(typeof idleRules.link)[number], readonly Verdict[]> {
  const ahead = link.clockAheadMs;
  return {
    coordinator: [{ status: held(hasCoordinator), fix: page('settings') }],
    linked: hasCoordinator ? [{ status: held(link.status === 'connected'), words: { state: link.status, reason: link.reason ?? '' }, fix: page('settings') }] : [],
    clock: [{ status: held(ahead === null ? null : Math.abs(ahead) <= maxClockSkewMs), figures: ahead === null ? {} : { aheadMs: ahead, limitMs: maxClockSkewMs } }],
  };
}

function chainVerdicts(facts: IdleFacts): Record<(typeof idleRules.chain)[number], readonly Verdict[]> {
  const { chain, registered, disabledAtEpoch, needsCollateral, collateral, suiMist, gasReserveMist } = facts;
  const collateralRule: Verdict = { status: held(collateral === null ? null : collateral > 0n), amounts: collateral === null ? {} : { collateral }, fix: page('leave') };
  const gasRule: Verdict = { status: held(suiMist === null ? null : suiMist >= gasReserveMist), amounts: suiMist === null ? {} : { suiMist, reserveMist: gasReserveMist }, fix: page('wallet') };
  return {
    chain_read: [{ status: chain.status === 'unknown' ? 'unknown' : held(chain.status !== 'down' && chain.readAtMs !== null), fix: page('settings') }],
    registered: [{ status: held(registered), fix: page('setup') }],
    enabled: [{ status: held(registered === null ? null : registered && disabledAtEpoch === null), amounts: disabledAtEpoch === null ? {} : { epoch: disabledAtEpoch }, fix: page('leave') }],
    collateral: needsCollateral ? [collateralRule] : [],
    gas: [gasRule],
  };
}

function marketVerdicts({ tasks, reputation }: IdleFacts): Record<(typeof idleRules.market)[number], readonly Verdict[]> {
  const mine = tasks === null ? [] : served(tasks);
  return {
    subscribed: [{ status: held(tasks === null ? null : mine.length > 0), figures: { tasks: mine.length }, fix: page('tasks') }],
    price: mine.map(priceVerdict),
    max_units: mine.map(unitsVerdict),
    reputation: mine.map((task) => ({
      status: held(reputation === null ? null : reputation >= task.minimumReputation),
      taskSmallId: task.taskSmallId,
      figures: { needed: task.minimumReputation, ...(reputation === null ? {} : { reputation }) },
    })),
  };
}

type Served = ReturnType<typeof served>[number];

/** A node is drawn only where its price is at most the buyer's cap (protocol.md 5.5). */
function priceVerdict({ taskSmallId, subscription, recentStacks }: Served): Verdict {
  const paying = recentStacks.filter(({ price }) => price >= subscription.price).length;
  return {
    status: held(recentStacks.length === 0 ? null : paying > 0),
    taskSmallId,
    figures: { paying, buyers: recentStacks.length },
    amounts: { price: subscription.price },
    fix: page('tasks'),
  };
}

/** A node is drawn only where its limit is at least the units that are bought. */
function unitsVerdict({ taskSmallId, subscription, recentStacks }: Served): Verdict {
  const fitting = recentStacks.filter(({ computeUnits }) => computeUnits <= subscription.maxComputeUnits).length;
  return {
    status: held(recentStacks.length === 0 ? null : fitting > 0),
    taskSmallId,
    figures: { fitting, buyers: recentStacks.length },
    amounts: { limit: subscription.maxComputeUnits },
    fix: page('tasks'),
  };
}
