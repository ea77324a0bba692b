/** What the window sees: read models of the node, as plain JSON (architecture.md, "The bridge"). Times are milliseconds, amounts decimal text of base units. */
import { z } from 'zod';
import { bigintText, coinSchema, signedBigintText } from '../domain/amounts.ts';
import { fiatValueSchema } from './economics.ts';
import { jobStageSchema } from '../domain/job-stage.ts';
import { nodeStateSchema, stateReasonSchema } from '../domain/node-state.ts';

const ms = z.number();
const maybeMs = ms.nullable();
const figure = z.number().nullable();

/** Where a value comes from and when it was read; `value` null means unknown, never zero. */
export const reading = <T extends z.ZodType>(value: T) =>
  z.object({ value: value.nullable(), source: z.enum(['chain', 'local', 'coordinator']), readAtMs: maybeMs });
const amountReading = reading(bigintText);

/** Fields of an AppError as text, for places that show a past error. */
export const shownErrorSchema = z.object({ code: z.string(), message: z.string(), atMs: ms });

/** The application itself. */
export const appInfoSchema = z.object({
  version: z.string(),
  host: z.enum(['desktop', 'headless']),
  electron: z.string().nullable(),
  node: z.string(),
  platform: z.string(),
});

/** State word, reason, link, chain and running work: the top bar. */
export const nodeViewSchema = z.object({
  state: nodeStateSchema,
  reason: stateReasonSchema,
  sinceMs: ms,
  paused: z.boolean(),
  nodeSmallId: bigintText.nullable(),
  subscribedTasks: z.number().int(),
  slots: z.object({ used: z.number().int(), total: z.number().int() }),
  running: z.array(z.object({ taskId: z.string(), stackSmallId: bigintText, model: z.string(), startedMs: ms, tokens: z.number().int() })),
  tokensPerSecond: figure,
  link: z.object({
    status: z.enum(['none', 'stopped', 'connecting', 'connected', 'refused']),
    url: z.string().nullable(),
    sinceMs: maybeMs,
    coordinatorId: z.string().nullable(),
    lastError: shownErrorSchema.nullable(),
    nextAttemptMs: maybeMs,
  }),
  chain: z.object({
    status: z.enum(['unknown', 'ok', 'slow', 'down']),
    endpoint: z.string().nullable(),
    chainId: z.string().nullable(),
    epoch: bigintText.nullable(),
    epochEndsAtMs: maybeMs,
    readAtMs: maybeMs,
    lastError: shownErrorSchema.nullable(),
  }),
  network: z.object({ id: z.string(), name: z.string(), kind: z.enum(['sandbox', 'testnet', 'mainnet', 'custom']) }),
  /** How the contract's generation sells compute units; null while no network is chosen. */
  terms: z
    .object({
      /** Compute units that one price is for. */
      priceUnit: bigintText,
      /** Largest stack of every offer where the contract fixes it. */
      fixedMaxComputeUnits: bigintText.nullable(),
      /** How a subscription rests: on G1 unsubscribing breaks a task for its buyers (protocol.md 5.6). */
      resting: z.enum(['park', 'unsubscribe']),
      /** Factor of the pay under sampling consensus, in permille; null before the chain was read. */
      samplingConsensusPermille: bigintText.nullable(),
    })
    .nullable(),
  coin: coinSchema,
});
export type NodeView = z.infer<typeof nodeViewSchema>;

/** One stretch of a state on the timeline; `untilMs` null means it lasts. */
export const stateSpanSchema = z.object({ state: nodeStateSchema, reason: stateReasonSchema, fromMs: ms, untilMs: maybeMs });

/** Something the operator should do. */
export const alertSchema = z.object({
  id: z.string(),
  level: z.enum(['info', 'warning', 'danger']),
  code: z.string(),
  message: z.string(),
  /** Page that mends it. */
  page: z.enum(['dashboard', 'tasks', 'stacks', 'jobs', 'models', 'attestations', 'wallet', 'leave', 'hardware', 'settings', 'network', 'setup']),
  /** Section of the settings, where it is not the first one. */
  section: z.enum(['keys', 'diagnostics']).optional(),
  sinceMs: ms,
});

