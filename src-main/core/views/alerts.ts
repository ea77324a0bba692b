/** What needs the operator, as derived facts: each alert goes away by itself when its cause is mended (product.md, Dashboard). */
import type { z } from 'zod';
import type { alertSchema } from '../../../src-shared/bridge/views.ts';
import { sentenceFor } from '../../../src-shared/errors.ts';

/** One alert as the bridge carries it. */
export type Alert = z.output<typeof alertSchema>;

type ShownError = { code: string; message: string; atMs: number };

/** What alerts are derived from. */
export type AlertFacts = {
  nowMs: number;
  keys: 'none' | 'locked' | 'open';
  setUp: boolean;
  chain: { status: 'unknown' | 'ok' | 'slow' | 'down'; lastError: ShownError | null };
  link: { status: string; lastError: ShownError | null };
  hasCoordinator: boolean;
  /** Null while unknown. */
  suiMist: bigint | null;
  gasReserveMist: bigint;
  disputedStacks: readonly bigint[];
  failedStacks: readonly { stackSmallId: bigint; error: ShownError }[];
  parkedRows: number;
  /** Results that this node's keys do not open: recorded before the keys were restored without their export. */
  unopenedResults?: number;
  /** Requests that the coordinator awaits though its receipt for them is held. */
  awaitedAgain?: number;
  inferenceError: string | null;
  /** A provider of the operator's order does not work, and what serves instead, in words. */
  inferenceFall?: string | null;
  /** Of attestations and self-audits (attestation-alerts.ts). */
  attestations?: readonly Alert[];
  /** Leaving, from its toggle on: whether the node is disabled, the collateral can be taken back, and what the last step ended in. */
  leaving?: { disabled: boolean; withdrawable: boolean; problem: string | null } | null;
  /** Of heat, other users of the machine and broken tools (hardware-alerts.ts). */
  hardware?: readonly Alert[];
};

/** Derives the alerts, worst first. */
export function alertsOf(facts: AlertFacts): Alert[] {
  const found: (Alert | null)[] = [...keyAlerts(facts), ...chainAlerts(facts), ...moneyAlerts(facts), ...machineAlerts(facts), ...leaveAlerts(facts), ...(facts.attestations ?? []), ...(facts.hardware ?? [])];
  const rank = { danger: 0, warning: 1, info: 2 };
  return found.filter((alert) => alert !== null).sort((a, b) => rank[a.level] - rank[b.level]);
}

const keyAlerts = ({ keys, setUp, nowMs }: AlertFacts): (Alert | null)[] => [
  keys === 'locked' ? { ...alert('keys.locked', 'danger', sentenceFor('keys.locked'), 'settings', nowMs), section: 'keys' } : null,
  !setUp && keys !== 'locked' ? alert('setup', 'info', 'The set-up is not finished.', 'setup', nowMs) : null,
];

function chainAlerts({ chain, link, hasCoordinator, setUp, leaving, nowMs }: AlertFacts): (Alert | null)[] {
  // A coordinator refuses a node that was disabled, which is what leaving is for.
  const linkBroken = setUp && leaving?.disabled !== true && link.lastError !== null && link.status !== 'connected';
  return [
    chain.status === 'down' ? alert('chain.down', 'warning', chain.lastError?.message ?? sentenceFor('chain.unreachable'), 'settings', chain.lastError?.atMs ?? nowMs) : null,
    linkBroken ? alert('link', link.status === 'refused' ? 'danger' : 'warning', link.lastError!.message, 'settings', link.lastError!.atMs) : null,
    setUp && !hasCoordinator ? alert('no_coordinator', 'warning', sentenceFor('network.no_coordinator'), 'settings', nowMs) : null,
  ];
}

const moneyAlerts = ({ suiMist, gasReserveMist, setUp, disputedStacks, failedStacks, nowMs }: AlertFacts): (Alert | null)[] => [
  setUp && suiMist !== null && suiMist < gasReserveMist ? alert('gas_reserve', 'warning', 'SUI for gas runs low. Add SUI to the wallet so that settling and claiming go on.', 'wallet', nowMs) : null,
  ...disputedStacks.map((id) => alert(`disputed:${id}`, 'danger', `Stack #${id} is in dispute. The contract has no function that ends a dispute; its money stays locked.`, 'stacks', nowMs)),
  ...failedStacks.map(({ stackSmallId, error }) => alert(`stack:${stackSmallId}`, 'warning', `Stack #${stackSmallId}: ${error.message}`, 'stacks', error.atMs)),
];

const machineAlerts = ({ parkedRows, unopenedResults = 0, awaitedAgain = 0, inferenceError, inferenceFall = null, nowMs }: AlertFacts): (Alert | null)[] => [
  unopenedResults > 0 ? alert('unopened_results', 'danger', `${unopenedResults} finished ${unopenedResults === 1 ? 'result' : 'results'} cannot be sent: the keys that sealed them are gone. Restore the node keys from their export and start the console again; what is not sent earns nothing.`, 'jobs', nowMs) : null,
  awaitedAgain > 0 ? alert('awaited_again', 'warning', `The coordinator asks again for ${awaitedAgain === 1 ? 'a request' : `${awaitedAgain} requests`} whose signed receipt this node holds: it has lost records. Nothing is sent twice; the receipts are kept as evidence. Tell the coordinator's operator.`, 'jobs', nowMs) : null,
  parkedRows > 0 ? { ...alert('parked', 'warning', `${parkedRows} stored records could not be read and were set aside.`, 'settings', nowMs), section: 'diagnostics' } : null,
  inferenceFall !== null ? alert('inference_fall', 'warning', inferenceFall, 'hardware', nowMs) : null,
  inferenceError !== null ? alert('inference', 'warning', inferenceError, 'hardware', nowMs) : null,
];

/** The console takes the collateral back by itself; where it cannot, the operator is reminded (product.md, Leave). */
function leaveAlerts({ leaving = null, nowMs }: AlertFacts): (Alert | null)[] {
  if (leaving === null) return [];
  const { withdrawable, problem } = leaving;
  if (withdrawable) return [alert('leave.withdrawable', 'warning', `The cooldown is over: the collateral can be taken back. ${problem ?? 'The console does it now.'}`, 'leave', nowMs)];
  return [problem === null ? null : alert('leave.waits', 'warning', `Leaving waits. ${problem}`, 'leave', nowMs)];
}

const alert = (id: string, level: Alert['level'], message: string, page: Alert['page'], sinceMs: number): Alert => ({ id, level, code: id.split(':')[0] ?? id, message, page, sinceMs });
