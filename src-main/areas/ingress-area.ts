/** The bridge's ingress area: settings of the open network, and the listening server of the session. */
import { AppError } from '../../src-shared/errors.ts';
import { defaultIngress, ingressSettingsSchema } from '../../src-shared/bridge/ingress-calls.ts';
import type { IngressArea } from '../handlers/ingress-handlers.ts';
import { checkIngress } from '../ingress/check-settings.ts';
import type { AreaParts } from './area-parts.ts';

/** Key of the settings among those of a network. */
export const ingressKey = 'ingress';

/** Assembles the area over the live parts. */
export function ingressArea(parts: AreaParts): IngressArea {
  return {
    view: () => {
      const settings = parts.network()?.settings.get(ingressKey, ingressSettingsSchema) ?? defaultIngress;
      const status = parts.session()?.ingress.status() ?? null;
      return { settings, ...(status ?? { state: settings.enabled ? 'closed' : 'off', address: null, problem: null, served: 0, running: 0, refused: {}, announced: null }) };
    },
    set: async (settings) => {
      const network = parts.network();
      if (network === null) throw new AppError('setup.not_ready', { detail: 'choose a network' });
      checkIngress(settings);
      network.settings.set(ingressKey, settings);
      await parts.session()?.ingress.apply();
      parts.changed('ingress');
    },
    announce: () => parts.needSession().ingress.announce(),
  };
}
