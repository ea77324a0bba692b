/** The twins of entry functions that give their badge to the transaction instead of the sender (protocol.md 2.1, 2.4). */
import { contractOf } from '../../../../src-shared/atoma/index.ts';
import type { CallSpec, Generation } from '../../../../src-shared/atoma/index.ts';
import type { MachineCall, MachineParam } from './call-shape.ts';

/** Name of such a function. */
export type ReturningName = 'register_node' | 'create_task';

/** A node pays from money without a coin around it. */
const asBalance = (param: MachineParam): MachineParam =>
  param.kind === 'coin' ? { name: param.name, kind: 'balance' } : param;
/** The security level is not optional here. */
const withLevel = (param: MachineParam): MachineParam =>
  param.name === 'security_level' ? { name: param.name, kind: 'pure', pure: 'u16' } : param;

const twin = (
  spec: CallSpec,
  returns: 'NodeBadge' | 'TaskBadge',
  change: (param: MachineParam) => MachineParam,
): MachineCall => ({
  ...spec,
  function: spec.function.replace(/_entry$/, ''),
  params: spec.params.map(change),
  returns,
});

/** The twins of a generation. In G2 registering takes no money at all. */
export const returningCalls = (generation: Generation): readonly MachineCall[] => {
  const { register_node_entry: register, create_task_entry: create } = contractOf(generation).calls;
  return [twin(register, 'NodeBadge', asBalance), twin(create, 'TaskBadge', withLevel)];
};
