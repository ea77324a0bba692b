/** The dormant model interface's calls of the administrator, and which functions the sandbox knows but does not execute (protocol.md 2.5, 2.7; docs/sandbox.md). */
import { G1, G2, LEGACY_CALLS } from '../../../../src-shared/atoma/index.ts';
import type { CallSpec, Contract, Generation, Param } from '../../../../src-shared/atoma/index.ts';
import type { MachineCall } from './call-shape.ts';
import { PROMPT_CALLS } from './prompt-calls.ts';
import { returningCalls } from './returning-calls.ts';

const database: Param = { name: 'self', kind: 'shared', object: 'AtomaDb' };
const badge: Param = { name: 'badge', kind: 'badge', badge: 'AtomaManagerBadge', passing: 'ref' };
const model: Param = { name: 'model_name', kind: 'pure', pure: 'string' };
const number = (name: string): Param => ({ name, kind: 'pure', pure: 'u64' });

const admin = (name: string, params: readonly Param[], takesContext = false): CallSpec => ({
  module: 'db',
  function: name,
  visibility: 'public',
  params: [database, badge, model, ...params],
  usesRandom: false,
  takesContext,
});

const MODEL_CALLS = {
  add_model_entry: admin('add_model_entry', [number('modality')], true),
  remove_model: admin('remove_model', []),
  disable_model: admin('disable_model', []),
  enable_model: admin('enable_model', []),
  add_model_echelon_entry: admin(
    'add_model_echelon_entry',
    [number('echelon'), number('input_fee_per_token'), number('output_fee_per_token'), number('relative_performance')],
    true,
  ),
  remove_model_echelon: admin('remove_model_echelon', [number('echelon')]),
  set_model_echelon_fee: admin('set_model_echelon_fee', [
    number('echelon'),
    number('new_input_fee_per_token'),
    number('new_output_fee_per_token'),
  ]),
  set_model_echelon_settlement_timeout_ms: admin('set_model_echelon_settlement_timeout_ms', [
    number('echelon'),
    number('new_timeout_ms'),
  ]),
  add_model_echelon_oracle_node: admin('add_model_echelon_oracle_node', [number('echelon'), number('node_small_id')]),
  remove_model_echelon_oracle_node: admin('remove_model_echelon_oracle_node', [
    number('echelon'),
    number('node_small_id'),
  ]),
} as const satisfies Record<string, CallSpec>;

/** Name of a function of the dormant interface that is executed. */
export type LegacyName = keyof typeof LEGACY_CALLS | keyof typeof MODEL_CALLS | keyof typeof PROMPT_CALLS;

const isFaucet = ({ function: name }: CallSpec): boolean => name === 'faucet';
const listed = (contract: Contract): ReadonlyMap<string, MachineCall> => {
  const specs: readonly CallSpec[] = [contract.calls, LEGACY_CALLS, MODEL_CALLS].flatMap((table) =>
    Object.values(table).flatMap((spec) => (spec === undefined || isFaucet(spec) ? [] : [spec])),
  );
  const all: readonly MachineCall[] = [
    ...specs,
    ...Object.values(PROMPT_CALLS),
    ...returningCalls(contract.generation),
  ];
  return new Map(all.map((spec) => [spec.function, spec]));
};
const CALLS: Readonly<Record<Generation, ReadonlyMap<string, MachineCall>>> = { G1: listed(G1), G2: listed(G2) };

/** Every function of a generation's package, by name. Names do not repeat across modules. */
export const packageCalls = (generation: Generation): ReadonlyMap<string, MachineCall> => CALLS[generation];

const passesModel = 'it passes a model from call to call; call the entry function of the same name';
const leavesMoney =
  'it takes money without a coin around it and draws, and after a draw a transaction may not put the rest of that money anywhere; call prompts::send_prompt';

/** Functions that exist on chain and are not executed here, with the reason a client is told. */
const NOT_EXECUTED: Readonly<Record<string, string>> = {
  create_model: passesModel,
  add_model: passesModel,
  add_model_echelon: passesModel,
};

/** Why a function is known and not executed, or null for one that is executed or that the package does not have. */
export const notExecuted = (module: string, name: string): string | null => {
  if (module === 'gate') return leavesMoney;
  return module === 'db' && Object.hasOwn(NOT_EXECUTED, name) ? (NOT_EXECUTED[name] ?? null) : null;
};
