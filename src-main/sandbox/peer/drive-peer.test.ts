/** The second node's driver over a node in miniature: each step of the set-up once, the switch, parking, errors that are tried again. */
import { describe, expect, it } from 'vitest';
import { parkedPrice, type Intent } from '../../../src-shared/bridge/intents.ts';
import type { SecondNodeMode, SetupStep } from '../../../src-shared/bridge/views.ts';
import { silentLogger } from '../../log/logger.ts';
import { createManualClock } from '../manual-clock.ts';
import { drivePeer, type DrivenNode } from './drive-peer.ts';
import type { FromPeer } from './messages.ts';

const steps: SetupStep[] = ['network', 'key', 'machine', 'funds', 'register', 'task', 'start'];

/** A node that goes through its set-up when it is told the right thing; `tell` says that something changed. */
function bench(mode: SecondNodeMode, at: SetupStep | null = 'key') {
  const clock = createManualClock(0);
  const did: string[] = [];
  const listeners = new Set<() => void>();
  const facts = {
    current: at as SetupStep | null, exists: at !== 'key', unlocked: false, readAtMs: 1 as number | null, price: at === null ? 1n : null as bigint | null, autoAttest: true, fails: 0, state: 'IDLE',
    asked: [] as { stackSmallId: bigint; phase: string; ownStack: boolean }[],
  };
  const next = (): void => void (facts.current = steps[steps.indexOf(facts.current ?? 'start') + 1] ?? null);
  const done = (what: string): void => {
    if (facts.fails > 0) {
      facts.fails -= 1;
      throw new Error(`${what} failed`);
    }
    did.push(what);
    next();
  };
  const proposals = new Map<string, Intent>();
  const handlers = {
    'setup.get': async () => ({ current: facts.current, funds: { suiMist: { readAtMs: facts.readAtMs } }, registration: { nodeSmallId: steps.indexOf(facts.current ?? 'start') > 4 || facts.current === null ? 2n : null } }),
    'setup.machineCheck': async () => done('machine'),
    'setup.faucet': async () => done('funds'),
    'setup.start': async () => {
      done('start');
      facts.state = 'READY';
    },
    'settings.get': async () => ({ policies: { autoAttest: facts.autoAttest } }),
    'settings.policies': async ({ policies }: { policies: { autoAttest: boolean } }) => void (facts.autoAttest = policies.autoAttest),
    'node.get': async () => ({ state: facts.state }),
    'tasks.list': async () => [{ taskSmallId: 2n, subscription: facts.price === null ? null : { price: facts.price, maxComputeUnits: 7n } }],
    'attestations.list': async () => ({ asked: facts.asked }),
    'attestations.get': async () => ({ computed: { root: 'ab'.repeat(32) } }),
    'wallet.propose': async ({ intent }: { intent: Intent }) => {
      proposals.set('p', intent);
      return { proposalId: 'p', preview: { possible: true, problem: null } };
    },
    'wallet.outcome': async () => {
      const intent = proposals.get('p') as Intent;
      if (intent.kind === 'register' || (intent.kind === 'subscribe' && facts.current === 'task') || facts.current === 'task') done(intent.kind);
      else did.push(intent.kind === 'attest' ? `attest ${intent.root.slice(0, 4)}` : intent.kind);
      if ('price' in intent) facts.price = intent.price;
      return { status: 'success' };
    },
  } as unknown as DrivenNode['handlers'];
  const secure: DrivenNode['secure'] = {
    keys: () => ({ exists: facts.exists, unlocked: facts.unlocked }) as never,
    createKey: async () => ({ phrase: 'words' }),
    confirmBackup: async () => done('key'),
    unlock: async (passphrase) => {
      did.push(`unlock ${passphrase}`);
      next();
    },
    approve: async () => undefined,
  };
  const reports: Omit<FromPeer, 'kind'>[] = [];
  const driver = drivePeer(
    { passphrase: 'secret', taskSmallId: 2n, mode },
    { handlers, secure, onTopic: (listener) => {
      const call = (): void => listener('node');
      listeners.add(call);
      return () => void listeners.delete(call);
    } },
    { report: (status) => void reports.push(status), schedule: clock.schedule, log: silentLogger },
  );
  const rest = async (): Promise<void> => {
    for (let i = 0; i < 60; i += 1) await Promise.resolve();
  };
  return {
    facts, did, reports, driver, clock, rest, listeners,
    /** Something changed: one round, with the chain read anew. */
    tell: async (): Promise<void> => {
      if (facts.readAtMs !== null) facts.readAtMs += 1;
      listeners.forEach((listener) => listener());
      await rest();
    },
  };
}