const rangeAmounts = z.object({ today: bigintText, days7: bigintText, days30: bigintText, all: bigintText });

/** Earned, pending, claimable and claimed kept apart (product.md, Dashboard). */
export const earningsViewSchema = z.object({
  coin: coinSchema,
  /** Value of acknowledged work at the stack's price, by the local day it was acknowledged. */
  earned: rangeAmounts,
  /** Acknowledged work of stacks that are not claimable yet. */
  pending: amountReading,
  /** Payable now by one claim. */
  claimable: amountReading,
  /** Paid out, from claim effects on chain. */
  claimed: amountReading,
  /** Gas paid, net of rebates, in MIST; below zero when rebates were larger, null before the chain was read. */
  gasMist: signedBigintText.nullable(),
  reputation: reading(z.number().int()),
  collateral: amountReading,
});
export type EarningsView = z.infer<typeof earningsViewSchema>;

/** One bar segment of the earnings chart. */
export const earningsPointSchema = z.object({ bucketMs: ms, taskSmallId: bigintText, amount: bigintText, jobs: z.number().int() });

/** What the contract can never pay a stack without. */
export const strandedBySchema = z.enum(['task_removed', 'attestor_destroyed']);
export type StrandedBy = z.infer<typeof strandedBySchema>;

/** One stack in the money pipeline. */
export const stackViewSchema = z.object({
  stackSmallId: bigintText,
  taskSmallId: bigintText,
  model: z.string().nullable(),
  phase: z.enum(['working', 'settling', 'challenge', 'claimable', 'claiming', 'claimed', 'disputed', 'stranded', 'gone']),
  /** Why the contract can never pay it: its task was removed, or a node that attested it was destroyed (protocol.md 2.3, 2.4); null while it can, or while that is not known. */
  strandedBy: strandedBySchema.nullable(),
  owner: z.string(),
  price: bigintText,
  numComputeUnits: bigintText,
  usedUnits: bigintText,
  awaitingAck: z.number().int(),
  /** Units named in the settlement ticket; null before settling. */
  claimedUnits: bigintText.nullable(),
  /** Gross value to the node in base units of the coin. */
  value: bigintText,
  /** Gas of its transactions in MIST; null when one of them is not known. */
  gasMist: signedBigintText.nullable(),
  disputeSettledAtEpoch: bigintText.nullable(),
  epoch: bigintText.nullable(),
  settleDigest: z.string().nullable(),
  claimDigest: z.string().nullable(),
  lastError: shownErrorSchema.nullable(),
  updatedMs: ms,
});
export type StackView = z.infer<typeof stackViewSchema>;

/** One request, without its prompt and answer. */
export const jobViewSchema = z.object({
  taskId: z.string(),
  stackSmallId: bigintText,
  taskSmallId: bigintText,
  workloadClass: z.string(),
  model: z.string(),
  stage: jobStageSchema,
  receivedMs: ms,
  finishedMs: maybeMs,
  promptTokens: figure,
  completionTokens: figure,
  computeUnits: bigintText.nullable(),
  timing: z.object({ queuedMs: z.number(), decryptMs: z.number(), executeMs: z.number(), totalMs: z.number() }).nullable(),
  proof: z.string().nullable(),
  entryIndex: figure,
  acknowledged: z.enum(['accepted', 'duplicate', 'rejected']).nullable(),
  /** Decline, failure or rejection code. */
  code: z.string().nullable(),
  detail: z.string().nullable(),
});
export type JobView = z.infer<typeof jobViewSchema>;

/** One line of the ledger: final effects only. */
export const ledgerEntrySchema = z.object({
  id: z.string(),
  kind: z.enum(['claim', 'collateral', 'collateral_returned', 'fee', 'gas', 'faucet', 'transfer']),
  digest: z.string(),
  eventIndex: z.number().int(),
  atMs: ms,
  epoch: bigintText,
  stackSmallId: bigintText.nullable(),
  taskSmallId: bigintText.nullable(),
  amount: signedBigintText,
  coin: coinSchema,
  /** At the rate that was known on its day; null where none was. */
  fiat: fiatValueSchema.nullable(),
});
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;

