/** The bridge's diagnostics area: gathers the facts that the doctor judges; judging is in core (issue: doctor). */
import { probeEndpoint, type EndpointProbe } from '../chain/probe-endpoint.ts';
import type { DoctorReport } from '../../src-shared/bridge/diagnostics-calls.ts';
import { diagnose, type DoctorFacts } from '../core/doctor.ts';
import { teeSentences } from '../core/tee.ts';
import { isActive } from '../core/views/task-views.ts';
import type { DiagnosticsArea } from '../handlers/diagnostics-handlers.ts';
import { modeBeyond } from '../platform/files.ts';
import { integrityOf } from '../store/integrity.ts';
import { checkLoopback } from '../system/loopback-check.ts';
import type { AreaParts } from './area-parts.ts';
import { bundleOf } from './bundle.ts';

/** Assembles the area over the live parts. */
export function diagnosticsArea(parts: AreaParts): DiagnosticsArea {
  const doctor = async (): Promise<DoctorReport> => ({ checks: diagnose(await factsOf(parts)), atMs: parts.deps.now() });
  return {
    doctor,
    bundle: async ({ hideAddresses }) => bundleOf(parts, await doctor(), hideAddresses),
    report: async ({ page, message, trace }) => {
      parts.deps.log.error('window.broke', { page, detail: message, trace: trace.split('\n').slice(0, 20) });
      return {};
    },
  };
}

async function factsOf(parts: AreaParts): Promise<DoctorFacts> {
  const { options, deps } = parts;
  const network = parts.network();
  const session = parts.session();
  const keys = parts.keysView();
  const [hardware, loopback, endpoints] = await Promise.all([parts.hardware(), checkLoopback(), Promise.all((network?.profile.endpoints ?? []).map((url) => probeEndpoint(url, deps)))]);
  const subscriptions = [...(session?.chain.snapshot().subscriptions?.values() ?? [])].filter(isActive);
  return {
    serving: options.command === undefined,
    clock: [...clockOf(endpoints, network?.profile.kind === 'sandbox', deps.now()), ...coordinatorClock(parts)],
    keys: { exists: keys.exists, unlocked: keys.unlocked, store: keys.store.kind, storeName: keys.store.name, backupConfirmed: keys.backupConfirmed },
    keychain: keys.keychain,
    disk: { freeBytes: hardware.diskFreeBytes },
    folder: { path: options.dataDir, excess: modeBeyond(options.dataDir, 0o700) },
    databases: parts.databases().map(({ name, store }) => ({ name, verdict: integrityOf(store) })),
    parkedRows: parts.parkedRows().length,
    loopback,
    network: network === null ? null : { name: network.profile.name, chainId: session?.chain.snapshot().health.chainId ?? network.profile.chainId, hasCoordinator: network.profile.coordinatorUrl !== null },
    endpoints,
    contract: contractOf(parts),
    link: linkOf(parts),
    provider: await providersOf(parts),
    models: { ready: parts.models().length, served: session?.servedTasks().length ?? 0, subscribed: subscriptions.length },
    confidential: confidentialOf(session),
  };
}

/** A real chain makes checkpoints without pause. The sandbox makes one when something happens, so that its newest may be old: there only a time ahead of ours tells anything. */
function clockOf(endpoints: readonly EndpointProbe[], isSandbox: boolean, nowMs: number): DoctorFacts['clock'] {
  return endpoints.flatMap(({ checkpointMs }) => (checkpointMs === null ? [] : [{ source: 'chain' as const, offsetMs: isSandbox ? Math.min(0, nowMs - checkpointMs) : nowMs - checkpointMs }]));
}

/** The time of the challenge when the console last linked (coordinator.md 3). */
function coordinatorClock({ session }: AreaParts): DoctorFacts['clock'] {
  const offsetMs = session()?.link?.status().clockAheadMs ?? null;
  return offsetMs === null ? [] : [{ source: 'coordinator', offsetMs }];
}

/** As the machine check of the set-up found them; without one a tiny inference is run now, where there is a model to run. */
async function providersOf({ preferences, inference, models }: AreaParts): Promise<DoctorFacts['provider']> {
  const probes = preferences.machineCheck()?.providers ?? (models().length === 0 ? null : await inference.probe());
  return probes?.map(({ provider, ok, reason, tokensPerSecond }) => ({ provider, ok, detail: ok ? (tokensPerSecond === null ? null : `${tokensPerSecond.toFixed(0)} tokens/s`) : reason })) ?? null;
}

function contractOf(parts: AreaParts): DoctorFacts['contract'] {
  const snapshot = parts.session()?.chain.snapshot() ?? null;
  const profile = parts.network()?.profile ?? null;
  if (snapshot === null || profile === null) return null;
  const { lastError } = snapshot.health;
  if (lastError !== null && lastError.code.startsWith('network.')) return { ok: false, detail: lastError.message };
  return snapshot.db === null ? null : { ok: true, detail: `generation ${profile.generation} at ${profile.atomaPackageId.slice(0, 12)}…` };
}

/** A verb that opened the node for itself never links. */
function linkOf({ options, session }: AreaParts): DoctorFacts['link'] {
  const status = session()?.link?.status() ?? null;
  return options.command !== undefined || status === null ? null : { status: status.status, problem: status.lastError?.message ?? null };
}

function confidentialOf(session: ReturnType<AreaParts['session']>): DoctorFacts['confidential'] {
  if (session === null) return null;
  const { tee, problem } = session.confidential.status();
  const subscribed = [...(session.chain.snapshot().subscriptions ?? [])].filter(([id, offer]) => isActive(offer) && session.confidential.isConfidential(id)).length;
  return { serves: tee.kind === 'none' ? 'no' : tee.kind, why: tee.kind === 'none' ? teeSentences[tee.why] : null, subscribed, problem: problem?.message ?? null };
}
