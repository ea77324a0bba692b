/** The bridge's area of attestations, self-audits and disputes; also what they add to the alerts. */
import { contractOf } from '../../src-shared/atoma/index.ts';
import type { AttestationDetail, AttestationView } from '../../src-shared/bridge/attestation-calls.ts';
import { computedOf, evidenceOf, leavesOf, settledOf } from '../core/attest-evidence.ts';
import type { AttestationRow, DisputeFact, TicketFact } from '../core/attest-rows.ts';
import { nextAttestation } from '../core/attest-plan.ts';
import { treasuryCost } from '../core/stack-value.ts';
import { attestationAlerts } from '../core/views/attestation-alerts.ts';
import { attestationView, auditView, ownTicketView } from '../core/views/attestation-view.ts';
import type { Alert } from '../core/views/alerts.ts';
import type { AttestationArea } from '../handlers/attestation-handlers.ts';
import type { Session } from '../session/session-parts.ts';
import { needChain, type AreaParts } from './area-parts.ts';

/** Ends shown beside what is open. */
const endsShown = 50;
const auditsShown = 20;
const entriesShown = 50;
/** More results than a file of this kind should hold; those that differ come first. */
const entriesExported = 10_000;

const nodeSmallIdOf = (live: Session): bigint | null => {
  const { registration } = live.chain.snapshot();
  return registration?.registered === true ? registration.node.nodeSmallId : null;
};
/** Local moment at which epoch D begins; null where the chain does not tell its epochs' length. */
function deadlineOf(live: Session, ticket: TicketFact | null): number | null {
  const { epoch } = live.chain.snapshot();
  if (ticket === null || epoch === null || epoch.durationMs === null) return null;
  return epoch.startMs + Number(ticket.disputeSettledAtEpoch - epoch.epoch) * epoch.durationMs;
}
/** Base units that a dispute would freeze; null while the chain is not read, or once the stack is gone. */
function frozenOf(live: Session, ticket: TicketFact | null): bigint | null {
  const { db } = live.chain.snapshot();
  if (db === null || ticket === null || ticket.stack === null) return null;
  return treasuryCost({ ...ticket.stack, samplingConsensus: true }, ticket.claimedUnits, contractOf(live.profile.generation), db);
}
/** Who disputes it, where the chain says that somebody does; none while it does not answer. */
const disputesOf = async (live: Session, ticket: TicketFact | null): Promise<DisputeFact[]> => (ticket?.isInDispute === true ? live.chain.disputesOf(ticket.stackSmallId).catch(() => []) : []);
function attestationViews(live: Session): AttestationView[] {
  const nodeSmallId = nodeSmallIdOf(live);
  if (nodeSmallId === null) return [];
  const planned = live.attest.plan();
  const plans = new Map(planned.map((one) => [one.row.stackSmallId, one]));
  const next = nextAttestation(planned.map(({ row, step }) => ({ stackSmallId: row.stackSmallId, disputeSettledAtEpoch: row.ticket.disputeSettledAtEpoch, step })));
  const shown = (row: AttestationRow) => ({ row, plan: plans.get(row.stackSmallId) ?? null, deadlineMs: deadlineOf(live, row.ticket), frozen: frozenOf(live, row.ticket), isNext: next?.stackSmallId === row.stackSmallId });
  return live.attestTables.rows.list(nodeSmallId, endsShown).map((row) => attestationView(shown(row)));
}
/** Requests to check others' stacks whose window is open: what this node does not answer is slashed when the stack is claimed. */
export const openRequests = (live: Session): AttestationView[] => attestationViews(live).filter(({ phase }) => ['running', 'waiting', 'asks', 'silent'].includes(phase));
const ownTickets = (parts: AreaParts, live: Session) => {
  const nodeSmallId = nodeSmallIdOf(live);
  return nodeSmallId === null ? [] : live.attestTables.ownTickets(nodeSmallId).map((ticket) => ownTicketView(ticket, parts.preferences.policies().waitForAttestors));
};

/** What of this area needs the operator. */
export function alertsOfAttestations(live: Session | null): Alert[] {
  if (live === null || live.chain.snapshot().readAtMs === null) return [];
  return attestationAlerts({ coin: live.profile.coin, attestations: attestationViews(live), audits: [...live.attestTables.audits.failed(), ...live.attestTables.audits.wanted()].map(auditView) });
}