/** One task on chain, with what this machine can do about it. */
export const taskViewSchema = z.object({
  taskSmallId: bigintText,
  role: z.number().int(),
  model: z.string().nullable(),
  securityLevel: z.enum(['none', 'sampling_consensus', 'confidential', 'unknown']),
  minimumReputation: z.number().int(),
  isDeprecated: z.boolean(),
  subscribers: z.array(z.object({ nodeSmallId: bigintText, price: bigintText, maxComputeUnits: bigintText })),
  subscription: z.object({ price: bigintText, maxComputeUnits: bigintText }).nullable(),
  /** What buyers bought lately, newest first: the cap they named, and how many units. */
  recentStacks: z.array(z.object({ price: bigintText, computeUnits: bigintText })),
  canServe: z.boolean(),
  whyNot: z.enum(['model_missing', 'role_unsupported', 'needs_engine', 'confidential_hardware', 'reputation', 'deprecated']).nullable(),
});
export type TaskView = z.infer<typeof taskViewSchema>;

/** A model on disk. */
export const modelViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  revision: z.string(),
  sizeBytes: z.number(),
  sha256: z.string(),
  verified: z.boolean(),
  loaded: z.boolean(),
});

/** Where keys lie and whether they are open; addresses only, never a key. */
export const keysViewSchema = z.object({
  exists: z.boolean(),
  unlocked: z.boolean(),
  store: z.object({ kind: z.enum(['keychain', 'passphrase']), name: z.string() }),
  keychain: z.object({ available: z.boolean(), name: z.string(), detail: z.string().nullable() }),
  backupConfirmed: z.boolean(),
  /** When the operator last proved that the recovery phrase is at hand; null: not since the key was made here. */
  rehearsedAtMs: z.number().nullable(),
  /** When the node keys were last given out as a file; `current` is false when the liveness key is another since then. */
  nodeKeysSaved: z.object({ atMs: z.number(), current: z.boolean() }).nullable(),
  nodeId: z.string().nullable(),
  walletAddress: z.string().nullable(),
  livenessAddress: z.string().nullable(),
});
export type KeysView = z.infer<typeof keysViewSchema>;

/** One rule of the machine check with what was found. */
export const machineRuleSchema = z.object({
  rule: z.enum(['cpu', 'ram', 'disk', 'gpu', 'clock', 'sqlite']),
  status: z.enum(['ok', 'warning', 'failed']),
  found: z.string(),
  needed: z.string(),
  fix: z.string().nullable(),
});
/** One execution provider after a real tiny inference on it. */
export const providerNameSchema = z.enum(['cpu', 'webgpu', 'cuda', 'directml', 'coreml']);
export const providerProbeSchema = z.object({
  provider: providerNameSchema,
  ok: z.boolean(),
  tokensPerSecond: figure,
  reason: z.string().nullable(),
  remedy: z.string().nullable(),
  /** It works, but on a driver in software. */
  software: z.boolean().exactOptional(),
});
/** Execution providers: the order that is tried, what the last check found, the devices that serve now. */
export const providersViewSchema = z.object({
  order: z.array(providerNameSchema),
  /** False: the order follows from the last check. */
  isChosen: z.boolean(),
  /** Those that this system could have. */
  available: z.array(providerNameSchema),
  probes: z.array(providerProbeSchema),
  checkedAtMs: maybeMs,
  devices: z.array(
    z.object({
      id: z.string(),
      provider: providerNameSchema,
      index: z.number().int(),
      process: z.enum(['starting', 'ready', 'restarting', 'stopped']),
      restarts: z.number().int(),
      lastError: z.string().nullable(),
      loaded: z.array(z.string()),
      running: z.number().int(),
    }),
  ),
  /** Providers of the order that were passed over because they do not work. */
  falls: z.array(z.object({ provider: providerNameSchema, reason: z.string(), remedy: z.string() })),
});
export type ProvidersView = z.infer<typeof providersViewSchema>;
export const machineCheckSchema = z.object({ atMs: ms, rules: z.array(machineRuleSchema), providers: z.array(providerProbeSchema) });
export type MachineCheck = z.infer<typeof machineCheckSchema>;

