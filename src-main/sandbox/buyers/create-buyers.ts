/** The demand: buyers that buy stacks while a node is there to serve them, and send requests at the dial's pace, of the tasks in turn (product.md, Network). */
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { compactDecrypt, importJWK, type JWK } from 'jose';
import { z } from 'zod';
import type { SandboxView } from '../../../src-shared/bridge/views.ts';
import { replyToSchema, type ReplyTo } from '../../../src-shared/link/envelope.ts';
import type { Logger } from '../../log/logger.ts';
import type { Schedule } from '../schedule.ts';
import { chatBody, sealedEvery, type ChatRequestDraft } from './chat-body.ts';
import { planFunction } from './function-bodies.ts';
import { answerAllowance, planRequest, type Prompt } from './plan-request.ts';
import { planRole } from './role-bodies.ts';
import type { BuyerStack, SandboxStore } from './sandbox-store.ts';
import type { Wallet } from './wallet.ts';

/** The demand dial. */
export type Demand = SandboxView['demand'];

/** The part of the coordinator that buyers use. */
export type Ingress = {
  market(): Promise<readonly { taskSmallId: bigint; nodeSmallId: bigint; modelName: string; role?: number; samplingConsensus: boolean; price: bigint; maxUnits: bigint }[]>;
  openStack(stackSmallId: bigint): Promise<{ taskSmallId: bigint; nodeSmallId: bigint; modelName: string } | null>;
  stackUse(stackSmallId: bigint): { numComputeUnits: bigint; acceptedUnits: bigint; lockedUnits: bigint; closed: string | null; role?: number } | null;
  /** Null while the node is not connected. */
  room(nodeSmallId: bigint): number | null;
  /** Whether this node is connected and runs such work. */
  serves(nodeSmallId: bigint, workloadClass: 'wasm.run'): boolean;
  submit(request: { stackSmallId: bigint; body: string; replyTo: ReplyTo | null; maxComputeUnits: number; windowMs: number; stream: boolean; workloadClass?: 'wasm.run' }): { requestId: string } | { refused: string };
  onChange(listener: () => void): () => void;
  onOutcome(listener: (outcome: { kind: string; requestId: string; taskId?: string; resultBytes?: Uint8Array }) => void): () => void;
};

type Options = { readonly demand: Demand; readonly prompts: readonly Prompt[]; /** Time from dispatch to deadline. */ readonly windowMs?: number };
type Deps = { ingress: Ingress; store: SandboxStore; openWallet(secret: string): Wallet; schedule: Schedule; now: () => number; log: Logger; onChange(): void };

/** Running buyers. */
export type Buyers = ReturnType<typeof createBuyers>;

const defaultWindowMs = 60_000;
/** After a purchase that failed, or found nobody to serve it. */
const purchaseRetryMs = 3_000;
const maxAbsentStacks = 3;
const minuteMs = 60_000;
const purchaseFailed = 'buying failed';
/** With the switch for functions, every such request is one. */
const functionEvery = 4;

/** A request that is ready to be sent. */
type Draft = ChatRequestDraft & { readonly isFunction?: boolean };
type NextRequest = { kind: 'wait' } | { kind: 'spent' } | { kind: 'send'; draft: Draft; maxComputeUnits: number };
type UsableStack = { readonly stack: BuyerStack; readonly role: number; readonly unitsLeft: number; readonly unitsLocked: number };
type Offers = Awaited<ReturnType<Ingress['market']>>;

/** A P-256 key that answers are sealed to; kept, so that answers under way survive a restart. */
function replyKey(store: SandboxStore): { publicJwk: ReplyTo; privateJwk: JWK } {
  const kept = store.setting('reply_key', z.string());
  const pem = kept ?? (generateKeyPairSync('ec', { namedCurve: 'P-256', privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } }).privateKey as string);
  if (kept === null) store.remember('reply_key', pem);
  const key = createPrivateKey(pem);
  return { publicJwk: replyToSchema.parse({ ...createPublicKey(key).export({ format: 'jwk' }), kid: 'buyer' }), privateJwk: key.export({ format: 'jwk' }) as JWK };
}

