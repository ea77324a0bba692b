/** Door of the contract as data: ids, calls, layouts, aborts and money (protocol.md). */
export type { Generation } from './generation.ts';
export { G1, G2, contractOf } from './contract.ts';
export type { CallName, Contract } from './contract.ts';
export {
  G1_CONSTANTS,
  G1_SECURITY_CODES,
  G2_CONSTANTS,
  G2_MAX_DEVICE_TYPE,
  G2_SECURITY_CODES,
  RANDOM_OBJECT_ID,
  SUI_COIN_TYPE,
} from './constants.ts';
export type { AtomaConstants, SecurityLevel } from './constants.ts';
export { isOfCoinPackage } from './call-spec.ts';
export type { BadgeKind, CallSpec, Param, Passing, PureKind } from './call-spec.ts';
export { G1_CALLS } from './g1-calls.ts';
export type { G1CallName } from './g1-calls.ts';
export { G2_CALLS } from './g2-calls.ts';
export type { G2CallName } from './g2-calls.ts';
export { LEGACY_CALLS } from './legacy-calls.ts';
export { G1_OBJECTS, fieldLayout } from './g1-objects.ts';
export { G2_OBJECTS } from './g2-objects.ts';
export type {
  AtomaDb,
  Badge,
  NodeEntry,
  NodePriceData,
  ObjectLayouts,
  Stack,
  StackSettlementTicket,
  Task,
} from './objects.ts';
export type { EventFields, EventLayouts, EventName } from './events.ts';
export { G1_EVENTS } from './g1-events.ts';
export type { G1EventName } from './g1-events.ts';
export { G2_EVENTS } from './g2-events.ts';
export type { G2EventName } from './g2-events.ts';
export { IMAGE_PROMPT, LEGACY_EVENTS, LEGACY_TICKET, TEXT_PROMPT, legacyEventModule } from './legacy-events.ts';
export type { LegacyEventFields, LegacyEventName } from './legacy-events.ts';
export { address, bytes, smallId, u64Layout } from './primitives.ts';
export { ARITHMETIC_MEANING, DB_ABORT_BASE, FRAMEWORK_ABORTS, G1_DB_ABORTS, UNKNOWN_ABORT } from './g1-aborts.ts';
export type { AbortMeaning, AbortRetry } from './g1-aborts.ts';
export { G2_DB_ABORTS } from './g2-aborts.ts';
export { translateAbort } from './translate-abort.ts';
export type { AbortLocation } from './translate-abort.ts';
export {
  STACK_MONEY,
  attestorFee,
  attributeFee,
  claimSplit,
  claimSplitPerMillion,
  claimValue,
  claimValuePerMillion,
  purchasePrice,
  purchasePricePerMillion,
  timeoutSlash,
  withdrawableFees,
} from './money.ts';
export type { ChargeSettings, FeeState } from './money.ts';
export type { StackMoney } from './stack-money.ts';
export { U64ArithmeticError, u64 } from './u64.ts';
export {
  atomaDbType,
  coinObjectType,
  dbType,
  eventType,
  faucetType,
  fieldType,
  nodeBadgeType,
  nodeSmallIdType,
  objectFieldKeyType,
  stackBadgeType,
  stackSmallIdType,
  taskBadgeType,
  taskSmallIdType,
  tomaType,
} from './type-strings.ts';
export type { DbStruct } from './type-strings.ts';