/** The seven steps of the set-up, derived from what exists; resumable after a quit (product.md, Set-up). */
export const setupStepSchema = z.enum(['network', 'key', 'machine', 'funds', 'register', 'task', 'start']);
export type SetupStep = z.infer<typeof setupStepSchema>;
export const setupViewSchema = z.object({
  done: z.boolean(),
  /** The first step that is not finished; null when all are. */
  current: setupStepSchema.nullable(),
  finished: z.array(setupStepSchema),
  networks: z.array(z.object({ id: z.string(), name: z.string(), kind: z.enum(['sandbox', 'testnet', 'mainnet', 'custom']), hasCoordinator: z.boolean(), note: z.string().nullable() })),
  networkId: z.string().nullable(),
  keys: keysViewSchema,
  machine: machineCheckSchema.nullable(),
  funds: z.object({
    suiMist: amountReading,
    coin: coinSchema,
    balance: amountReading,
    /** Collateral that registering locks. */
    collateralNeeded: amountReading,
    /** Gas for registering, subscribing and the reserve, in MIST. */
    gasNeededMist: bigintText,
    faucet: z.boolean(),
    /** SUI for gas comes with it; elsewhere it has to be sent to the wallet before anything can be done. */
    gasFaucet: z.boolean(),
  }),
  registration: z.object({ nodeSmallId: bigintText.nullable(), collateral: amountReading }),
  subscriptions: z.array(bigintText),
});
export type SetupView = z.infer<typeof setupViewSchema>;

/** A step of leaving, in order. */
export const leaveStepSchema = z.object({
  step: z.enum(['toggle', 'park', 'finish_work', 'settle', 'window', 'claim', 'cancel_window', 'disable', 'cooldown', 'destroy']),
  status: z.enum(['waiting', 'current', 'done']),
  /** What holds the current step up, and what to do; null while nothing does. */
  detail: z.string().nullable(),
});
export const leaveViewSchema = z.object({
  leaving: z.boolean(),
  startedMs: maybeMs,
  startedEpoch: bigintText.nullable(),
  canCancel: z.boolean(),
  /** Why not, when it cannot be cancelled. */
  cancelBlockedBy: z.enum(['not_leaving', 'disabled']).nullable(),
  cancelWindowEndsMs: maybeMs,
  disabledAtEpoch: bigintText.nullable(),
  collateralUnlocksAtEpoch: bigintText.nullable(),
  cooldownEndsMs: maybeMs,
  left: z.boolean(),
  consequences: z.object({
    openStacks: z.number().int(),
    openValue: amountReading,
    claimableValue: amountReading,
    /** Settled stacks in dispute: they never pay, and leaving does not wait for them (protocol.md 5.8). */
    disputedStacks: z.number().int(),
    disputedValue: amountReading,
    /** Stacks that the contract can never pay, by what they lack: leaving does not wait for them, and their value stays behind. */
    stranded: z.array(z.object({ why: strandedBySchema, stacks: z.number().int(), value: amountReading })),
    /** Requests to check other nodes' stacks that are still open, and what silence on all of them takes from the collateral (protocol.md 5.7). */
    openRequests: z.number().int(),
    penalty: amountReading,
    runningJobs: z.number().int(),
    subscriptions: z.number().int(),
    collateral: amountReading,
    epochsToWait: z.number().int(),
    coin: coinSchema,
  }),
  steps: z.array(leaveStepSchema),
});
export type LeaveView = z.infer<typeof leaveViewSchema>;

/** Policies, each with a switch (product.md, "Policies"). */
export const policiesSchema = z.object({
  autoSettle: z.boolean(),
  /** Settle from this share of a stack's units on, in percent. */
  settleAtPercent: z.number().int().min(1).max(100),
  /** Settle a stack whose task was idle this long. */
  settleWhenIdleMs: z.number().int().min(1_000),
  autoClaim: z.boolean(),
  /** SUI kept for this many transactions; below it the console warns. */
  gasReserveTransactions: z.number().int().min(1).max(1_000),
  maxParallel: z.number().int().min(1).max(64),
  cancelWindowMs: z.number().int().min(0),
  /** Attest by itself what this node was asked for and re-ran, when everything agrees. */
  autoAttest: z.boolean().default(true),
  /** Entries of an own stack that are run again before it is settled; 0 compares the root alone. */
  selfAuditSample: z.number().int().min(0).max(100).default(3),
  /** Claim in the epoch after D while a requested attestor has not answered. */
  waitForAttestors: z.boolean().default(true),
});
export type Policies = z.infer<typeof policiesSchema>;

