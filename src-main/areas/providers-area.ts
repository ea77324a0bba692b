/** The bridge's view of execution providers: the operator's order, what the last check found, the devices that serve, and what had to be passed over (product.md, Policies). */
import type { ProvidersView } from '../../src-shared/bridge/views.ts';
import { AppError } from '../../src-shared/errors.ts';
import { defaultOrder, providersOf } from '../inference/choose-device.ts';
import type { Provider } from '../inference/types.ts';
import type { Preferences } from '../store/preferences.ts';
import type { AreaParts } from './area-parts.ts';

/** The order in force: the operator's, else what the last check found to work. */
export const orderInForce = (preferences: Preferences): readonly Provider[] => preferences.providerOrder() ?? defaultOrder(preferences.machineCheck()?.providers ?? []);

/** The area's two calls over the live parts. */
export function providersArea(parts: AreaParts): { view(): Promise<ProvidersView>; setOrder(order: readonly Provider[] | null): void } {
  const { preferences, inference } = parts;
  return {
    view: async () => {
      const check = preferences.machineCheck();
      const { devices, falls } = inference.status();
      return {
        order: [...orderInForce(preferences)],
        isChosen: preferences.providerOrder() !== null,
        available: [...providersOf(process.platform)],
        probes: check?.providers ?? [],
        checkedAtMs: check?.atMs ?? null,
        devices,
        falls,
      };
    },
    setOrder: (order) => {
      const unknown = order?.find((provider) => !providersOf(process.platform).includes(provider));
      if (unknown !== undefined) throw new AppError('bridge.bad_input', { detail: `${unknown} does not exist on this system` });
      preferences.setProviderOrder(order === null ? null : [...order]);
      void parts.warmUp();
      parts.changed('node');
    },
  };
}

/** The alert of a fall, in words; null when the first provider of the order serves. */
export function fallAlert(preferences: Preferences, status: ReturnType<AreaParts['inference']['status']>): string | null {
  const [fall] = status.falls;
  if (!fall) return null;
  const serving = orderInForce(preferences).find((provider) => !status.falls.some((one) => one.provider === provider));
  const instead = serving === undefined ? 'No other provider stands in your order, so that no model runs.' : `Models run on ${serving} instead.`;
  return `${fall.provider} does not work: ${fall.reason} ${instead} ${fall.remedy}`;
}
