/** The bridge's remote area: browsers that are signed in to this host, tokens, and the list of other consoles (issue: "Headless and remote", "Several nodes"). */
import { AppError } from '../../src-shared/errors.ts';
import type { RemoteArea } from '../handlers/remote-handlers.ts';
import type { AreaParts } from './area-parts.ts';

/** Assembles the area over the live parts. A host without browsers has none to show. */
export function remoteArea({ deps, remote }: AreaParts): RemoteArea {
  const { browsers } = deps;
  return {
    view: async () => ({ ...(browsers?.served() ?? { address: null, tls: false, hostNames: [] }), idleMinutes: remote.access.idleMinutes(), sessions: browsers?.list() ?? [], tokens: remote.access.tokens() }),
    endSession: (id) => {
      if (browsers?.end(id) !== true) throw new AppError('remote.unknown');
      deps.log.info('host.session_ended', { session: id });
    },
    endOthers: () => {
      browsers?.endOthers();
      deps.log.info('host.other_sessions_ended');
    },
    access: remote.access,
    fleet: remote.fleet,
  };
}
