/** Tries every provider this system could have, each in a process of its own, and says why one does not work and what to do (product.md, set-up step 3). */
import type { Logger } from '../log/logger.ts';
import type { SpawnChild } from '../platform/processes.ts';
import { AppError } from '../../src-shared/errors.ts';
import { createEngineProcess } from './engine-process.ts';
import type { ProbeResult, Provider, ReadyModel } from './types.ts';

const PROBE_TIMEOUT_MS = 60_000;
const LONGEST_REASON = 240;

const REMEDIES: Record<Provider, string> = {
  cpu: 'Reinstall the console: its engine for the processor is part of it.',
  webgpu:
    'Install or update the graphics driver with Vulkan support (on Linux also the package libvulkan1), then check again.',
  cuda: 'With an NVIDIA card: install its driver, CUDA 12 and cuDNN 9, add the CUDA provider to onnxruntime-node, then check again.',
  directml: 'Update the graphics driver and Windows, then check again.',
  coreml: 'Update macOS, then check again.',
};

/** First line of a native message, without the source position and the condition that onnxruntime puts before it, clipped. */
export function readableReason(detail: string): string {
  const line = (detail.split('\n', 1)[0] ?? '').trim();
  return line.replace(/^\S+\.cc:\d+ .* was false\. /, '').slice(0, LONGEST_REASON);
}

/** Why a probe gave no answer, in words. */
function reasonOf(caught: unknown): string {
  if (!(caught instanceof AppError)) return 'The test did not finish in time.';
  const code = caught.fields['exitCode'];
  return `The test process ended by itself (${typeof code === 'number' ? `code ${code}` : 'by a signal'}): the driver crashed it.`;
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
        failed(provider, 'No verified model is on this disk to try with.', 'Download a model, then check again.'),
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
