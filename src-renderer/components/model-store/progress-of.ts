/** What a download's line says: percent, time left, and which acts are open to it; pure (product.md, Models). */
import type { ModelDownloadView } from '../../../src-shared/bridge/model-calls.ts';

/** Whole percent that is on the disk for good; 100 only when it is all there. */
export const percentDone = ({ doneBytes, totalBytes }: Pick<ModelDownloadView, 'doneBytes' | 'totalBytes'>): number =>
  totalBytes === 0 ? 100 : Math.max(0, Math.min(100, Math.floor((doneBytes / totalBytes) * 100)));

/** Time left at the speed of the last seconds, or null while nobody can tell. */
export function leftMs({
  doneBytes,
  totalBytes,
  bytesPerSecond,
}: Pick<ModelDownloadView, 'doneBytes' | 'totalBytes' | 'bytesPerSecond'>): number | null {
  if (bytesPerSecond === null || bytesPerSecond <= 0) return null;
  return (Math.max(0, totalBytes - doneBytes) / bytesPerSecond) * 1_000;
}

/** The one act that moves a download on or holds it. */
export const actOf = (state: ModelDownloadView['state']): 'pause' | 'resume' =>
  state === 'paused' || state === 'failed' ? 'resume' : 'pause';
