/** The contract's settings for sampling consensus as a dial: read from the chain, changed by the publisher's admin calls (protocol.md 2.5, 5.1). */
import type { AdminCall } from './chain/index.ts';
import type { AttestationSettings } from './coordinator/chain-reads.ts';

/** The dial. */
export type AttestationDial = {
  settings(): AttestationSettings;
  /** Ends when both settings are on chain. */
  set(next: AttestationSettings): Promise<void>;
};

type Deps = { read(): Promise<AttestationSettings>; administer(call: AdminCall): Promise<void>; onChange(): void };

/** Reads the settings and makes the dial. */
export async function createAttestationDial({ read, administer, onChange }: Deps): Promise<AttestationDial> {
  let current = await read();
  const change = async (parameter: Extract<AdminCall, { kind: 'set' }>['parameter'], from: number, to: number): Promise<void> => {
    if (from !== to) await administer({ kind: 'set', parameter, value: BigInt(to) });
  };
  return {
    settings: () => current,
    set: async ({ probabilityPermille, extraNodes }) => {
      await change('set_cross_validation_extra_nodes_count', current.extraNodes, extraNodes);
      await change('set_cross_validation_probability_permille', current.probabilityPermille, probabilityPermille);
      current = await read();
      onChange();
    },
  };
}
