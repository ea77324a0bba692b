/** Carries the steps of a recorded contract file out on the rules alone, for the replay test (format of contract-g1.json). */
import { z } from 'zod';
import * as rules from './index.ts';
import type { Abort, Effect, NumericSetting, Outcome, RuleContext, World } from './index.ts';

const amount = z.number().transform(BigInt);
const by = z.string();
const hex = z.string().transform((text) => Uint8Array.from(Buffer.from(text, 'hex')));
const security = z.union([z.enum(['none', 'sampling', 'confidential']), z.number()]).optional();

/** One recorded step. */
export const stepSchema = z.discriminatedUnion('op', [
  z.object({ op: z.literal('set'), param: z.string(), value: amount }),
  z.object({ op: z.literal('disable_registration') }),
  z.object({ op: z.literal('enable_registration') }),
  z.object({
    op: z.literal('create_task'),
    role: z.number(),
    security,
    min_reputation: z.number().optional(),
    by: by.optional(),
  }),
  z.object({ op: z.literal('deprecate_task'), task: amount.optional(), by: by.optional() }),
  z.object({ op: z.literal('remove_deprecated_task'), task: amount.optional(), by: by.optional() }),
  z.object({ op: z.literal('admin_remove_task'), task: amount }),
  z.object({ op: z.literal('mint'), to: by, amount }),
  z.object({ op: z.enum(['register_node', 'disable_node', 'destroy_node', 'withdraw_fees']), by }),
  z.object({ op: z.enum(['subscribe', 'update_subscription']), by, task: amount, price: amount, max_units: amount }),
  z.object({ op: z.literal('unsubscribe'), by, task: amount }),
  z.object({
    op: z.literal('acquire'),
    by,
    task: amount,
    units: amount,
    price: amount,
    sampled_node: amount.optional(),
    new_stack: amount.optional(),
  }),
  z.object({
    op: z.literal('settle'),
    by,
    stack: amount,
    units: amount,
    proof: hex,
    leaf: hex,
    sampled_attesters: z.array(amount).optional(),
  }),
  z.object({ op: z.literal('attest'), by, stack: amount, proof: hex, leaf: hex }),
  z.object({ op: z.literal('dispute'), by, stack: amount }),
  z.object({ op: z.literal('claim'), by, stacks: z.array(amount) }),
  z.object({ op: z.literal('advance_epochs'), n: amount }),
]);
type Step = z.infer<typeof stepSchema>;

const settingNames: Readonly<Record<string, NumericSetting>> = {
  cross_validation_probability_permille: 'crossValidationProbabilityPermille',
  cross_validation_extra_nodes_count: 'crossValidationExtraNodesCount',
  cross_validation_extra_nodes_charge_permille: 'crossValidationExtraNodesChargePermille',
  sampling_consensus_charge_permille: 'samplingConsensusChargePermille',
  permille_to_slash_node_on_timeout: 'slashOnTimeoutPermille',
  permille_for_oracle_on_dispute: 'oracleOnDisputePermille',
  permille_for_honest_nodes_on_dispute: 'honestNodesOnDisputePermille',
  required_registration_collateral: 'registrationCollateral',
};
const securityCodes = { none: 0, sampling: 1, confidential: 2 } as const;

