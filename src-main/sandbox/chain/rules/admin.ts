/** The administrator's settings and their bounds (protocol.md 2.7). */
import { u64 } from '../../../../src-shared/atoma/index.ts';
import { effect, ensure } from './outcome.ts';
import type { Effect } from './outcome.ts';
import type { Settings, World } from './world.ts';

/** A numeric setting. */
export type NumericSetting = Exclude<keyof Settings, 'isRegistrationDisabled'>;

const set = (world: World, settings: Partial<Settings>): Effect =>
  effect({ ...world, settings: { ...world.settings, ...settings } });

/** Changes one setting. Aborts: 7 where a share passes 1000 permille, alone or together with the other dispute share; arithmetic where that sum passes 64 bits. */
export const changeSetting = (world: World, name: NumericSetting, value: bigint): Effect => {
  if (name === 'slashOnTimeoutPermille') ensure(value <= 1_000n, 7);
  if (name === 'oracleOnDisputePermille')
    ensure(u64.add(value, world.settings.honestNodesOnDisputePermille) <= 1_000n, 7);
  if (name === 'honestNodesOnDisputePermille')
    ensure(u64.add(value, world.settings.oracleOnDisputePermille) <= 1_000n, 7);
  return set(world, { [name]: value });
};

/** Opens or closes the registration of nodes. */
export const openRegistration = (world: World, open: boolean): Effect => set(world, { isRegistrationDisabled: !open });
