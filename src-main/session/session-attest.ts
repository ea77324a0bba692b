/** Connects attesting with chain, link, jobs and rows: which of their answers the driver decides on (coordinator.md 7; decision 0005). Wiring only. */
import { contractOf } from '../../src-shared/atoma/index.ts';
import { AppError } from '../../src-shared/errors.ts';
import { createAttestDriver, type AttestDriver } from '../attest/attest-driver.ts';
import type { Chain } from '../chain/create-chain.ts';
import { attestReward, placesOf, silencePenalty } from '../core/attest-plan.ts';
import type { TicketFact } from '../core/attest-rows.ts';
import { chainTimeMs } from '../core/chain-time.ts';
import { unitsValue } from '../core/stack-value.ts';
import type { Jobs } from '../job/types.ts';
import type { Link } from '../link/types.ts';
import type { AttestStore } from '../store/attest-store.ts';
import { chainEpochMs } from './leave-facts.ts';
import { schedule } from '../platform/schedule.ts';
import type { SessionParts } from './session-parts.ts';

type Live = { chain: Chain; jobs: Jobs; link: Link | null; tables: AttestStore };

/** Base units that silence costs and attesting earns, at the settings in force now; null while the chain is not read. */
function moneyOf(ticket: TicketFact, { chain }: Live, parts: SessionParts): { penalty: bigint | null; reward: bigint | null } {
  const { db, registration } = chain.snapshot();
  if (db === null || registration?.registered !== true) return { penalty: null, reward: null };
  const { nodeSmallId, collateral } = registration.node;
  const places = placesOf(ticket, nodeSmallId).length;
  const contract = contractOf(parts.profile.generation);
  const fee = ticket.stack === null ? null : unitsValue({ price: ticket.stack.price, samplingConsensus: true }, ticket.claimedUnits, contract, db);
  return { penalty: silencePenalty(collateral, db.permilleToSlashNodeOnTimeout, places), reward: attestReward(fee, db.crossValidationExtraNodesCount, places) };
}

/** The driver over the live parts of a session; nothing runs before its first `advance`. */
export function wireAttest(parts: SessionParts, live: Live): AttestDriver {
  const { chain, jobs, link } = live;
  const { profile, now, switches, crashPoint } = parts;
  const epoch = () => chain.snapshot().epoch;
  return createAttestDriver({
    tables: live.tables,
    chain: {
      nodeSmallId: () => {
        const { registration } = chain.snapshot();
        return registration?.registered === true ? registration.node.nodeSmallId : null;
      },
      epoch: () => epoch()?.epoch ?? null,
      chainMs: () => {
        const current = epoch();
        return current === null ? null : chainTimeMs(current, now(), chainEpochMs(profile, chain));
      },
      epochMs: () => chainEpochMs(profile, chain),
      delayEpochs: () => contractOf(profile.generation).constants.disputeDelayEpochs,
      ticketsNaming: chain.ticketsNaming,
      ticketFacts: chain.ticketFacts,
      money: (ticket) => moneyOf(ticket, live, parts),
      isAttesting: () => chain.isUnderWay('attest'),
      attest: (stackSmallId, root) => chain.execute({ kind: 'attest', stackSmallId, root }),
      hint: chain.hint,
    },
    rerun: { openEnvelope: parts.signers.openEnvelope, run: (request, given) => parts.inference.run({ ...request, exact: true }, given), perform: (request, given) => parts.inference.perform({ ...request, exact: true }, given), wasm: () => parts.wasm?.() ?? null },
    history: async (stackSmallId, after) => {
      if (link === null) throw new AppError('network.no_coordinator');
      return link.history(stackSmallId, after);
    },
    coordinator: () => (link === null ? 'none' : link.status().status === 'connected' ? 'up' : 'down'),
    models: () => parts.models().filter(({ exact }) => exact !== false).map((model) => model.id),
    load: () => ({ running: jobs.running().length, slots: switches.policies().maxParallel }),
    quiet: jobs.idle,
    policies: switches.policies,
    now,
    random: parts.random,
    schedule,
    log: parts.log.child({ part: 'attest' }),
    ...(crashPoint === undefined ? {} : { crashPoint: (boundary) => crashPoint(`attest_${boundary}`) }),
  });
}
