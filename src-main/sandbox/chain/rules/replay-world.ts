/** Carries the steps of a recorded contract file out on the rules alone, for the replay test (format of contract-g1.json). */
import * as rules from './index.ts';
import type { Abort, Effect, NumericSetting, Outcome, RuleContext, World } from './index.ts';
import { drawsFor, securityCode, senderOf, stepSchema } from './recorded.ts';
import type { Facts, Step } from './recorded.ts';

/** Settings by their recorded names. */
export const settingNames: Readonly<Record<string, NumericSetting>> = {
  cross_validation_probability_permille: 'crossValidationProbabilityPermille',
  cross_validation_extra_nodes_count: 'crossValidationExtraNodesCount',
  cross_validation_extra_nodes_charge_permille: 'crossValidationExtraNodesChargePermille',
  sampling_consensus_charge_permille: 'samplingConsensusChargePermille',
  permille_to_slash_node_on_timeout: 'slashOnTimeoutPermille',
  permille_for_oracle_on_dispute: 'oracleOnDisputePermille',
  permille_for_honest_nodes_on_dispute: 'honestNodesOnDisputePermille',
  required_registration_collateral: 'registrationCollateral',
};

/** A world with wallets, driven by recorded steps; draws follow what the step says was drawn. */
export const createReplayWorld = () => {
  let world: World = rules.freshWorld();
  let epoch = 0n;
  let lastEvents: Effect['events'] = [];
  const wallets = new Map<string, bigint>();
  const nodeOf = new Map<string, bigint>();

  const contextFor = (step: Step): RuleContext => ({ sender: senderOf(step), epoch, draws: drawsFor(step) });
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
        return rules.createTask(world, {
          role: step.role,
          modelName: null,
          security: securityCode(step.security),
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
    /** What the recorded view is made of. */
    facts: (): Facts => {
      const claimed = lastEvents.findLast((event) => event.name === 'StackSettlementTicketClaimedEvent');
      const events = lastEvents.map((event) => event.name);
      return { world, epoch, wallets, events, refund: claimed?.fields.userRefundAmount ?? null };
    },
  };
};