describe('drivePeer', () => {
  it('goes through the set-up by itself, each step once', async () => {
    const { did, reports, tell, rest } = bench('honest');
    await rest();
    for (let i = 0; i < 10; i += 1) await tell();
    expect(did).toEqual(['key', 'machine', 'funds', 'register', 'subscribe', 'start']);
    expect(reports.at(-1)).toEqual({ running: true, nodeSmallId: 2n, stacksAttested: 0, lastError: null });
  });
  it('opens keys that are there', async () => {
    const { did, rest, facts } = bench('honest', 'key');
    facts.exists = true;
    await rest();
    expect(did[0]).toBe('unlock secret');
  });
  it('sends nothing twice on one reading of the chain, and nothing before the first', async () => {
    const { did, facts, listeners, rest, tell } = bench('honest', 'funds');
    facts.readAtMs = null;
    await rest();
    expect(did).toEqual([]);
    facts.readAtMs = 5;
    await tell();
    facts.current = 'funds'; // the chain was not read again
    listeners.forEach((listener) => listener());
    await rest();
    expect(did).toEqual(['funds']);
    await tell();
    expect(did).toEqual(['funds', 'funds']);
  });
  it('tries a step that failed again after a while, not at every change', async () => {
    const { did, facts, reports, clock, tell, rest } = bench('honest', 'machine');
    facts.fails = 1;
    await rest();
    expect(reports.at(-1)).toMatchObject({ running: false, lastError: 'machine failed' });
    await tell();
    expect(did).toEqual([]);
    clock.advance(3_000);
    await rest();
    expect(did).toEqual(['machine']);
  });
  it.each([['honest', true], ['wrong', true], ['silent', false]] as const)('%s: attests by itself %s', async (mode, attests) => {
    const { facts, rest, driver } = bench(mode === 'honest' ? 'silent' : 'honest', null);
    await rest();
    driver.setMode(mode);
    await rest();
    expect(facts.autoAttest).toBe(attests);
  });
  it('insists on its own root where it is wrong and its re-run differs, once', async () => {
    const { facts, did, driver, tell, rest, reports } = bench('honest', null);
    facts.asked = [{ stackSmallId: 4n, phase: 'asks', ownStack: false }, { stackSmallId: 3n, phase: 'attested', ownStack: false }, { stackSmallId: 2n, phase: 'attested', ownStack: true }];
    await rest();
    await tell();
    expect([did, reports.at(-1)?.stacksAttested]).toEqual([[], 1]);
    driver.setMode('wrong');
    await rest();
    await tell();
    expect(did).toEqual(['attest abab']);
  });
  it('parks its subscription, takes no step afterwards, and comes back at its price', async () => {
    const { facts, did, driver, tell, rest } = bench('honest', null);
    await rest();
    await driver.park();
    expect([facts.price, did]).toEqual([parkedPrice, ['update_subscription']]);
    await driver.park();
    facts.current = 'task';
    await tell();
    expect(did).toHaveLength(1);
    const again = bench('honest', 'task');
    again.facts.price = parkedPrice;
    await again.rest();
    expect([again.facts.price, again.did]).toEqual([1n, ['update_subscription']]);
  });
});
