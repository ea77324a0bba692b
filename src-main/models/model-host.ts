/** Talks to a Hugging Face-shaped host: the file list of a revision and ranges of files; the token goes to the configured origin alone (issue 4, item 3). */
import { z } from 'zod';
import { AppError } from '../../src-shared/errors.ts';
import { mayFollow, readHostUrl } from './host-url.ts';
import { clashingPath, safeSegments } from './safe-path.ts';
import type { FileStream, HostFile, HostSettings, Listing, ModelHost } from './types.ts';

const maxRedirects = 5;
const maxListBytes = 16 * 1024 * 1024;
const maxFiles = 5_000;
const longestRetryAfterMs = 15 * 60_000;

const bytes = z.number().int().min(0);
const siblingSchema = z.object({
  rfilename: z.string(),
  size: bytes.nullish(),
  blobId: z.string().regex(/^[0-9a-f]{40}$/).nullish(),
  lfs: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), size: bytes }).nullish(),
});
const listingSchema = z.object({
  sha: z.string().regex(/^[0-9a-f]{40,64}$/),
  pipeline_tag: z.string().max(100).nullish(),
  siblings: z.array(siblingSchema).max(maxFiles),
});

type Deps = { fetch: typeof globalThis.fetch; now(): number };

/** Creates the client of one host; settings are read at each call, so a changed mirror counts at once. */
export function createModelHost(settings: () => Promise<HostSettings>, { fetch, now }: Deps): ModelHost {
  const get = async (path: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response> => {
    const { baseUrl, token } = await settings();
    const base = readHostUrl(baseUrl);
    let url = new URL(`${base.href.replace(/\/$/, '')}/${path}`);
    for (let hop = 0; hop <= maxRedirects; hop += 1) {
      const auth: Record<string, string> = token !== null && url.origin === base.origin ? { authorization: `Bearer ${token}` } : {};
      const response = await ask(fetch, url, { ...headers, ...auth }, signal);
      if (![301, 302, 303, 307, 308].includes(response.status)) return response;
      await response.body?.cancel();
      const location = response.headers.get('location');
      const next = location !== null && URL.canParse(location, url.href) ? new URL(location, url) : null;
      if (next === null || !mayFollow(next, base)) throw new AppError('models.bad_redirect');
      url = next;
    }
    throw new AppError('models.bad_redirect');
  };
  return {
    async list(repo, revision, signal) {
      const response = await get(`api/models/${encodePath(repo)}/revision/${encodeURIComponent(revision)}?blobs=true`, { accept: 'application/json' }, signal);
      if (response.status !== 200) throw await refusal(response, now());
      return readListing(repo, revision, await readLimited(response, maxListBytes, signal));
    },
    async open(repo, commit, path, [start, end], signal) {
      // Ranges of an encoded body would be ranges of something else.
      const headers = { 'accept-encoding': 'identity', range: `bytes=${start}-${end - 1}` };
      const response = await get(`${encodePath(repo)}/resolve/${commit}/${encodePath(path)}`, headers, signal);
      if (response.status === 206 || response.status === 200) return fileStream(response, start);
      throw await refusal(response, now());
    },
  };
}

const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** One request; whatever keeps it from being answered is the host being out of reach. */
async function ask(fetch: Deps['fetch'], url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { headers, signal, redirect: 'manual' });
  } catch (cause) {
    signal.throwIfAborted();
    throw new AppError('models.host_unreachable', { host: url.host }, { cause });
  }
}

async function refusal(response: Response, nowMs: number): Promise<AppError> {
  await response.body?.cancel();
  const { status } = response;
  if (status === 401 || status === 403) return new AppError('models.needs_token', { status });
  if (status === 404) return new AppError('models.not_found');
  if (status === 416) return new AppError('models.range_refused');
  if (status === 408 || status === 425 || status === 429 || status >= 500) return new AppError('models.host_busy', { status, retryAfterMs: retryAfterMs(response.headers.get('retry-after'), nowMs) });
  return new AppError('models.host_refused', { status });
}

/** Retry-After is seconds or a date (RFC 9110, 10.2.3); what is neither, and what is very long, is not taken at its word. */
export function retryAfterMs(value: string | null, nowMs: number): number | null {
  if (value === null) return null;
  const waitMs = /^\d+$/.test(value.trim()) ? Number(value) * 1_000 : Date.parse(value) - nowMs;
  return Number.isFinite(waitMs) ? Math.min(Math.max(waitMs, 0), longestRetryAfterMs) : null;
}

/** @throws AppError models.bad_listing when the body is too long */
async function readLimited(response: Response, limitBytes: number, signal: AbortSignal): Promise<string> {
  const parts: Uint8Array[] = [];
  let total = 0;
  try {
    for await (const part of response.body ?? []) {
      total += part.length;
      if (total > limitBytes) throw new AppError('models.bad_listing', { detail: 'it is too long' });
      parts.push(part);
    }
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof AppError) throw cause;
    throw new AppError('models.host_unreachable', { host: new URL(response.url).host }, { cause });
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Reads the list, and refuses all of it for one path that must not be written. */
function readListing(repo: string, revision: string, text: string): Listing {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new AppError('models.bad_listing', { detail: 'it is not JSON' });
  }
  const parsed = listingSchema.safeParse(json);
  if (!parsed.success) throw new AppError('models.bad_listing', { detail: z.prettifyError(parsed.error).slice(0, 200) });
  const { sha, pipeline_tag, siblings } = parsed.data;
  // A commit that was asked for is the one that must be answered: a mirror that moves on would be another model.
  if (/^[0-9a-f]{40,64}$/.test(revision) && sha !== revision) throw new AppError('models.bad_listing', { detail: 'it is of another revision' });
  const files = siblings.map(hostFile);
  const clash = clashingPath(files.map((file) => file.path));
  if (clash !== null) throw new AppError('models.unsafe_path', { path: clash.slice(0, 100) });
  return { repo, commit: sha, task: pipeline_tag ?? null, files };
}

function hostFile({ rfilename, size, blobId, lfs }: z.infer<typeof siblingSchema>): HostFile {
  if (safeSegments(rfilename) === null) throw new AppError('models.unsafe_path', { path: rfilename.slice(0, 100) });
  if (lfs) return { path: rfilename, sizeBytes: lfs.size, check: { kind: 'sha256', hex: lfs.sha256 } };
  if (!blobId || size === null || size === undefined) throw new AppError('models.bad_listing', { detail: `it has no hash for ${rfilename.slice(0, 100)}` });
  return { path: rfilename, sizeBytes: size, check: { kind: 'git-sha1', hex: blobId } };
}

/** The bytes of a 206 or 200. @throws AppError models.host_lied for an encoded body or a range that was not asked for */
async function fileStream(response: Response, askedStart: number): Promise<FileStream> {
  const encoding = response.headers.get('content-encoding') ?? 'identity';
  const range = response.status === 206 ? /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '') : null;
  const lied = encoding !== 'identity' || response.body === null || (response.status === 206 && (range === null || Number(range[1]) !== askedStart));
  if (lied) {
    await response.body?.cancel();
    throw new AppError('models.host_lied', { detail: 'it answered with other bytes than were asked for' });
  }
  const whole = response.headers.get('content-length');
  const total = range === null ? whole : range[3] === '*' ? null : (range[3] ?? null);
  return { whole: range === null, totalBytes: total === null ? null : Number(total), body: response.body! };
}
