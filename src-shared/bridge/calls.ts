/** The calls a window may make, by area: input and output as schemas; one description for both hosts and the client (architecture.md, "The bridge"). */
import { z } from 'zod';
import { bigintText } from '../domain/amounts.ts';
import { taskIdSchema } from '../domain/ids.ts';
import { jobStageSchema } from '../domain/job-stage.ts';
import { networkProfileSchema } from '../domain/network-profile.ts';
import { idleRuleSchema } from './idle.ts';
import { intentSchema, outcomeSchema, proposalSchema } from './intents.ts';
import {
  alertSchema,
  appInfoSchema,
  earningsPointSchema,
  earningsViewSchema,
  jobViewSchema,
  keysViewSchema,
  languageChoiceSchema,
  leaveViewSchema,
  ledgerEntrySchema,
  logLineSchema,
  machineCheckSchema,
  modelViewSchema,
  nodeViewSchema,
  policiesSchema,
  providerNameSchema,
  providersViewSchema,
  offeredRoleSchema,
  sandboxViewSchema,
  secondNodeModeSchema,
  settingsViewSchema,
  setupViewSchema,
  stackViewSchema,
  stateSpanSchema,
  taskViewSchema,
} from './views.ts';

const nothing = z.strictObject({});
const done = z.object({});
const limit = z.number().int().min(1).max(500);

/** A page of the host's own, outside the window: `url` to open in a new tab (headless), or null when the host opened its window (desktop). */
const securePage = z.object({ url: z.string().nullable() });

export const nodeCalls = {
  'app.info': { input: nothing, output: appInfoSchema },
  'node.get': { input: nothing, output: nodeViewSchema },
  'node.timeline': { input: z.strictObject({ sinceMs: z.number() }), output: z.array(stateSpanSchema) },
  'node.alerts': { input: nothing, output: z.array(alertSchema) },
  /** Every rule that decides whether this node gets work, as it holds now. */
  'node.whyIdle': { input: nothing, output: z.array(idleRuleSchema) },
  'node.pause': { input: nothing, output: done },
  'node.resume': { input: nothing, output: done },
  'leave.get': { input: nothing, output: leaveViewSchema },
  /** Starts the cooldown; nothing irreversible is sent before the cancel window has passed. Needs the word "LEAVE" typed. */
  'leave.start': { input: z.strictObject({ typed: z.literal('LEAVE') }), output: done },
  'leave.cancel': { input: nothing, output: done },
} as const;

export const moneyCalls = {
  'earnings.get': { input: nothing, output: earningsViewSchema },
  'earnings.series': {
    input: z.strictObject({ range: z.enum(['today', 'days7', 'days30', 'all']) }),
    output: z.array(earningsPointSchema),
  },
  /** The stacks that are not paid out or gone yet, and, unless left out, the latest of those that are. */
  'stacks.list': { input: z.strictObject({ unfinishedOnly: z.boolean().optional() }), output: z.array(stackViewSchema) },
  /** Moves the policy forward by hand: settles with the units that were acknowledged. */
  'stacks.settle': { input: z.strictObject({ stackSmallId: bigintText }), output: outcomeSchema },
  'stacks.claim': { input: z.strictObject({ stackSmallIds: z.array(bigintText).min(1).max(50) }), output: outcomeSchema },
  'ledger.list': { input: z.strictObject({ limit, before: z.string().nullable() }), output: z.array(ledgerEntrySchema) },
} as const;

export const jobCalls = {
  'jobs.list': {
    input: z.strictObject({ limit, stages: z.array(jobStageSchema).nullable(), stackSmallId: bigintText.nullable(), before: z.string().nullable() }),
    output: z.object({ items: z.array(jobViewSchema), total: z.number().int(), next: z.string().nullable() }),
  },
  /** One request by its id, for its own address; null when this node never saw it. */
  'jobs.get': { input: z.strictObject({ taskId: taskIdSchema }), output: jobViewSchema.nullable() },
  'tasks.list': { input: nothing, output: z.array(taskViewSchema) },
  'models.list': { input: nothing, output: z.array(modelViewSchema) },
} as const;

