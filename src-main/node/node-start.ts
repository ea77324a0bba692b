/** The order in which the node opens: machine, models and keys at once, then the network, then what may take its time (decision 0005). */
import { toAppError } from '../../src-shared/errors.ts';
import type { Logger } from '../log/logger.ts';
import type { CommandOptions } from './node-parts.ts';

/** The steps. */
export type StartSteps = {
  /** Hardware, models, and keys that open by themselves. */
  readMachine(): Promise<void>;
  /** @throws AppError of a network that does not open */
  useNetwork(id: string): Promise<void>;
  /** Keys that open by the passphrase of the start. @throws AppError keys.wrong_passphrase */
  openKeys(): Promise<void>;
  derive(): void;
  /** Begins what nobody needs to wait for. */
  later(): void;
};

/** A broken network or a silent keychain must not keep the window away: it shows what is wrong. */
export async function openAtStart({ command, networkId }: { command: CommandOptions | undefined; networkId: string | null }, { readMachine, useNetwork, openKeys, derive, later }: StartSteps, log: Logger): Promise<void> {
  const { network: wanted } = command ?? { network: 'chosen' };
  const id = wanted === 'none' ? null : typeof wanted === 'object' ? wanted.id : networkId;
  await readMachine();
  // Nobody looks at a window when a verb asks: it says what is wrong.
  if (id !== null && command !== undefined) return useNetwork(id);
  if (id !== null) await useNetwork(id).catch((error: unknown) => log.error('network.not_opened', { error: toAppError(error) }));
  await openKeys();
  derive();
  if (command === undefined) later();
}
