/** Drives attesting and self-audits by state: reads the tickets that name this node, asks the plan, does one thing, and asks again; a restart or weeks asleep change nothing (coordinator.md 7; architecture.md, main job 9). */
import { AppError, toAppError } from '../../src-shared/errors.ts';
import { attestStep, halfWindowMs, nextAttestation, type AttestDecision, type AttestStep } from '../core/attest-plan.ts';
import type { AttestationRow, TicketFact } from '../core/attest-rows.ts';
import { createAttestWorker } from './attest-work.ts';
import { createAuditWorker } from './audit-work.ts';
import { createReexecutor } from './reexecute.ts';
import type { AttestDeps } from './types.ts';

/** The plan of one ticket, as it stands now. */
export type Planned = { row: AttestationRow & { ticket: TicketFact }; step: AttestStep; urgent: boolean; halfWindowChainMs: number };

/** Attesting of one node on one network. */
export type AttestDriver = {
  /** An event names this node; the live ticket decides. */
  note(stackSmallId: bigint): void;
  /** Does what the plan names until it has to wait; call whenever a fact may have changed. Never runs twice at once. */
  advance(): Promise<void>;
  /** Paid work began or ended. */
  loadChanged(): void;
  /** Every open ticket with its step. */
  plan(): Planned[];
  /** May this stack, with so many entries, be settled by itself? Asks for its audit where one is due. */
  settleGate(stackSmallId: bigint, entries: number): boolean;
  /**
   * The operator's word: attest although the switch is off or engines differ, stay silent, or leave it to the policy again.
   * @throws AppError attest.not_possible where an entry differs, or there is nothing to decide
   */
  decide(stackSmallId: bigint, decision: AttestDecision | null): void;
  /** Runs the whole history again. @throws AppError attest.not_possible */
  restart(stackSmallId: bigint): void;
  /** The stack may be settled although its audit failed. @throws AppError attest.not_possible */
  overrule(stackSmallId: bigint): void;
  stop(): Promise<void>;
};

/** Most actions in one round, so that a round ends. */
const roundLimit = 200;
/** A ticket this young that is not found may be one that a lagging full node has not seen yet. */
const settledDownMs = 600_000;

