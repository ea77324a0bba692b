/** Calls about browsers, tokens and other consoles (src-shared/bridge/remote-calls.ts, fleet-calls.ts). */
import type { fleetCalls } from '../../src-shared/bridge/fleet-calls.ts';
import type { Handlers } from '../../src-shared/bridge/index.ts';
import type { remoteCalls } from '../../src-shared/bridge/remote-calls.ts';

type Remote = Pick<Handlers, keyof typeof remoteCalls>;
type FleetPart = Pick<Handlers, keyof typeof fleetCalls>;

/** What these calls need of the node and its host. */
export type RemoteArea = {
  view: Remote['remote.get'];
  /** @throws AppError remote.unknown */
  endSession(id: string): void;
  endOthers(): void;
  access: { setIdleMinutes(minutes: number): void; create: (name: string, scope: 'metrics' | 'fleet') => { id: string; secret: string }; revoke(id: string): void };
  fleet: {
    list(): Awaited<ReturnType<FleetPart['fleet.list']>>;
    add: FleetPart['fleet.add'];
    remove(id: string): void;
    refresh(id: string): Promise<void>;
    trust(id: string, certificate: string): Promise<void>;
  };
};

/** Binds the calls to the node. */
export const remoteHandlers = ({ view, endSession, endOthers, access, fleet }: RemoteArea): Remote & FleetPart => ({
  'remote.get': view,
  'remote.endSession': async ({ id }) => (endSession(id), {}),
  'remote.endOthers': async () => (endOthers(), {}),
  'remote.setIdle': async ({ minutes }) => (access.setIdleMinutes(minutes), {}),
  'remote.createToken': async ({ name, scope }) => access.create(name, scope),
  'remote.revokeToken': async ({ id }) => (access.revoke(id), {}),
  'fleet.list': async () => fleet.list(),
  'fleet.add': fleet.add,
  'fleet.remove': async ({ id }) => (fleet.remove(id), {}),
  'fleet.refresh': async ({ id }) => (await fleet.refresh(id), {}),
  'fleet.trust': async ({ id, certificate }) => (await fleet.trust(id, certificate), {}),
});