/** How one full node of the network is doing. `behind`: it answers but lags; `wrong_chain`: it is never asked. */
export const endpointHealthSchema = z.object({
  url: z.string(),
  status: z.enum(['unknown', 'ok', 'slow', 'behind', 'down', 'wrong_chain']),
  latencyMs: figure,
  readAtMs: maybeMs,
  chainId: z.string().nullable(),
  epoch: bigintText.nullable(),
  checkpoint: bigintText.nullable(),
  lastError: shownErrorSchema.nullable(),
});

/** What the console is written in. */
export const languageChoiceSchema = z.strictObject({
  /** BCP 47; null follows what the browser or the system prefers. */
  tag: z.string().max(35).regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$/).nullable(),
  /** Whose writing numbers and dates have: that of the system, or that of the language. */
  formats: z.enum(['system', 'language']),
});
export type LanguageChoice = z.infer<typeof languageChoiceSchema>;

export const settingsViewSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  language: languageChoiceSchema,
  policies: policiesSchema,
  network: z.object({
    id: z.string(), name: z.string(), generation: z.enum(['G1', 'G2']), chainId: z.string().nullable(), endpoints: z.array(z.string()), atomaPackageId: z.string(), atomaDbId: z.string(),
    coordinatorUrl: z.string().nullable(), coordinatorId: z.string().nullable(),
    /** Health of each endpoint; empty until a key is open. */
    health: z.array(endpointHealthSchema),
  }),
  keys: keysViewSchema,
  parked: z.array(z.object({ table: z.string(), id: z.string(), reason: z.string() })),
});
export type SettingsView = z.infer<typeof settingsViewSchema>;

/** One line of the log view, already redacted. */
export const logLineSchema = z.object({ atMs: ms, level: z.enum(['debug', 'info', 'warn', 'error']), event: z.string(), fields: z.record(z.string(), z.json()) });

/** How the sandbox's second node behaves: honest, silent when it is drawn as attestor, or with altered answers. */
export const secondNodeModeSchema = z.enum(['off', 'honest', 'silent', 'wrong']);
export type SecondNodeMode = z.infer<typeof secondNodeModeSchema>;

/** Roles beside chat that the sandbox can offer a task of (protocol.md 5.1). */
export const offeredRoleSchema = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]);
export type OfferedRole = z.infer<typeof offeredRoleSchema>;

/** The sandbox's dials (product.md, Network). */
export const sandboxViewSchema = z.object({
  epoch: bigintText,
  epochLengthMs: z.number().int().nullable(),
  nextEpochMs: maybeMs,
  demand: z.object({ running: z.boolean(), buyers: z.number().int(), requestsPerMinute: z.number(), stackUnits: z.number().int(), price: z.number().int(), taskSmallIds: z.array(z.number().int()), functions: z.boolean() }),
  totals: z.object({ requestsSent: z.number().int(), accepted: z.number().int(), rejected: z.number().int(), declined: z.number().int(), failed: z.number().int(), stacksBought: z.number().int() }),
  faults: z.object({ dropLink: z.boolean(), slowChainMs: z.number().int(), chainDown: z.boolean() }),
  /** The contract's settings for sampling consensus: how often attestors are drawn, in permille, and how many. */
  attestations: z.object({ probabilityPermille: z.number().int(), extraNodes: z.number().int() }),
  secondNode: z.object({
    mode: secondNodeModeSchema,
    /** absent: this network was started without one. waiting: it starts when another node subscribes to a task under sampling consensus. */
    state: z.enum(['absent', 'off', 'waiting', 'starting', 'running', 'stopping', 'failed']),
    nodeSmallId: bigintText.nullable(),
    /** Stacks of others to which it attested. */
    stacksAttested: z.number().int(),
    lastError: z.string().nullable(),
  }),
  lastError: z.string().nullable(),
});
export type SandboxView = z.infer<typeof sandboxViewSchema>;
