/** Asks one full node who it is and what time it has, for diagnostics; nothing else is asked of it (issue: doctor, "endpoints" and "clock"). */
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { errorText } from './call-errors.ts';

/** What it answered; milliseconds. `checkpointMs` is the time of its newest checkpoint. */
export type EndpointProbe = { url: string; answeredMs: number | null; chainId: string | null; checkpointMs: number | null; problem: string | null };

type Deps = { now(): number; timeoutMs?: number; fetch?: typeof fetch };

/** Probes an endpoint of a profile; never rejects. */
export async function probeEndpoint(url: string, { now, timeoutMs = 5_000, fetch }: Deps): Promise<EndpointProbe> {
  const startedMs = now();
  try {
    const client = new SuiGrpcClient({ network: 'custom', baseUrl: url, ...(fetch ? { fetch } : {}) });
    const { response } = await client.ledgerService.getServiceInfo({}, { abort: AbortSignal.timeout(timeoutMs) });
    const { chainId = null, timestamp } = response;
    const checkpointMs = timestamp === undefined ? null : Number(timestamp.seconds) * 1_000 + Math.floor(timestamp.nanos / 1e6);
    return { url, answeredMs: now() - startedMs, chainId, checkpointMs, problem: chainId === null ? 'names no chain' : null };
  } catch (error) {
    return { url, answeredMs: null, chainId: null, checkpointMs: null, problem: `does not answer (${errorText(error)})` };
  }
}
