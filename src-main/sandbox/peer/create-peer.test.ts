/** The watcher of the second node: starts late, follows the switch, tries again after a crash, ends with the network. */
import { describe, expect, it } from 'vitest';
import { networkProfileSchema } from '../../../src-shared/domain/network-profile.ts';
import { silentLogger } from '../../log/logger.ts';
import type { SpawnChild } from '../../platform/processes.ts';
import { createManualClock } from '../manual-clock.ts';
import { createPeer, type PeerOptions } from './create-peer.ts';
import { toPeerSchema, type FromPeer, type ToPeer } from './messages.ts';

const address = `0x${'1'.repeat(64)}`;
const profile = networkProfileSchema.parse({
  id: 'sandbox', name: 'Sandbox', kind: 'sandbox', generation: 'G1', chainId: 'c', endpoints: ['http://127.0.0.1:1'], atomaPackageId: address, atomaDbId: address,
  coin: { type: `${address}::toma::TOMA`, symbol: 'TOMA', decimals: 9 }, faucet: null, coordinatorUrl: null, coordinatorId: null, sandboxControlUrl: null,
});

/** Processes that do what the test has them do. */
function bench(options: Partial<PeerOptions> = {}) {
  const clock = createManualClock(0);
  const children: { args: readonly string[]; got: ToPeer[]; say(status: Partial<FromPeer>): void; end(code: number | null): void; killed: boolean }[] = [];
  const spawn: SpawnChild = (module, args) => {
    const listeners: ((message: unknown) => void)[] = [];
    const exits: ((code: number | null) => void)[] = [];
    const end = (code: number | null): void => exits.splice(0).forEach((listener) => listener(code));
    const child = {
      args: [module, ...args], got: [] as ToPeer[], killed: false, end,
      say: (status: Partial<FromPeer>) => listeners.forEach((listener) => listener({ kind: 'status', running: true, nodeSmallId: 2n, stacksAttested: 0, lastError: null, ...status })),
    };
    children.push(child);
    return {
      pid: 1, send: (message) => void child.got.push(toPeerSchema.parse(message)), onMessage: (listener) => void listeners.push(listener), onExit: (listener) => void exits.push(listener),
      kill: () => {
        child.killed = true;
        end(null);
      },
    };
  };
  let changes = 0;
  const peer = createPeer(
    { module: '/m/second-node.ts', dataDir: '/d/second-node', passphrase: 'p', mode: 'honest', taskSmallId: 2n, ...options },
    { spawn, profile: () => profile, schedule: clock.schedule, log: silentLogger, onChange: () => (changes += 1) },
  );
  return { clock, children, peer, changes: () => changes, state: () => peer.view().state };
}

describe('createPeer', () => {
  it('starts nothing before it is needed, then once', () => {
    const { peer, children, state } = bench();
    expect([state(), children.length]).toEqual(['waiting', 0]);
    peer.need();
    peer.need();
    expect(children.map(({ args }) => args)).toEqual([['/m/second-node.ts', '--data-dir', '/d/second-node']]);
    expect(children[0]?.got).toEqual([{ kind: 'begin', profile, passphrase: 'p', mode: 'honest', taskSmallId: 2n }]);
    expect(state()).toBe('starting');
  });
  it('shows what the node says of itself, and only what it says in the right words', () => {
    const { peer, children, changes } = bench();
    peer.need();
    children[0]?.say({ stacksAttested: 3, lastError: 'no coins' });
    const told = changes();
    children[0]?.say({ stacksAttested: -0.5 });
    expect(peer.view()).toEqual({ mode: 'honest', state: 'running', nodeSmallId: 2n, stacksAttested: 3, lastError: 'no coins' });
    expect(changes()).toBe(told);
  });
  it.each(['honest', 'silent', 'wrong'] as const)('starts by the switch as %s', (mode) => {
    const { peer, children } = bench({ mode: 'off' });
    peer.need();
    expect(children).toHaveLength(0);
    peer.setMode(mode);
    expect(children[0]?.got).toMatchObject([{ kind: 'begin', mode }]);
  });
  it('tells a running node another mode', () => {
    const { peer, children } = bench();
    peer.need();
    peer.setMode('wrong');
    peer.setMode('silent');
    expect(children[0]?.got.slice(1)).toEqual([{ kind: 'mode', mode: 'wrong' }, { kind: 'mode', mode: 'silent' }]);
    expect(children).toHaveLength(1);
  });
  it('parks it when it is switched off, kills it when that takes for ever, and starts it anew only by the switch', () => {
    const { peer, children, state, clock } = bench();
    peer.need();
    peer.setMode('off');
    expect([children[0]?.got.at(-1), state()]).toEqual([{ kind: 'stop', park: true }, 'stopping']);
    clock.advance(59_999);
    expect(children[0]?.killed).toBe(false);
    clock.advance(1);
    expect([children[0]?.killed, state()]).toEqual([true, 'off']);
    clock.advance(600_000);
    expect(children).toHaveLength(1);
    peer.setMode('honest');
    expect(children).toHaveLength(2);
  });
  it('starts again when it is switched on while it still parks', () => {
    const { peer, children, state } = bench();
    peer.need();
    peer.setMode('off');
    peer.setMode('wrong');
    expect(children).toHaveLength(1);
    children[0]?.end(0);
    expect(children[1]?.got).toMatchObject([{ kind: 'begin', mode: 'wrong' }]);
    expect(state()).toBe('starting');
  });
  it('tries again after a crash, later and later, and from the beginning once it ran', () => {
    const { peer, children, state, clock } = bench();
    peer.need();
    for (const [crash, delayMs] of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000].entries()) {
      children[crash]?.end(1);
      expect([state(), peer.view().lastError]).toEqual(['failed', 'its process ended with code 1']);
      clock.advance(delayMs - 1);
      expect(children).toHaveLength(crash + 1);
      clock.advance(1);
      expect(children).toHaveLength(crash + 2);
    }
    children.at(-1)?.say({});
    children.at(-1)?.end(null);
    clock.advance(1_000);
    expect(children).toHaveLength(10);
  });
  it('does not wait for the next try when somebody sets the switch', () => {
    const { peer, children, clock } = bench();
    peer.need();
    children[0]?.end(1);
    peer.setMode('honest');
    expect(children).toHaveLength(2);
    clock.advance(600_000);
    expect(children).toHaveLength(2);
  });
  it('ends with the network, its subscription as it is, and stays down', async () => {
    const { peer, children, clock } = bench();
    peer.need();
    const stopping = peer.stop();
    expect(children[0]?.got.at(-1)).toEqual({ kind: 'stop', park: false });
    clock.advance(5_000);
    await stopping;
    expect(children[0]?.killed).toBe(true);
    peer.need();
    peer.setMode('wrong');
    clock.advance(600_000);
    expect(children).toHaveLength(1);
  });
  it('is absent where the network was started without one', async () => {
    const { peer, children, state } = bench({ module: null });
    peer.need();
    peer.setMode('honest');
    expect([state(), children.length]).toEqual(['absent', 0]);
    await peer.stop();
  });
});
