/** Leads the second node through its set-up without a screen and keeps it as the sandbox wants it: subscribed, linked, honest or not (product.md, Set-up and Network). */
import type { Handlers, Topic } from '../../../src-shared/bridge/index.ts';
import { parkedPrice, type Intent } from '../../../src-shared/bridge/intents.ts';
import type { KeysView, SecondNodeMode } from '../../../src-shared/bridge/views.ts';
import { AppError } from '../../../src-shared/errors.ts';
import type { Logger } from '../../log/logger.ts';
import type { Schedule } from '../schedule.ts';
import type { FromPeer } from './messages.ts';

type Calls = 'attestations.list' | 'attestations.get' | 'setup.get' | 'setup.machineCheck' | 'setup.faucet' | 'setup.start' | 'settings.get' | 'settings.policies' | 'node.get' | 'tasks.list' | 'wallet.propose' | 'wallet.outcome';

/** The part of the node's composition that is driven. */
export type DrivenNode = {
  readonly handlers: Pick<Handlers, Calls>;
  readonly secure: {
    keys(): KeysView;
    createKey(given: { passphrase: string }): Promise<{ phrase: string }>;
    confirmBackup(phrase: string): Promise<void>;
    unlock(passphrase: string): Promise<void>;
    approve(proposalId: string, passphrase: string): Promise<void>;
  };
  onTopic(listener: (topic: Topic) => void): () => void;
};

type Options = { readonly passphrase: string; readonly taskSmallId: bigint; readonly mode: SecondNodeMode };
type Deps = { report(status: Omit<FromPeer, 'kind'>): void; readonly schedule: Schedule; readonly log: Logger };

/** The driver. */
export type PeerDriver = {
  setMode(mode: SecondNodeMode): void;
  /** Takes its subscription off the market (protocol.md 5.6) and ends the driving. */
  park(): Promise<void>;
  stop(): void;
};

/** It never waits for a better offer: every buyer finds it. */
const askedPrice = 1n;
const maxComputeUnits = 1_000_000n;
const retryMs = 3_000;