export const walletCalls = {
  'keys.get': { input: nothing, output: keysViewSchema },
  /** Opens the host's own page for making, importing or restoring the key; no key ever crosses the bridge. */
  'keys.open': { input: z.strictObject({ page: z.enum(['create', 'import', 'restore', 'unlock', 'backup', 'rehearse', 'rotate']) }), output: securePage },
  'keys.lock': { input: nothing, output: done },
  /** Simulates an intent and keeps it waiting for the operator. */
  'wallet.propose': { input: z.strictObject({ intent: intentSchema }), output: proposalSchema },
  /** As wallet.propose, for a transaction built elsewhere (the Wallet Standard wallet): recognised as an intent, or refused. */
  'wallet.proposeTransaction': { input: z.strictObject({ transaction: z.string().max(200_000) }), output: proposalSchema },
  /** Asks the operator in a page of the host's own. */
  'wallet.confirm': { input: z.strictObject({ proposalId: z.string() }), output: securePage },
  /** Ends when the proposal was confirmed and executed; refused when declined or expired. */
  'wallet.outcome': { input: z.strictObject({ proposalId: z.string() }), output: outcomeSchema },
  /** gRPC-web passage of the window's read-only chain client to the pinned endpoint; writes are refused. */
  'chain.read': {
    input: z.strictObject({ method: z.string().max(200), contentType: z.string().max(100), body: z.base64().max(400_000) }),
    output: z.object({ status: z.number().int(), contentType: z.string(), body: z.base64() }),
  },
} as const;

export const settingsCalls = {
  'setup.get': { input: nothing, output: setupViewSchema },
  'setup.network': { input: z.strictObject({ networkId: z.string() }), output: setupViewSchema },
  'setup.customNetwork': { input: z.strictObject({ profile: networkProfileSchema }), output: setupViewSchema },
  'setup.machineCheck': { input: nothing, output: machineCheckSchema },
  /** Test networks: SUI for gas and the network's coin, from their faucets. */
  'setup.faucet': { input: nothing, output: done },
  'setup.start': { input: nothing, output: setupViewSchema },
  'settings.get': { input: nothing, output: settingsViewSchema },
  'settings.theme': { input: z.strictObject({ theme: z.enum(['system', 'light', 'dark']) }), output: settingsViewSchema },
  'settings.language': { input: languageChoiceSchema, output: settingsViewSchema },
  'settings.policies': { input: z.strictObject({ policies: policiesSchema }), output: settingsViewSchema },
  'inference.providers': { input: nothing, output: providersViewSchema },
  /** The order in which providers are tried; the processor serves only where it stands in it. null: follow the last check. */
  'inference.setProviders': {
    input: z.strictObject({ order: z.array(providerNameSchema).min(1).refine((order) => new Set(order).size === order.length, 'each provider once').nullable() }),
    output: providersViewSchema,
  },
  'settings.trustCoordinator': { input: z.strictObject({ coordinatorId: z.string() }), output: settingsViewSchema },
  'logs.list': {
    input: z.strictObject({ limit, level: z.enum(['debug', 'info', 'warn', 'error']), text: z.string().max(200) }),
    output: z.array(logLineSchema),
  },
  'sandbox.get': { input: nothing, output: sandboxViewSchema.nullable() },
  'sandbox.setEpochLength': { input: z.strictObject({ epochLengthMs: z.number().int().min(1_000).max(86_400_000).nullable() }), output: done },
  'sandbox.skipEpochs': { input: z.strictObject({ epochs: z.number().int().min(1).max(100) }), output: done },
  'sandbox.setDemand': {
    input: z.strictObject({
      running: z.boolean(),
      buyers: z.number().int().min(1).max(20),
      requestsPerMinute: z.number().min(1).max(6_000),
      stackUnits: z.number().int().min(200).max(10_000_000),
      price: z.number().int().min(1).max(1_000_000_000),
      /** Tasks on which buyers buy. */
      taskSmallIds: z.array(z.number().int().min(1)).min(1).max(16),
      /** Whether every few requests are WASM functions, on whatever stack a buyer has. */
      functions: z.boolean().default(false),
    }),
    output: done,
  },
  /** Makes a task of this role where the network has none, and lets buyers buy on it. */
  'sandbox.offerRole': { input: z.strictObject({ role: offeredRoleSchema }), output: done },
  'sandbox.setFaults': { input: z.strictObject({ dropLink: z.boolean(), slowChainMs: z.number().int().min(0).max(30_000), chainDown: z.boolean() }), output: done },
  /** Sent by the chain's publisher as ordinary admin transactions; extraNodes is how many attestors are drawn at most. */
  'sandbox.setAttestations': { input: z.strictObject({ probabilityPermille: z.number().int().min(0).max(1_000), extraNodes: z.number().int().min(1).max(8) }), output: done },
  'sandbox.setSecondNode': { input: z.strictObject({ mode: secondNodeModeSchema }), output: done },
} as const;
