/** What a repository holds, told before anything is fetched: quantisations with their size and what speaks against them (product.md, Models). */
import type { ModelOffer } from '../../src-shared/bridge/model-calls.ts';
import { manifestOf } from './install.ts';
import { quantisationsOf, roleOf, selectFiles, vramEstimate } from './select-files.ts';
import type { Listing, StoreDeps } from './types.ts';

/** Builds the offer of a listing. */
export function offerOf(listing: Listing, { installed, freeBytes, refuses }: { installed: boolean; freeBytes: number | null } & Pick<StoreDeps, 'refuses'>): ModelOffer {
  const { repo, commit, task } = listing;
  const role = roleOf(task);
  return {
    repo,
    commit,
    role,
    freeBytes,
    installed,
    choices: quantisationsOf(listing).map((quantisation) => {
      const files = selectFiles(listing, quantisation);
      return {
        quantisation,
        sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
        files: files.length,
        vramBytes: vramEstimate(files),
        checkedByLfs: files.filter(({ check }) => check.kind === 'sha256').length,
        problem: refuses(manifestOf({ repo, commit, role: role ?? 0 }, files.map((file) => ({ ...file, sha256: '0'.repeat(64) })))),
      };
    }),
  };
}
