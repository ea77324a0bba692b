/** Intents that wait for the operator: proposed by the window, decided on a page of the host's own, executed once (architecture.md, "Loopback host"). */
import type { Intent, Outcome, Preview, Proposal } from '../../src-shared/bridge/intents.ts';
import { AppError } from '../../src-shared/errors.ts';

/** What proposals need of the chain. */
export type ProposalDeps = {
  /** Simulates the intent. */
  preview(intent: Intent): Promise<Preview>;
  /** Signs and executes the intent through the wallet's lane. */
  execute(intent: Intent): Promise<Outcome>;
  now(): number;
  /** A fresh unguessable id. */
  newId(): string;
};

/** The waiting room of intents. */
export type Proposals = {
  /** Simulates and keeps an intent; it waits for ten minutes. */
  propose(intent: Intent): Promise<Proposal>;
  /** The proposal while it waits, else null. */
  get(id: string): Proposal | null;
  /** The operator agreed: executes the intent, once. Refuses what the chain would abort, and what is no longer waiting. */
  approve(id: string): void;
  /** The operator said no. */
  decline(id: string): void;
  /** Ends when the proposal was executed; AppError `intent.declined`, `intent.expired` or that of the execution. */
  outcome(id: string): Promise<Outcome>;
  /** The session ends: what nobody decided can not be executed any more. */
  close(): void;
};

type Waiting = { proposal: Proposal; state: 'waiting' | 'ended'; outcome: Promise<Outcome>; resolve(outcome: Promise<Outcome>): void; reject(error: AppError): void };

const lifetimeMs = 10 * 60_000;

/** Creates an empty waiting room. */
export function createProposals(deps: ProposalDeps): Proposals {
  const waiting = new Map<string, Waiting>();

  const expire = (nowMs = deps.now()): void => {
    for (const [id, entry] of waiting) {
      if (entry.proposal.expiresMs > nowMs) continue;
      if (entry.state === 'waiting') entry.reject(new AppError('intent.expired'));
      waiting.delete(id);
    }
  };
  const find = (id: string): Waiting => {
    expire();
    const entry = waiting.get(id);
    if (entry === undefined) throw new AppError('intent.unknown');
    return entry;
  };
  const takeWaiting = (id: string): Waiting => {
    const entry = find(id);
    if (entry.state !== 'waiting') throw new AppError('intent.unknown');
    return entry;
  };

  return {
    async propose(intent) {
      expire();
      const preview = await deps.preview(intent);
      const proposal: Proposal = { proposalId: deps.newId(), preview, expiresMs: deps.now() + lifetimeMs };
      const { promise, resolve, reject } = deferred<Outcome>();
      waiting.set(proposal.proposalId, { proposal, state: 'waiting', outcome: promise, resolve, reject });
      return proposal;
    },
    get(id) {
      expire();
      const entry = waiting.get(id);
      return entry?.state === 'waiting' ? entry.proposal : null;
    },
    approve(id) {
      const entry = takeWaiting(id);
      if (!entry.proposal.preview.possible) throw new AppError('chain.rejected', { detail: entry.proposal.preview.problem?.message ?? '' });
      entry.state = 'ended';
      entry.resolve(deps.execute(entry.proposal.preview.intent));
    },
    decline(id) {
      const entry = takeWaiting(id);
      entry.state = 'ended';
      entry.reject(new AppError('intent.declined'));
    },
    outcome: (id) => find(id).outcome,
    close: () => expire(Infinity),
  };
}

/** Promise.withResolvers, which Node 20 does not have; a rejection that nobody awaits is not an unhandled one. */
function deferred<T>(): { promise: Promise<T>; resolve(value: Promise<T>): void; reject(error: Error): void } {
  let resolve!: (value: Promise<T>) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
