/** Tries every provider this system could have, each in a process of its own, and says why one does not work and what to do (product.md, set-up step 3). */
import type { Logger } from '../log/logger.ts';
import type { SpawnChild } from '../platform/processes.ts';
import { AppError } from '../../src-shared/errors.ts';
import { createEngineProcess } from './engine-process.ts';
import type { ProbeResult, Provider, ReadyModel } from './types.ts';

const PROBE_TIMEOUT_MS = 60_000;
const LONGEST_REASON = 240;

const REMEDIES: Record<Provider, string> = {
  cpu: 'Install this application again: the part that works on the processor comes with it.',
  webgpu:
    'Until it runs, the graphics card earns nothing this way. Install the newest driver from the maker of the card (on Linux also the package libvulkan1), restart the computer, then check again.',
  cuda: 'Where WebGPU runs, nothing has to be done: it uses the same NVIDIA card. CUDA itself needs the driver, CUDA 12 and cuDNN 9 from NVIDIA, and a part that this application does not bring along.',
  directml: 'Until it runs, the graphics card earns nothing this way. Update Windows and the driver of the card, restart the computer, then check again.',
  coreml: 'Until it runs, the graphics of this Mac earn nothing this way. Update macOS, then check again.',
};

/** First line of a native message, without the source position and the condition that onnxruntime puts before it, clipped. */
export function readableReason(detail: string): string {
  const line = (detail.split('\n', 1)[0] ?? '').trim();
  return line.replace(/^\S+\.cc:\d+ .* was false\. /, '').slice(0, LONGEST_REASON);
}

/** Why a probe gave no answer, in words. */
function reasonOf(caught: unknown): string {
  if (!(caught instanceof AppError)) return 'The test did not finish within a minute.';
  const code = caught.fields['exitCode'];
  return `The test crashed (${typeof code === 'number' ? `code ${code}` : 'by a signal'}), which is the fault of the driver mostly.`;
}

/** Probes one provider after the other, so that none disturbs the speed of another. `model` is what is run; null: nothing is on disk. `software`: graphics run on a driver in software here, and are labelled so. */
export async function probeProviders(
  options: { modulePath: string; providers: readonly Provider[]; model: ReadyModel | null; software: boolean },
  deps: { spawn: SpawnChild; log: Logger },
): Promise<ProbeResult[]> {
  const { modulePath, providers, model, software } = options;
  const failed = (provider: Provider, reason: string, remedy: string): ProbeResult => {
    deps.log.debug('inference.provider_unavailable', { provider, reason });
    return { provider, ok: false, tokensPerSecond: null, reason, remedy };
  };
  const results: ProbeResult[] = [];
  for (const provider of providers) {
    if (!model) {
      results.push(
        failed(provider, 'There is no model on this disk to try it with.', 'Get one under Models, then check again.'),
      );
      continue;
    }
    const nothing = (): void => undefined;
    // An absent driver makes native code print pages; the reason comes as a message.
    const spawn: SpawnChild = (module, args) => deps.spawn(module, args, { quiet: true });
    const engine = createEngineProcess(
      { modulePath, provider, index: 0 },
      { ...deps, spawn, random: () => 1, onChange: nothing, onRestarted: nothing },
    );
    try {
      const answer = await withTimeout(engine.call({ kind: 'probe', provider, folder: model.folder }));
      if (answer.kind === 'probed') {
        results.push({ provider, ok: true, tokensPerSecond: answer.tokensPerSecond, reason: null, remedy: null, ...(provider === 'webgpu' && software ? { software } : {}) });
      } else {
        results.push(
          failed(provider, answer.kind === 'failed' ? readableReason(answer.detail) : answer.kind, REMEDIES[provider]),
        );
      }
    } catch (caught) {
      results.push(failed(provider, reasonOf(caught), REMEDIES[provider]));
    } finally {
      await engine.close();
    }
  }
  return results;
}

function withTimeout<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('probe timeout')), PROBE_TIMEOUT_MS);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
