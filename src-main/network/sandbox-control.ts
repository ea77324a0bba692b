/** Client of the sandbox's control API: time dial, demand, faults and the SUI faucet (product.md, Network). */
import { z } from 'zod';
import { sandboxViewSchema, type OfferedRole, type SandboxView, type SecondNodeMode } from '../../src-shared/bridge/views.ts';
import { AppError } from '../../src-shared/errors.ts';

/** What the console may do to the embedded network. Every call fails with `network.sandbox_failed` when the sandbox does not answer. */
export type SandboxControl = {
  state(): Promise<SandboxView>;
  setEpochLength(epochLengthMs: number | null): Promise<void>;
  skipEpochs(epochs: number): Promise<void>;
  setDemand(demand: SandboxView['demand']): Promise<void>;
  setFaults(faults: SandboxView['faults']): Promise<void>;
  /** How often attestors are drawn, and how many. */
  setAttestations(attestations: SandboxView['attestations']): Promise<void>;
  /** Makes a task of this role where there is none, and lets buyers buy on it. */
  offerRole(role: OfferedRole): Promise<void>;
  /** How the network's second node behaves. */
  setSecondNode(mode: SecondNodeMode): Promise<void>;
  /** Sends SUI for gas to a wallet; play money. */
  fundGas(address: string): Promise<void>;
  /** Calls back whenever something of the state changed; reconnects by itself. Returns the way to stop it. */
  follow(onChange: () => void): () => void;
};

const timeoutMs = 10_000;

/** Creates the client for a control URL such as `http://127.0.0.1:4003`. */
export function createSandboxControl(url: string, deps: { fetch: typeof fetch }): SandboxControl {
  const request = async (path: string, body?: object): Promise<unknown> => {
    const init: RequestInit = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    try {
      const response = await deps.fetch(new URL(path, url), { ...init, signal: AbortSignal.timeout(timeoutMs) });
      if (!response.ok) throw new Error(`${path} answered ${response.status}: ${(await response.text()).slice(0, 200)}`);
      return await response.json();
    } catch (error) {
      throw new AppError('network.sandbox_failed', { detail: error instanceof Error ? error.message : String(error) }, { cause: error });
    }
  };
  const act = async (path: string, body: object): Promise<void> => {
    await request(path, body);
  };
  return {
    state: async () => z.decode(sandboxViewSchema, (await request('/state')) as z.input<typeof sandboxViewSchema>),
    setEpochLength: (epochLengthMs) => act('/epoch-length', { epochLengthMs }),
    skipEpochs: (epochs) => act('/skip-epochs', { epochs }),
    setDemand: (demand) => act('/demand', demand),
    setFaults: (faults) => act('/faults', faults),
    setAttestations: (attestations) => act('/attestations', attestations),
    offerRole: (role) => act('/offer-role', { role }),
    setSecondNode: (mode) => act('/second-node', { mode }),
    fundGas: (address) => act('/faucet', { address }),
    follow: (onChange) => followChanges(new URL('/events', url), onChange, deps.fetch),
  };
}

const retryMs = 2_000;

/** Reads the stream of server-sent events; each one only says "changed", so their text does not matter. */
function followChanges(url: URL, onChange: () => void, fetchWith: typeof fetch): () => void {
  const control = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  const read = async (): Promise<void> => {
    const response = await fetchWith(url, { signal: control.signal });
    for await (const _ of response.body ?? []) onChange();
  };
  const again = (): void => {
    if (control.signal.aborted) return;
    timer = setTimeout(run, retryMs);
    timer.unref();
  };
  const run = (): void => void read().then(again, again); // a sandbox that went away is told by its own process
  run();
  return () => {
    control.abort();
    if (timer !== null) clearTimeout(timer);
  };
}