/** Creates the driver; the rows of an earlier run are taken up where they were left. */
export function createAttestDriver(deps: AttestDeps): AttestDriver {
  const { tables, chain, now, log } = deps;
  const { rows, audits } = tables;
  const reexecutor = createReexecutor(deps);
  let closed = false;
  let advancing: Promise<void> | null = null;
  let again = false;
  let scannedEpoch: bigint | null = null;
  let callOffWake: () => void = () => undefined;

  const wake = (): void => void advance();
  const attestations = createAttestWorker(deps, reexecutor);
  const auditor = createAuditWorker(deps, reexecutor, wake);

  const plan = (): Planned[] => {
    const [nodeSmallId, epoch, chainMs] = [chain.nodeSmallId(), chain.epoch(), chain.chainMs()];
    if (nodeSmallId === null || epoch === null || chainMs === null) return [];
    const { running, slots } = deps.load();
    const facts = { nodeSmallId, epoch, nowMs: now(), autoAttest: deps.policies().autoAttest, submitting: chain.isAttesting(), coordinator: deps.coordinator(), freeSlots: slots - running };
    return rows.open(nodeSmallId).flatMap((row) => {
      const { ticket } = row;
      if (ticket === null) return [];
      const halfWindowChainMs = halfWindowMs({ disputeSettledAtEpoch: ticket.disputeSettledAtEpoch, delayEpochs: chain.delayEpochs(), firstSeenChainMs: row.firstSeenChainMs, epochMs: chain.epochMs() });
      const urgent = chainMs >= halfWindowChainMs;
      return [{ row: { ...row, ticket }, step: attestStep(ticket, row, { ...facts, urgent }), urgent, halfWindowChainMs }];
    });
  };

  /** The ticket is gone: claimed. Before epoch D it cannot be, so then it is a full node that lags. */
  const gone = (row: AttestationRow, nodeSmallId: bigint, epoch: bigint): void => {
    if (row.ticket === null) {
      if (now() - row.firstSeenMs >= settledDownMs) rows.forget(row.stackSmallId);
      return;
    }
    if (epoch < row.ticket.disputeSettledAtEpoch) return;
    const attested = row.digest !== null || row.ticket.attestedNodes.includes(nodeSmallId);
    const end = attested ? 'attested' : (row.penalty ?? 0n) > 0n ? 'slashed' : 'unharmed';
    rows.end(row.stackSmallId, end);
    log[end === 'slashed' ? 'warn' : 'info']('attest.ended', { stackSmallId: String(row.stackSmallId), end, penalty: row.penalty?.toString() ?? null });
  };
  /** The answer is on chain and its row does not know its transaction: the process ended between the two, or its end was in doubt. */
  const adoptDigest = (stackSmallId: bigint): void => {
    const digest = tables.sentDigest(stackSmallId);
    if (digest !== null) rows.setDigest(stackSmallId, digest);
  };
  /** Events are hints, live tickets the truth: all of them are walked through at the start and in each new epoch, the known ones read each time. */
  const readTickets = async (): Promise<void> => {
    const [nodeSmallId, epoch] = [chain.nodeSmallId(), chain.epoch()];
    if (nodeSmallId === null || epoch === null) return;
    if (scannedEpoch !== epoch) {
      for (const id of await chain.ticketsNaming(nodeSmallId)) rows.note(id, nodeSmallId);
      scannedEpoch = epoch;
    }
    const open = rows.open(nodeSmallId);
    if (open.length === 0) return;
    const tickets = await chain.ticketFacts(open.map((row) => row.stackSmallId));
    open.forEach((row, index) => {
      const ticket = tickets[index] ?? null;
      if (ticket === null) return gone(row, nodeSmallId, epoch);
      rows.putTicket(row.stackSmallId, ticket, { ...chain.money(ticket), chainMs: chain.chainMs() });
      if (row.digest === null && ticket.attestedNodes.includes(nodeSmallId)) adoptDigest(row.stackSmallId);
    });
  };

  /** False when there is nothing but waiting. */
  const actOnce = async (): Promise<boolean> => {
    const planned = plan();
    const next = nextAttestation(planned.map(({ row, step }) => ({ stackSmallId: row.stackSmallId, disputeSettledAtEpoch: row.ticket.disputeSettledAtEpoch, step })));
    if (next?.step.kind === 'submit') {
      await attestations.submit(next.stackSmallId, next.step.root);
      return true;
    }
    const urgent = planned.some(({ row, urgent: soon }) => soon && row.stackSmallId === next?.stackSmallId);
    // The money of an own stack waits for its audit; only a deadline goes before it.
    const audit = urgent ? null : auditor.due();
    if (audit !== null) await auditor.step(audit);
    else if (next?.step.kind === 'rerun') await attestations.rerun(next.stackSmallId, next.step, urgent);
    else return false;
    return true;
  };
  const round = async (): Promise<void> => {
    for (let action = 0; action < roundLimit && !closed; action += 1) {
      await readTickets();
      if (closed || !(await actOnce())) return;
    }
    again = true;
  };
  /** What waits by a time wakes itself; everything else comes with a change of facts. */
  const armWake = (): void => {
    callOffWake();
    const nodeSmallId = chain.nodeSmallId();
    const waits = [...(nodeSmallId === null ? [] : rows.open(nodeSmallId)), ...audits.wanted()].map(({ notBeforeMs }) => notBeforeMs).filter((atMs) => atMs > now());
    if (waits.length > 0) callOffWake = deps.schedule(Math.min(...waits) - now(), wake);
  };
  const run = async (): Promise<void> => {
    do {
      again = false;
      await round().catch((caught: unknown) => {
        if (closed) return; // the database may be closed already; the rows say where to go on
        const error = toAppError(caught);
        log[error.kind === 'bug' ? 'error' : 'warn']('attest.waiting', { error: error.code });
      });
    } while (again && !closed);
    if (!closed) armWake();
  };
  const advance = (): Promise<void> => {
    if (closed) return Promise.resolve();
    again = advancing !== null;
    advancing ??= run().finally(() => {
      advancing = null;
    });
    return advancing;
  };

  const openRow = (stackSmallId: bigint): AttestationRow => {
    const row = rows.get(stackSmallId);
    if (row === null || row.end !== null) throw new AppError('attest.not_possible', { detail: 'this ticket is not open any more' });
    return row;
  };

  return {
    note(stackSmallId) {
      const nodeSmallId = chain.nodeSmallId();
      if (nodeSmallId !== null) rows.note(stackSmallId, nodeSmallId);
    },
    advance,
    loadChanged() {
      reexecutor.loadChanged();
      wake();
    },
    plan,
    settleGate: auditor.gate,
    decide(stackSmallId, decision) {
      const row = openRow(stackSmallId);
      // "It never attests a stack it did not re-run", and a different proof would dispute it.
      if (decision === 'attest' && (row.differing > 0 || row.hold !== null)) throw new AppError('attest.not_possible', { detail: 'what was re-run does not agree; run it again first' });
      rows.decide(stackSmallId, decision);
      reexecutor.interrupt();
      wake();
    },
    restart(stackSmallId) {
      openRow(stackSmallId);
      rows.restart(stackSmallId);
      reexecutor.interrupt();
      wake();
    },
    overrule(stackSmallId) {
      if (audits.get(stackSmallId)?.status !== 'failed') throw new AppError('attest.not_possible', { detail: 'the audit of this stack did not fail' });
      audits.finish(stackSmallId, 'overruled');
      chain.hint();
    },
    async stop() {
      closed = true;
      callOffWake();
      reexecutor.interrupt();
      await advancing;
    },
  };
}