/** Assembles the area over the live parts. */
export function attestationArea(parts: AreaParts): AttestationArea {
  const { deps, preferences } = parts;
  const get = async (stackSmallId: bigint): Promise<AttestationDetail | null> => {
    const live = needChain(parts);
    const { rows, audits, entries } = live.attestTables;
    const row = rows.get(stackSmallId);
    const audit = audits.get(stackSmallId);
    const own = ownTickets(parts, live).find((ticket) => ticket.stackSmallId === stackSmallId) ?? null;
    if (row === null && audit === null && own === null) return null;
    // As on chain now, where it answers; what was read last otherwise.
    const [ticket = null] = await live.chain.ticketFacts([stackSmallId]).catch(() => [row?.ticket ?? null]);
    const notable = row === null ? audits.entries(stackSmallId, entriesShown) : [...entries(stackSmallId, entriesShown, 'differs'), ...entries(stackSmallId, entriesShown, 'stranger'), ...entries(stackSmallId, entriesShown, 'agrees')];
    return {
      coin: live.profile.coin,
      epoch: live.chain.snapshot().epoch?.epoch ?? null,
      attestation: attestationViews(live).find((one) => one.stackSmallId === stackSmallId) ?? null,
      own,
      frozen: frozenOf(live, ticket),
      disputes: (await disputesOf(live, ticket)).map(({ node, commitment }) => ({ node, commitment })),
      audit: audit === null ? null : auditView(audit),
      commitment: ticket === null ? null : { proof: Buffer.from(ticket.committedProof).toString('hex'), leaves: leavesOf(ticket.leaves) },
      computed: row === null ? settledOf(live.attestTables.keptRoot(stackSmallId), ticket) : computedOf(row),
      entries: notable.slice(0, entriesShown),
    };
  };
  return {
    list: async () => {
      const live = needChain(parts);
      const { epoch, readAtMs } = live.chain.snapshot();
      const { autoAttest, selfAuditSample } = preferences.policies();
      return {
        coin: live.profile.coin,
        nodeSmallId: nodeSmallIdOf(live),
        epoch: epoch?.epoch ?? null,
        readAtMs,
        hasCoordinator: live.link !== null,
        autoAttest,
        selfAuditSample,
        asked: attestationViews(live),
        own: ownTickets(parts, live),
        audits: live.attestTables.audits.list(auditsShown).map(auditView),
      };
    },
    get: ({ stackSmallId }) => get(stackSmallId),
    evidence: async ({ stackSmallId }) => {
      const live = needChain(parts);
      const { rows, audits, entries } = live.attestTables;
      const attestation = rows.get(stackSmallId);
      const [ticket = null] = await live.chain.ticketFacts([stackSmallId]).catch(() => []);
      const value = evidenceOf({
        stackSmallId,
        nodeSmallId: nodeSmallIdOf(live),
        network: { id: live.profile.id, chainId: live.chain.snapshot().health.chainId ?? live.profile.chainId, atomaPackageId: live.profile.atomaPackageId, atomaDbId: live.profile.atomaDbId },
        coordinatorId: live.link?.status().coordinatorId ?? null,
        atMs: deps.now(),
        ticket: ticket ?? attestation?.ticket ?? null,
        disputes: await disputesOf(live, ticket),
        attestation,
        audit: audits.get(stackSmallId),
        keptRoot: live.attestTables.keptRoot(stackSmallId),
        attested: entries(stackSmallId, entriesExported),
        audited: audits.entries(stackSmallId, entriesExported),
        ack: (taskId) => live.tables.results.ack(taskId),
      });
      return { fileName: `stack-${stackSmallId}-evidence.json`, json: JSON.stringify(value, null, 2) };
    },
    decide: ({ stackSmallId, decision }) => parts.needSession().attest.decide(stackSmallId, decision === 'policy' ? null : decision),
    restart: (stackSmallId) => parts.needSession().attest.restart(stackSmallId),
    overrule: (stackSmallId) => parts.needSession().attest.overrule(stackSmallId),
    dismiss: (stackSmallId) => parts.needSession().attestTables.rows.dismiss(stackSmallId),
  };
}