/** Creates the buyers; they do nothing before `start`. */
export function createBuyers(options: Options, deps: Deps) {
  const { ingress, store, schedule, now, log } = deps;
  const windowMs = options.windowMs ?? defaultWindowMs;
  const wallets = new Map<string, Wallet>();
  const { publicJwk, privateJwk } = replyKey(store);
  const sealedRequests = new Set<string>();
  let demand = options.demand;
  let sent = store.setting('requests_made', z.number().int()) ?? 0;
  let nextRequestMs = 0;
  let nextPurchaseMs = 0;
  /** The last round would have bought, had it not been too soon after another. */
  let wantsToBuy = false;
  let turn = 0;
  let taskTurn = 0;
  let lastError: string | null = null;
  let stopped = true;
  let cancelTimer: () => void = () => undefined;

  const fail = (what: string, error: unknown): void => {
    lastError = `${what}: ${error instanceof Error ? error.message : String(error)}`;
    log.warn('buyers.failed', { what, error });
    deps.onChange();
  };
  const nameOf = (index: number): string => `buyer-${index + 1}`;
  const walletOf = (name: string): Wallet => {
    const known = wallets.get(name);
    if (known !== undefined) return known;
    const wallet = deps.openWallet(store.wallet(name, () => new Secp256k1Keypair().getSecretKey()).secret);
    wallets.set(name, wallet);
    return wallet;
  };
  /** Stacks this buyer may still use, oldest first; those that were closed are put away. */
  const usable = (name: string): UsableStack[] =>
    store.openStacks(name).flatMap((stack) => {
      const use = ingress.stackUse(stack.stackSmallId);
      if (use !== null && use.closed === null) return [{ stack, role: use.role ?? 0, unitsLeft: Number(use.numComputeUnits - use.acceptedUnits - use.lockedUnits), unitsLocked: Number(use.lockedUnits) }];
      store.markSpent(stack.stackSmallId);
      return [];
    });

  /** Hands the next request to the coordinator; false when it does not take it, which ends the stack. */
  const submit = (stack: BuyerStack, draft: Draft, maxComputeUnits: number): boolean => {
    const request = { stackSmallId: stack.stackSmallId, body: draft.body, maxComputeUnits, windowMs, stream: draft.stream, ...(draft.isFunction === true ? { workloadClass: 'wasm.run' as const } : {}) };
    let answer = ingress.submit({ ...request, replyTo: draft.sealedAnswer ? publicJwk : null });
    // An attestor must be able to see what was answered: nothing is sealed for the buyer on such a task.
    if ('refused' in answer && answer.refused === 'reply_to_not_allowed') answer = ingress.submit({ ...request, replyTo: null });
    else if ('requestId' in answer && draft.sealedAnswer) sealedRequests.add(answer.requestId);
    if ('refused' in answer) {
      log.warn('buyers.request_refused', { stackSmallId: stack.stackSmallId, reason: answer.refused });
      store.markSpent(stack.stackSmallId);
      return false;
    }
    sent += 1;
    store.remember('requests_made', sent);
    return true;
  };
  /** The next request of a stack: a function now and then, else one of its task's role. */
  const planNext = ({ stack, role, unitsLeft, unitsLocked }: UsableStack): NextRequest => {
    const { modelName, nodeSmallId } = stack;
    const number = sent + 1;
    if (demand.functions && number % functionEvery === 0 && ingress.serves(nodeSmallId, 'wasm.run')) {
      const run = planFunction({ number, unitsLeft, unitsLocked });
      // Where no function fits any more, a smaller request may.
      if (run.kind === 'send') return { kind: 'send', draft: { body: run.body, stream: false, sealedAnswer: number % sealedEvery === 0, isFunction: true }, maxComputeUnits: run.maxComputeUnits };
    }
    const other = planRole({ role, modelName, number, unitsLeft, unitsLocked });
    if (other !== null) return other.kind === 'send' ? { kind: 'send', draft: { body: other.body, stream: other.stream, sealedAnswer: number % sealedEvery === 0 }, maxComputeUnits: other.maxComputeUnits } : other;
    const plan = planRequest({ prompts: options.prompts, unitsLeft, unitsLocked, pick: sent });
    if (plan.kind !== 'send') return plan;
    return { kind: 'send', draft: chatBody({ number, prompt: plan.prompt.text, modelName, maxTokens: answerAllowance }), maxComputeUnits: plan.maxComputeUnits };
  };
  /** Sends one request of this buyer on one of these stacks if it can; `buy` asks for another stack. */
  const sendOn = (stacks: readonly UsableStack[]): 'sent' | 'wait' | 'buy' => {
    let absent = 0;
    for (const one of stacks) {
      const { stack } = one;
      const room = ingress.room(stack.nodeSmallId);
      const plan = planNext(one);
      if (plan.kind === 'spent') store.markSpent(stack.stackSmallId);
      else if (room === null) absent += 1;
      else if (plan.kind === 'wait' || room === 0) return 'wait';
      else if (submit(stack, plan.draft, plan.maxComputeUnits)) return 'sent';
    }
    // A stack whose node has gone may come back to life with it; only a few are kept so.
    return absent < maxAbsentStacks ? 'buy' : 'wait';
  };
  /** Buys a stack of a task if a connected node would serve it at the dial's price; true when one was bought. */
  const buy = async (name: string, task: number, market: () => Promise<Offers>): Promise<boolean> => {
    const { stackUnits, price } = demand;
    const offers = (await market())
      .filter((offer) => Number(offer.taskSmallId) === task)
      .filter((offer) => offer.price <= BigInt(price) && offer.maxUnits >= BigInt(stackUnits));
    const offer = offers[turn % Math.max(1, offers.length)];
    if (offer === undefined || isIdle()) return false;
    const { taskSmallId, modelName, samplingConsensus } = offer;
    const bought = await walletOf(name).buyStack({ taskSmallId, units: BigInt(stackUnits), price: BigInt(price), samplingConsensus });
    await ingress.openStack(bought.stackSmallId);
    store.addStack({ stackSmallId: bought.stackSmallId, wallet: name, taskSmallId, nodeSmallId: bought.nodeSmallId, modelName });
    log.info('buyers.stack_bought', { stackSmallId: bought.stackSmallId, buyer: name, taskSmallId });
    nextPurchaseMs = 0;
    if (lastError?.startsWith(purchaseFailed)) lastError = null;
    deps.onChange();
    return true;
  };

  const intervalMs = (): number => minuteMs / demand.requestsPerMinute;
  const isIdle = (): boolean => stopped || !demand.running || demand.buyers === 0 || demand.requestsPerMinute === 0;
  /** The dial's tasks, another one first each time, so that every role is asked for. */
  const tasksInTurn = (): number[] => {
    const first = taskTurn % demand.taskSmallIds.length;
    return [...demand.taskSmallIds.slice(first), ...demand.taskSmallIds.slice(0, first)];
  };
  /** Sends one request of this buyer, on a task of the dial, else on what is left of stacks of other tasks. */
  const sendOne = async (name: string, market: () => Promise<Offers> | null): Promise<boolean> => {
    const of = (task: number): UsableStack[] => usable(name).filter(({ stack }) => Number(stack.taskSmallId) === task);
    const tasks = tasksInTurn();
    for (const task of tasks) {
      let did = sendOn(of(task));
      const offers = did === 'buy' ? market() : null;
      if (offers !== null && (await buy(name, task, () => offers))) did = sendOn(of(task));
      if (isIdle()) return false;
      if (did === 'sent') return true;
    }
    return sendOn(usable(name).filter(({ stack }) => !tasks.includes(Number(stack.taskSmallId)))) === 'sent';
  };
  const holdPurchases = (): void => void (nextPurchaseMs = now() + purchaseRetryMs);
  /** One round: every buyer gets its turn until one request is sent; true when it is worth going on at once. */
  const round = async (): Promise<boolean> => {
    const mayBuy = now() >= nextPurchaseMs;
    wantsToBuy = false;
    let read: Promise<Offers> | null = null;
    // The offers are read once a round, and not again for a while when that led to no purchase.
    const market = (): Promise<Offers> | null => {
      if (!mayBuy) {
        wantsToBuy = true;
        return null;
      }
      if (read === null) holdPurchases();
      return (read ??= ingress.market());
    };
    for (let i = 0; i < demand.buyers; i += 1) {
      const name = nameOf(turn++ % demand.buyers);
      const did = await sendOne(name, market);
      if (isIdle()) return false;
      if (!did) continue;
      taskTurn += 1;
      // Time that was lost is not made up for: no bursts.
      const lagMs = now() - nextRequestMs;
      nextRequestMs = (lagMs > intervalMs() ? now() : nextRequestMs) + intervalMs();
      deps.onChange();
      return true;
    }
    // A slow chain took its time meanwhile.
    if (read !== null && nextPurchaseMs !== 0) holdPurchases();
    return false;
  };

  let working = false;
  let again = false;
  const work = async (): Promise<void> => {
    let goOn = true;
    while (goOn && !isIdle() && now() >= nextRequestMs) {
      again = false;
      goOn = (await round()) || again;
    }
  };
  /** Does what can be done now and sets the one timer for what is due later. */
  const wake = (): void => {
    if (working) return void (again = true);
    if (isIdle()) return;
    working = true;
    work()
      .catch((error: unknown) => {
        holdPurchases();
        fail(purchaseFailed, error);
      })
      .finally(() => {
        working = false;
        cancelTimer();
        if (isIdle()) return;
        const dueMs = now() < nextRequestMs ? nextRequestMs : Math.max(nextPurchaseMs, now() + 1);
        // With nothing due, the coordinator's next change wakes the buyers. A purchase may have come due since the round was told to wait.
        if (now() < nextRequestMs || now() < nextPurchaseMs || wantsToBuy) cancelTimer = schedule(dueMs - now(), wake);
      });
  };

  const openAnswer = async (requestId: string, bytes: Uint8Array): Promise<void> => {
    if (!sealedRequests.delete(requestId)) return;
    try {
      await compactDecrypt(bytes, await importJWK(privateJwk, 'ECDH-ES+A256KW'));
    } catch (error) {
      fail('a sealed answer does not open', error);
    }
  };
  /** Stacks a crash left between purchase and record: the badges on chain know them. */
  const adopt = async (name: string): Promise<void> => {
    for (const stackSmallId of await walletOf(name).ownedStacks()) {
      const opened = store.knowsStack(stackSmallId) ? null : await ingress.openStack(stackSmallId);
      if (opened === null) continue;
      store.addStack({ stackSmallId, wallet: name, ...opened });
      log.info('buyers.stack_adopted', { stackSmallId, buyer: name });
    }
  };

  const unsubscribes: (() => void)[] = [];
  return {
    demand: (): Demand => demand,
    setDemand: (next: Demand): void => {
      demand = next;
      store.remember('demand', next);
      nextRequestMs = Math.min(nextRequestMs, now() + (next.requestsPerMinute === 0 ? 0 : intervalMs()));
      nextPurchaseMs = 0;
      cancelTimer();
      deps.onChange();
      wake();
    },
    stacksBought: (): number => store.stackCount(),
    lastError: (): string | null => lastError,
    /** Something changed outside (a node subscribed, a fault ended): look again. */
    wake,
    start: async (): Promise<void> => {
      stopped = false;
      unsubscribes.push(ingress.onChange(wake));
      unsubscribes.push(ingress.onOutcome((outcome) => {
        if (outcome.kind === 'accepted' && outcome.resultBytes !== undefined) void openAnswer(outcome.requestId, outcome.resultBytes);
        else sealedRequests.delete(outcome.requestId);
      }));
      for (let i = 0; i < demand.buyers; i += 1) await adopt(nameOf(i)).catch((error: unknown) => fail('looking for own stacks failed', error));
      wake();
    },
    stop: (): void => {
      stopped = true;
      cancelTimer();
      unsubscribes.splice(0).forEach((end) => end());
    },
  };
}
