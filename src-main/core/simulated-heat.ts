/** The sandbox's fault "hot GPU": a gauge that is labelled as simulated and that only a network of kind sandbox may feed (product.md, Network). */
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';

/** Who may feed the gauge. */
export const maySimulateHeat = (kind: NetworkProfile['kind'] | null): boolean => kind === 'sandbox';

/** The temperature that counts: null on every network but a sandbox, whatever was set. */
export const simulatedHeat = (kind: NetworkProfile['kind'] | null, setC: number | null): number | null => (maySimulateHeat(kind) ? setC : null);
