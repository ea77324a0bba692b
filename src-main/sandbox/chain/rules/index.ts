/** Door of the contract's rules, generations G1 and G2. */
export { NotExecuted, attempt } from './outcome.ts';
export type {
  Abort,
  AbortModule,
  Draws,
  Effect,
  Grant,
  Outcome,
  Payout,
  PromptEvent,
  RuleContext,
  RuleEvent,
} from './outcome.ts';
export { freshWorld, withEntry } from './world.ts';
export { eachChange, idMapOf } from './id-map.ts';
export type {
  EchelonRecord,
  KeyCommitment,
  ModelRecord,
  NodeRecord,
  Offer,
  PromptTicket,
  Settings,
  StackRecord,
  TaskRecord,
  TicketRecord,
  World,
} from './world.ts';
export { destroyNode, disableNode, registerNode, withdrawFees } from './nodes.ts';
export { createTask, deprecateTask, removeTask, removeTaskByAdmin, whitelistNodes } from './tasks.ts';
export { subscribe, unsubscribe, updateSubscription } from './subscriptions.ts';
export { acquireStack } from './stacks.ts';
export { attest, dispute, trySettle } from './settlement.ts';
export { claimFunds } from './claim.ts';
export { claimFundsForStacks } from './direct-claim.ts';
export { rotateNetworkKey, rotateNodeKey } from './keys.ts';
export type { KeyRequest } from './keys.ts';
export {
  addEchelon,
  addModel,
  addNodeToModel,
  addOracle,
  enableModel,
  removeEchelon,
  removeModel,
  removeNodeFromModel,
  removeOracle,
  setEchelonFees,
  setEchelonTimeout,
} from './models.ts';
export type { EchelonPlace, EchelonRequest } from './models.ts';
export { sendPrompt } from './prompts.ts';
export type { PromptRequest } from './prompts.ts';
export { settleDispute, submitCommitment, tryToSettle } from './prompt-settlement.ts';
export type { Commitment, OracleWord } from './prompt-settlement.ts';
export { termsOf } from './terms.ts';
export type { Terms } from './terms.ts';
export { changeSetting, openRegistration } from './admin.ts';
export type { NumericSetting } from './admin.ts';
