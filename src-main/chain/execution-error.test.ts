/** Aborts become the generation's sentence, by package, module and code; arithmetic errors are told apart. */
import type { SuiClientTypes } from '@mysten/sui/client';
import { describe, expect, it } from 'vitest';
import { executionError } from './execution-error.ts';

const pkg = `0x${'a'.repeat(64)}`;
const abort = (packageId: string, module: string, abortCode: string): SuiClientTypes.ExecutionError => ({
  $kind: 'MoveAbort', message: 'MoveAbort in 1st command', command: 0, MoveAbort: { abortCode, location: { package: packageId, module } },
});

describe('a failed execution', () => {
  it.each([
    ['contract', abort(pkg, 'db', '312012012'), 'chain.aborted', 'This node is already leaving.'],
    ['framework', abort('0x2', 'balance', '2'), 'chain.aborted', 'Not enough funds: the chosen coin or the network treasury cannot pay this amount.'],
    ['the same code of another package', abort(`0x${'b'.repeat(64)}`, 'db', '312012012'), 'chain.aborted', 'The contract refused for a reason this console does not know. (MoveAbort in 1st command)'],
    ['arithmetic', abort(pkg, 'db', '0'), 'chain.aborted', 'The amounts are too large for the chain to multiply; use a smaller price or fewer units.'],
    ['a framework code 0', abort('0x2', 'dynamic_field', '0'), 'chain.aborted', 'The entry exists already.'],
    ['no abort at all', { $kind: 'Unknown', message: 'InsufficientGas', Unknown: null } as const, 'chain.rejected', 'The chain refused the transaction: InsufficientGas.'],
  ])('%s', (_, error, code, message) => expect(executionError(error, 'G1', pkg)).toMatchObject({ code, message }));
});
