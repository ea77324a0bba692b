/** What a verb may do with a console: calls of the bridge, and the confirmation of what it proposed (decision 0013). The needs of this folder, stated as types. */
import type { z } from 'zod';
import { calls, type Answer, type CallInput, type CallName, type CallOutput } from '../../src-shared/bridge/index.ts';
import { AppError, isErrorCode } from '../../src-shared/errors.ts';

/** An open console: one that runs, or the node opened for this one verb. */
export type ConsoleDoor = {
  /** True when a console runs on the data folder and the verb speaks to it. */
  running: boolean;
  /** Asks a call of the bridge; values as JSON carries them. */
  ask(name: CallName, input: unknown): Promise<Answer>;
  /** What proves the operator's word: a passphrase given each time, or the keychain of this system. */
  confirmedBy: 'passphrase' | 'keychain';
  /** @throws AppError keys.wrong_passphrase, intent.unknown, … */
  approve(proposalId: string, passphrase: string | null): Promise<void>;
  decline(proposalId: string): Promise<void>;
  close(): Promise<void>;
};

/**
 * What a verb needs where no console runs. `folder`: its settings alone; `open_keys`: chain and rows, and the keys if they open without asking;
 * `keys`: chain, rows and open keys; `console`: nothing but a running console will do.
 */
export type Needs = 'folder' | 'open_keys' | 'keys' | 'console';

/** Asks a call with values and answers with values: bigint amounts. @throws AppError as the console refused it */
export type Call = <N extends CallName>(name: N, input: CallInput<N>) => Promise<CallOutput<N>>;

/** Typed calls over a door. */
export function callsOver(door: Pick<ConsoleDoor, 'ask'>): Call {
  return async (name, input) => {
    const schema: { input: z.ZodType; output: z.ZodType } = calls[name];
    const value = valueOf(await door.ask(name, schema.input.encode(input)));
    // The pair (schema, value) is tied by the name; TypeScript cannot follow it through the table.
    return schema.output.decode(value) as CallOutput<typeof name>;
  };
}

/** The value of an answer. @throws AppError that it carries; a code of another version is a bug to report */
export function valueOf(answer: Answer): z.core.util.JSONType {
  if (answer.ok) return answer.value;
  const { code, fields, message } = answer.error;
  throw isErrorCode(code) ? new AppError(code, fields) : new AppError('bug.unexpected', { detail: message });
}