/** Begins to drive. */
export function drivePeer(options: Options, node: DrivenNode, deps: Deps): PeerDriver {
  const { handlers, secure } = node;
  const { passphrase, taskSmallId } = options;
  let { mode } = options;
  let followed: SecondNodeMode | null = null;
  let stopped = false;
  let lastError: string | null = null;
  let nodeSmallId: bigint | null = null;
  let running = false;
  let stacksAttested = 0;
  /** Stacks on which it said its own by force. */
  const insisted = new Set<bigint>();
  /** The chain as it was read when a step was sent; the step is not sent again before it was read anew. */
  let sentAtRead: number | null = null;

  const sign = async (intent: Intent): Promise<void> => {
    const { proposalId, preview } = await handlers['wallet.propose']({ intent });
    if (!preview.possible) throw new AppError('chain.rejected', { detail: `${intent.kind}: ${preview.problem?.message ?? 'not possible'}` });
    await secure.approve(proposalId, passphrase);
    const outcome = await handlers['wallet.outcome']({ proposalId });
    if (outcome.status !== 'success') throw new AppError('chain.rejected', { detail: `${intent.kind} ended ${outcome.status}: ${outcome.error?.message ?? ''}` });
  };
  const subscription = async () => (await handlers['tasks.list']({})).find((task) => task.taskSmallId === taskSmallId)?.subscription ?? null;
  const subscribe = async (): Promise<void> => {
    const kind = (await subscription()) === null ? 'subscribe' : 'update_subscription';
    await sign({ kind, taskSmallId, price: askedPrice, maxComputeUnits });
  };
  const openKeys = async (): Promise<void> => {
    const { exists, unlocked } = secure.keys();
    if (exists && !unlocked) return secure.unlock(passphrase);
    const { phrase } = await secure.createKey({ passphrase });
    await secure.confirmBackup(phrase);
  };
  /** A step that changes the chain, once per reading of it. */
  const send = async (readAtMs: number | null, act: () => Promise<unknown>): Promise<void> => {
    if (readAtMs === null || readAtMs === sentAtRead) return;
    await act();
    sentAtRead = readAtMs;
  };
  const setUp = async (): Promise<void> => {
    const { current, funds, registration } = await handlers['setup.get']({});
    const { readAtMs } = funds.suiMist;
    nodeSmallId = registration.nodeSmallId;
    switch (current) {
      case 'network':
        return; // given from the start
      case 'key':
        return openKeys();
      case 'machine':
        return void (await handlers['setup.machineCheck']({}));
      case 'funds':
        return send(readAtMs, () => handlers['setup.faucet']({}));
      case 'register':
        return send(readAtMs, () => sign({ kind: 'register' }));
      case 'task':
        return send(readAtMs, subscribe);
      case 'start':
        return void (await handlers['setup.start']({}));
      case null:
        return;
    }
  };
  /** Silence is the node's own switch for attesting, nothing else (coordinator.md 7). */
  const followMode = async (): Promise<void> => {
    if (mode === followed) return;
    const following = mode;
    const { policies } = await handlers['settings.get']({});
    await handlers['settings.policies']({ policies: { ...policies, ...{ autoAttest: following !== 'silent' } } });
    followed = following;
  };
  /** An honest node asks its operator where its re-run differs; a wrong one says what it has on chain, which opens the dispute (protocol.md 5.8). */
  const insist = async (stackSmallId: bigint): Promise<void> => {
    if (insisted.has(stackSmallId)) return;
    const computed = (await handlers['attestations.get']({ stackSmallId }))?.computed ?? null;
    if (computed === null) return;
    await sign({ kind: 'attest', stackSmallId, root: computed.root });
    insisted.add(stackSmallId);
    deps.log.warn('second_node.insisted', { stackSmallId });
  };
  const lookAtTickets = async (): Promise<void> => {
    const { asked } = await handlers['attestations.list']({});
    stacksAttested = asked.filter(({ phase, ownStack }) => phase === 'attested' && !ownStack).length;
    if (mode !== 'wrong') return;
    for (const { stackSmallId, phase } of asked) if (phase === 'asks') await insist(stackSmallId);
  };
  const round = async (): Promise<void> => {
    await followMode();
    await setUp();
    if (nodeSmallId !== null) await lookAtTickets();
    const { state } = await handlers['node.get']({});
    running = state === 'READY' || state === 'EXECUTING';
    if (running) lastError = null;
  };

  let busy: Promise<void> = Promise.resolve();
  let queued = false;
  /** Set while a step that failed waits for its next try. */
  let cancelRetry: (() => void) | null = null;
  let told = '';
  const report = (): void => {
    const status = { running, nodeSmallId, stacksAttested, lastError };
    const text = `${running} ${nodeSmallId} ${status.stacksAttested} ${lastError}`;
    if (text !== told) deps.report(status);
    told = text;
  };
  const advance = (): void => {
    if (queued || stopped || cancelRetry !== null) return;
    queued = true;
    busy = busy.then(async () => {
      queued = false;
      if (stopped) return;
      try {
        await round();
      } catch (error) {
        lastError = error instanceof Error ? error.message : String(error);
        deps.log.warn('second_node.step_failed', { error });
        cancelRetry = deps.schedule(retryMs, () => {
          cancelRetry = null;
          advance();
        });
      }
      report();
    });
  };
  const unfollow = node.onTopic(advance);
  const stop = (): void => {
    stopped = true;
    cancelRetry?.();
    unfollow();
  };
  advance();
  return {
    setMode: (next) => {
      mode = next;
      advance();
    },
    park: async () => {
      stop();
      await busy;
      const own = await subscription();
      if (own !== null && own.price !== parkedPrice) await sign({ kind: 'update_subscription', taskSmallId, price: parkedPrice, maxComputeUnits: own.maxComputeUnits });
    },
    stop,
  };
}
