/** Fields of the demand form to numbers within the sandbox's limits (src-shared/bridge/calls.ts, sandbox.setDemand). */
import type { TaskView, OfferedRole } from '../../../src-shared/bridge/views.ts';
import type { CallInput } from '../../../src-shared/bridge/index.ts';

/** What the form holds: text per field. */
export type DemandText = { buyers: string; requestsPerMinute: string; stackUnits: string; price: string };
/** Field names. */
export type DemandField = keyof DemandText;

/** Least and most of each field. */
export const demandLimits: Record<DemandField, readonly [min: number, max: number]> = {
  buyers: [1, 20],
  requestsPerMinute: [1, 6_000],
  stackUnits: [200, 10_000_000],
  price: [1, 1_000_000_000],
};

/** Names of the roles that buyers can ask for, by their number on chain (protocol.md 5.1). */
export const roleWords = ['chat', 'embeddings', 'vision', 'image', 'speech', 'transcription'] as const;

/** Roles beside chat that no task on chain has yet. */
export const rolesToOffer = (tasks: readonly Pick<TaskView, 'role' | 'model' | 'isDeprecated'>[]): OfferedRole[] =>
  ([1, 2, 3, 4, 5] as const).filter(
    (role) => !tasks.some((task) => task.role === role && task.model !== null && !task.isDeprecated),
  );

/** The tasks bought on after one was switched, in order; null when none would be left. */
export function switchTask(chosen: readonly number[], task: number, on: boolean): number[] | null {
  const next = [...new Set([...chosen.filter((id) => id !== task), ...(on ? [task] : [])])].sort((a, b) => a - b);
  return next.length === 0 ? null : next;
}

/** How often attestors are drawn, as the select's values in permille; 10 is what the contract starts with. */
export const drawChances = [0, 10, 100, 500, 1_000] as const;

/** How many attestors are drawn at most. */
export const attestorCounts = [1, 2, 3, 4] as const;

/** The number of a field, or null when it is no whole number within the limits. */
export function readDemandField(field: DemandField, text: string): number | null {
  const trimmed = text.trim();
  if (!/^\d{1,12}$/.test(trimmed)) return null;
  const value = Number(trimmed);
  const [min, max] = demandLimits[field];
  return value >= min && value <= max ? value : null;
}

/** The whole demand, or null while a field is wrong. */
export function readDemand(
  text: DemandText,
  { running, taskSmallIds, functions }: Pick<CallInput<'sandbox.setDemand'>, 'running' | 'taskSmallIds' | 'functions'>,
): CallInput<'sandbox.setDemand'> | null {
  const buyers = readDemandField('buyers', text.buyers);
  const requestsPerMinute = readDemandField('requestsPerMinute', text.requestsPerMinute);
  const stackUnits = readDemandField('stackUnits', text.stackUnits);
  const price = readDemandField('price', text.price);
  if (
    buyers === null ||
    requestsPerMinute === null ||
    stackUnits === null ||
    price === null ||
    taskSmallIds.length === 0
  )
    return null;
  return { running, buyers, requestsPerMinute, stackUnits, price, taskSmallIds, functions };
}

/** Lengths an epoch can be given, as the select's values; "manual" means only by skipping. */
export const epochLengths = ['manual', '10000', '30000', '60000', '300000', '3600000', '86400000'] as const;

/** Value of the select to milliseconds. */
export const epochLengthOf = (value: string): number | null => (value === 'manual' ? null : Number(value));
