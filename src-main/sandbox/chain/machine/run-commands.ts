/** Runs a transaction's commands in order until one fails, and the rule about randomness (protocol.md 1.3). */
import { normalizeSuiAddress } from '@mysten/sui/utils';
import { RANDOM_OBJECT_ID } from '../../../../src-shared/atoma/index.ts';
import type { Value } from './arguments.ts';
import { runPlainCommand } from './coin-commands.ts';
import { runContractCall, runFaucet } from './contract-calls.ts';
import { CommandFailure, fail } from './failure.ts';
import type { Status } from './failure.ts';
import { runMoneyFunction } from './money-functions.ts';
import type { Runtime } from './runtime.ts';
import type { Command, MoveCall, Programmable } from './transaction-data.ts';

const framework = normalizeSuiAddress('0x2');
const randomId = normalizeSuiAddress(RANDOM_OBJECT_ID);

/** Runs a call; what it returns, later commands may use. */
const runMoveCall = (runtime: Runtime, call: MoveCall): readonly Value[] => {
  const { packageId, coinPackageId } = runtime.deployment;
  if (call.package === packageId) return runContractCall(runtime, call);
  if (call.package === coinPackageId) return runFaucet(runtime, call);
  if (call.package === framework) return runMoneyFunction(runtime, call);
  return fail({ kind: 'plain', name: 'FunctionNotFound' });
};

/** Runs all commands; on success nothing is left in the transaction's own hands. */
export const runCommands = (runtime: Runtime, commands: readonly Command[]): Status => {
  for (const [at, command] of commands.entries()) {
    try {
      runtime.args.addResults(
        command.MoveCall ? runMoveCall(runtime, command.MoveCall) : runPlainCommand(runtime, command),
      );
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
      return { success: false, failure: error.failure, command: at };
    }
  }
  const unused = runtime.args.firstHeld(runtime.held);
  return unused ? { success: false, failure: { kind: 'unused', ...unused }, command: null } : { success: true };
};

/** Whether the command is given the shared randomness, whatever it does with it. */
const drawsRandom = ({ inputs }: Programmable, command: Command): boolean =>
  (command.MoveCall?.arguments ?? []).some((argument) => {
    const input = argument.$kind === 'Input' ? inputs[argument.Input] : undefined;
    return input?.Object?.SharedObject?.objectId === randomId;
  });

/** Whether a command other than TransferObjects and MergeCoins follows one that draws. */
export const breaksRandomRule = (programmable: Programmable): boolean => {
  const first = programmable.commands.findIndex((command) => drawsRandom(programmable, command));
  if (first < 0) return false;
  return programmable.commands.slice(first + 1).some((command) => !command.TransferObjects && !command.MergeCoins);
};
