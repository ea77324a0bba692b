/** What a callable function of the package is to the executor: the call table's shape, with what only transactions of many commands can give and take (protocol.md 2). */
import type { BadgeKind, CallSpec, Param, PureKind } from '../../../../src-shared/atoma/index.ts';

/** A pure argument: the call table's kinds, and those that only prompts have. */
export type MachinePure = PureKind | 'u32' | 'vector<u32>' | 'option<u64>';

/** A parameter: one of the call table's, or money without a coin around it, which only an earlier command of the transaction can give. */
export type MachineParam =
  | Param
  | { readonly name: string; readonly kind: 'pure'; readonly pure: MachinePure }
  | { readonly name: string; readonly kind: 'balance' };

/** A function. `returns`: the badge that it gives to the next commands; such a function is no entry point of its own. */
export interface MachineCall extends Omit<CallSpec, 'params' | 'module'> {
  readonly module: CallSpec['module'] | 'prompts';
  readonly params: readonly MachineParam[];
  readonly returns?: BadgeKind;
}
