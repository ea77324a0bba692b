/** Carries the steps of a recorded contract file out on the rules alone, in either generation (format of contract-g1.json and contract-g2.json). */
import type { Generation } from '../../../../src-shared/atoma/index.ts';
import * as rules from './index.ts';
import type { Abort, Draws, Effect, NumericSetting, Outcome, RuleContext, World } from './index.ts';
import { ImpossibleDraw, UnsupportedStep, drawsFor, parseStep, securityCode, senderOf } from './recorded.ts';
import type { Facts, Step } from './recorded.ts';
import { withEntry } from './world.ts';

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

const settingOf = (param: string): NumericSetting => {
  const name = Object.hasOwn(settingNames, param) ? settingNames[param] : undefined;
  if (!name) throw new UnsupportedStep(`no parameter ${param}`);
  return name;
};

/** What the rules drew against what the step says was drawn. Throws ImpossibleDraw where they part. */
const checkDraws = (step: Step, before: World, effect: Effect): void => {
  for (const event of effect.events) {
    if (event.name === 'StackCreatedEvent' && step.op === 'acquire') {
      const { selectedNodeId, stackSmallId } = event.fields;
      if (selectedNodeId !== (step.sampled_node ?? selectedNodeId)) throw new ImpossibleDraw('another node was drawn');
      if (stackSmallId !== (step.new_stack ?? stackSmallId))
        throw new ImpossibleDraw(`the new stack is ${stackSmallId}`);
    }
    if (event.name === 'StackTrySettleEvent' && step.op === 'settle') {
      const got = event.fields.requestedAttestationNodes.join(', ');
      const probability = before.settings.crossValidationProbabilityPermille;
      const open = probability > 0n && probability < 1_000n && got !== '';
      if (!step.sampled_attesters && open) throw new ImpossibleDraw('whether anybody is asked to attest is open');
      const told = step.sampled_attesters?.join(', ') ?? got;
      if (got !== told) throw new ImpossibleDraw(`attesters ${told} were told, [${got}] were drawn`);
    }
  }
};

/** A world with wallets, driven by recorded steps; draws follow what the step says was drawn, unless `luck` is given. */
export const createReplayWorld = (generation: Generation, luck?: Draws) => {
  let world: World = rules.freshWorld(generation);
  let epoch = 0n;
  let lastEvents: Effect['events'] = [];
  const wallets = new Map<string, bigint>();
  const nodeOf = new Map<string, bigint>();

  const contextFor = (step: Step): RuleContext => ({
    sender: senderOf(step),
    epoch,
    epochStartMs: 0n,
    draws: luck ?? drawsFor(step),
  });
  const taskOwners = new Map<bigint, string>();
  const badge = (name: string): bigint => {
    const node = nodeOf.get(name);
    if (node === undefined) throw new UnsupportedStep(`${name} holds no node badge`);
    return node;
  };
  /** The task whose badge the sender shows, the newest unless the step names one. */
  const ownTask = (step: Step & { task?: bigint | undefined }): bigint => {
    const task = step.task ?? world.nextTask - 1n;
    if (taskOwners.get(task) !== senderOf(step))
      throw new UnsupportedStep(`${senderOf(step)} holds no badge of task ${task}`);
    return task;
  };

  const run = (step: Step, context: RuleContext): Effect => {
    switch (step.op) {
      case 'set':
        return rules.changeSetting(world, settingOf(step.param), step.value);
      case 'disable_registration':
      case 'enable_registration':
        return rules.openRegistration(world, step.op === 'enable_registration');
      case 'create_task': {
        return rules.createTask(world, {
          role: step.role,
          modelName: null,
          security: securityCode(generation, step.security),
          minimumReputation: step.min_reputation || null,
          isPublic: step.public ?? true,
        });
      }
      case 'deprecate_task':
        return rules.deprecateTask(world, context, ownTask(step));
      case 'remove_deprecated_task':
        return rules.removeTask(world, context, ownTask(step));
      case 'admin_remove_task':
        return rules.removeTaskByAdmin(world, context, step.task);
      case 'whitelist':
        return rules.whitelistNodes(world, step.task, [step.node]);
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
          maxUnits: step.max_units ?? null,
        });
      case 'update_subscription':
        return rules.updateSubscription(world, {
          node: badge(step.by),
          task: step.task,
          price: step.price,
          maxUnits: step.max_units ?? null,
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
      case 'claim_confidential':
        return rules.claimFundsForStacks(world, context, badge(step.by), step);
      default:
        throw new UnsupportedStep(`no rule for ${step.op}`);
    }
  };
  /** Money out of nothing as a node's collateral: no rule of the contract, the recordings' own means. */
  const putCollateral = (id: bigint, sum: bigint): void => {
    const node = world.nodes.get(id);
    if (!node) throw new UnsupportedStep(`there is no node ${id}`);
    world = { ...world, nodes: withEntry(world.nodes, id, { ...node, collateral: node.collateral + sum }) };
  };
  const noteBadges = (step: Step, context: RuleContext, grant: Effect['grant']): void => {
    if (grant?.badge === 'NodeBadge') nodeOf.set(context.sender, grant.smallId);
    if (grant?.badge === 'TaskBadge') taskOwners.set(grant.smallId, context.sender);
    if (step.op === 'destroy_node') nodeOf.delete(step.by);
  };
  const add = (who: string, sum: bigint): Map<string, bigint> => wallets.set(who, (wallets.get(who) ?? 0n) + sum);

  return {
    /** Carries one step out; the abort, or null. Throws UnsupportedStep or ImpossibleDraw when it cannot. */
    apply(raw: unknown): Abort | null {
      const step = parseStep(generation, raw);
      lastEvents = [];
      if (step.op === 'advance_epochs') epoch += step.n;
      else if (step.op === 'mint') add(step.to, step.amount);
      else if (step.op === 'put_collateral') putCollateral(step.node, step.amount);
      else {
        const context = contextFor(step);
        const outcome: Outcome = rules.attempt(() => run(step, context));
        if (!outcome.ok) return outcome.abort;
        const { effect } = outcome;
        if (!luck) checkDraws(step, world, effect);
        world = effect.world;
        lastEvents = effect.events;
        add(context.sender, -effect.charge);
        for (const paid of effect.payouts) add(paid.to, paid.amount);
        noteBadges(step, context, effect.grant);
      }
      return null;
    },
    /** What the recorded view is made of. */
    facts: (): Facts => {
      const claimed = lastEvents.findLast(
        (event) => event.name === 'StackSettlementTicketClaimedEvent' || event.name === 'ClaimedStackEvent',
      );
      const events = lastEvents.map((event) => event.name);
      return { world, epoch, wallets, events, refund: claimed?.fields.userRefundAmount ?? null };
    },
  };
};