/** A world with wallets, driven by recorded steps; draws follow what the step says was drawn. */
export const createReplayWorld = () => {
  let world: World = rules.freshWorld();
  let epoch = 0n;
  let lastEvents: Effect['events'] = [];
  const wallets = new Map<string, bigint>();
  const nodeOf = new Map<string, bigint>();

  const contextFor = (step: Step): RuleContext => {
    const told = step.op === 'settle' ? [...(step.sampled_attesters ?? [])] : [];
    const silent = step.op === 'settle' && step.sampled_attesters?.length === 0;
    const node = step.op === 'acquire' ? step.sampled_node : undefined;
    const pick = (candidates: readonly bigint[]): number => {
      const drawn = node ?? told.shift();
      if (drawn === undefined) return 0;
      const index = candidates.indexOf(drawn);
      if (index < 0) throw new Error(`node ${drawn} could not have been drawn`);
      return index;
    };
    const sender = 'by' in step ? (step.by ?? 'SYS') : 'SYS';
    // Told that nobody was asked: the probability draw missed. Otherwise it hit, unless the setting is 0.
    return { sender, epoch, draws: { pick, permille: () => (silent ? 1_000n : 1n) } };
  };
  const badge = (name: string): bigint => nodeOf.get(name) ?? 0n;
  const newest = (task: bigint | undefined): bigint => task ?? world.nextTask - 1n;

  const run = (step: Step, context: RuleContext): Effect => {
    switch (step.op) {
      case 'set':
        return rules.changeSetting(world, settingNames[step.param] ?? 'registrationCollateral', step.value);
      case 'disable_registration':
      case 'enable_registration':
        return rules.openRegistration(world, step.op === 'enable_registration');
      case 'create_task': {
        const code = typeof step.security === 'string' ? securityCodes[step.security] : (step.security ?? null);
        return rules.createTask(world, {
          role: step.role,
          modelName: null,
          security: code,
          minimumReputation: step.min_reputation || null,
        });
      }
      case 'deprecate_task':
        return rules.deprecateTask(world, context, newest(step.task));
      case 'remove_deprecated_task':
        return rules.removeTask(world, context, newest(step.task));
      case 'admin_remove_task':
        return rules.removeTaskByAdmin(world, context, step.task);
      case 'register_node':
        return rules.registerNode(world, context, wallets.get(step.by) ?? 0n);
      case 'disable_node':
        return rules.disableNode(world, context, badge(step.by));
      case 'destroy_node':
        return rules.destroyNode(world, context, badge(step.by));
      case 'withdraw_fees':
        return rules.withdrawFees(world, context, badge(step.by));
      case 'subscribe':
        return rules.subscribe(world, {
          node: badge(step.by),
          task: step.task,
          price: step.price,
          maxUnits: step.max_units,
        });
      case 'update_subscription':
        return rules.updateSubscription(world, {
          node: badge(step.by),
          task: step.task,
          price: step.price,
          maxUnits: step.max_units,
        });
      case 'unsubscribe':
        return rules.unsubscribe(world, { node: badge(step.by), task: step.task });
      case 'acquire':
        return rules.acquireStack(world, context, {
          task: step.task,
          units: step.units,
          price: step.price,
          walletAmount: wallets.get(step.by) ?? 0n,
        });
      case 'settle':
        return rules.trySettle(world, context, {
          node: badge(step.by),
          stack: step.stack,
          claimedUnits: step.units,
          proof: step.proof,
          leaf: step.leaf,
        });
      case 'attest':
        return rules.attest(world, context, {
          node: badge(step.by),
          stack: step.stack,
          proof: step.proof,
          leaf: step.leaf,
        });
      case 'dispute':
        return rules.dispute(world, {
          node: badge(step.by),
          stack: step.stack,
          commitment: new Uint8Array(32).fill(9),
        });
      case 'claim':
        return rules.claimFunds(world, context, badge(step.by), step.stacks);
      default:
        throw new Error(`no rule for ${step.op}`);
    }
  };
  const add = (who: string, sum: bigint): Map<string, bigint> => wallets.set(who, (wallets.get(who) ?? 0n) + sum);

  return {
    /** Carries one step out; the abort, or null. */
    apply(raw: unknown): Abort | null {
      const step = stepSchema.parse(raw);
      lastEvents = [];
      if (step.op === 'advance_epochs') epoch += step.n;
      else if (step.op === 'mint') add(step.to, step.amount);
      else {
        const context = contextFor(step);
        const outcome: Outcome = rules.attempt(() => run(step, context));
        if (!outcome.ok) return outcome.abort;
        const { effect } = outcome;
        world = effect.world;
        lastEvents = effect.events;
        add(context.sender, -effect.charge);
        for (const paid of effect.payouts) add(paid.to, paid.amount);
        if (effect.grant?.badge === 'NodeBadge') nodeOf.set(context.sender, effect.grant.smallId);
      }
      return null;
    },
    /** The state in the recorded form. */
    state: () => ({ world, epoch, wallets, lastEvents }),
  };
};
