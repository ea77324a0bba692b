/** What may be done to the sandbox from outside, with the shapes of its inputs (product.md, Network). */
import { z } from 'zod';
import { addressSchema } from '../../src-shared/domain/ids.ts';
import { offeredRoleSchema, secondNodeModeSchema, type SandboxView } from '../../src-shared/bridge/views.ts';

/** Shortest epoch the dial offers, in milliseconds. */
const minEpochMs = 100;
const maxSkip = 10_000;
const maxDelayMs = 600_000;
const maxTasks = 16;
const maxExtraNodes = 8;

/** Inputs of the control API by path. Amounts of the dial are bounded so that no purchase can overflow the contract's u64. */
export const controlInputs = {
  '/epoch-length': z.strictObject({ epochLengthMs: z.number().int().min(minEpochMs).nullable() }),
  '/skip-epochs': z.strictObject({ epochs: z.number().int().min(1).max(maxSkip) }),
  '/demand': z.strictObject({
    running: z.boolean(),
    buyers: z.number().int().min(0).max(50),
    requestsPerMinute: z.number().min(0).max(60_000),
    stackUnits: z.number().int().min(1).max(1_000_000),
    price: z.number().int().min(1).max(1_000_000_000),
    /** Tasks on which buyers buy; the first one when nothing is said. */
    taskSmallIds: z.array(z.number().int().min(1)).min(1).max(maxTasks).default([1]),
    /** Whether every few requests are WASM functions, on whatever stack a buyer has. */
    functions: z.boolean().default(false),
  }),
  '/faults': z.strictObject({ dropLink: z.boolean(), slowChainMs: z.number().int().min(0).max(maxDelayMs), chainDown: z.boolean() }),
  /** The contract's cross-validation settings, changed by the publisher's admin calls. */
  '/attestations': z.strictObject({ probabilityPermille: z.number().int().min(0).max(1_000), extraNodes: z.number().int().min(1).max(maxExtraNodes) }),
  /** Offers a task for each further role that the sandbox has a model for; harmless when they are there. */
  '/all-roles': z.strictObject({}),
  /** Offers a task of one further role where there is none, and lets buyers buy on it. */
  '/offer-role': z.strictObject({ role: offeredRoleSchema }),
  '/second-node': z.strictObject({ mode: secondNodeModeSchema }),
  '/faucet': z.strictObject({ address: addressSchema }),
} as const;

/** A path that takes a POST. */
export type ControlPath = keyof typeof controlInputs;
/** Input of a path. */
export type ControlInput<P extends ControlPath> = z.output<(typeof controlInputs)[P]>;

/** The controls; every change is told to `onChange`. */
export type SandboxControls = {
  state(): SandboxView;
  setEpochLength(input: ControlInput<'/epoch-length'>): void;
  skipEpochs(input: ControlInput<'/skip-epochs'>): void;
  setDemand(input: ControlInput<'/demand'>): void;
  setFaults(input: ControlInput<'/faults'>): void;
  /** Ends when the admin transactions are on chain. */
  setAttestations(input: ControlInput<'/attestations'>): Promise<void>;
  /** Ends when the tasks are on chain. */
  offerAllRoles(input: ControlInput<'/all-roles'>): Promise<void>;
  /** Ends when the task is on chain. */
  offerRole(input: ControlInput<'/offer-role'>): Promise<void>;
  setSecondNode(input: ControlInput<'/second-node'>): void;
  /** Sends SUI for gas. */
  faucet(input: ControlInput<'/faucet'>): Promise<void>;
  onChange(listener: () => void): () => void;
};

/** Runs the control of a path on an input of any shape; the issue text when it does not fit. */
export async function runControl(controls: SandboxControls, path: ControlPath, input: unknown): Promise<{ ok: true } | { ok: false; detail: string }> {
  const act = async <P extends ControlPath>(at: P, run: (value: ControlInput<P>) => void | Promise<void>): Promise<{ ok: true } | { ok: false; detail: string }> => {
    const parsed = controlInputs[at].safeParse(input);
    if (!parsed.success) return { ok: false, detail: z.prettifyError(parsed.error) };
    await run(parsed.data as ControlInput<P>);
    return { ok: true };
  };
  switch (path) {
    case '/epoch-length':
      return act(path, controls.setEpochLength);
    case '/skip-epochs':
      return act(path, controls.skipEpochs);
    case '/demand':
      return act(path, controls.setDemand);
    case '/faults':
      return act(path, controls.setFaults);
    case '/attestations':
      return act(path, controls.setAttestations);
    case '/all-roles':
      return act(path, controls.offerAllRoles);
    case '/offer-role':
      return act(path, controls.offerRole);
    case '/second-node':
      return act(path, controls.setSecondNode);
    case '/faucet':
      return act(path, controls.faucet);
  }
}
