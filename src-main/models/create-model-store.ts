/** The model store's one object: what is installed, what is being fetched, one download after the other (product.md, Models; issue 4, item 3). */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelDownloadView } from '../../src-shared/bridge/model-calls.ts';
import { AppError, toAppError } from '../../src-shared/errors.ts';
import { readHostUrl } from './host-url.ts';
import { manifestOf } from './install.ts';
import { checkInstalled, findInstalled, needInstalled, removeInstalled, viewOfInstalled } from './installed-models.ts';
import { createModelHost } from './model-host.ts';
import { onDisk } from './partial-file.ts';
import { downloadId, readDownload, writeDownload } from './records.ts';
import { durableBytes, runDownload, type DownloadEvents, type RunOptions } from './run-download.ts';
import { isRepoName } from './safe-path.ts';
import { offerOf } from './offer.ts';
import { selectFiles } from './select-files.ts';
import { createSpeed, type Speed } from './speed.ts';
import { downloadsName, makeFolders, openRoot } from './store-folder.ts';
import type { DownloadRecord, ModelStore, PlannedFile, StoreDeps, StoreOptions } from './types.ts';

/** A download as it is held while the node runs. */
type Entry = {
  record: DownloadRecord;
  state: ModelDownloadView['state'];
  doneBytes: number;
  verified: number;
  file: string | null;
  error: AppError | null;
  nextAttemptMs: number | null;
  speed: Speed | null;
};

const mebibyte = 1024 * 1024;
const announceEveryMs = 500;
const lookTimeoutMs = 30_000;

/** A stop that is nobody's fault: pause, cancel, quit. */
class Stopped extends Error {}

/** Creates the store; nothing is read or fetched before `start`. */
export function createModelStore(options: StoreOptions, deps: StoreDeps): ModelStore {
  const { settings, log, now, schedule } = deps;
  const limits: RunOptions['limits'] = {
    connections: options.connections ?? 4,
    segmentBytes: options.segmentBytes ?? 32 * mebibyte,
    stallMs: options.stallMs ?? 30_000,
    flushBytes: options.flushBytes ?? 8 * mebibyte,
    backoff: options.backoff ?? { baseMs: 1_000, capMs: 60_000 },
  };
  const reserveBytes = options.reserveBytes ?? 512 * mebibyte;
  const host = createModelHost(async () => ({ baseUrl: settings.host(), token: await settings.token() }), deps);
  const entries = new Map<string, Entry>();
  const listeners = new Set<() => void>();
  let active: { id: string; control: AbortController; ended: Promise<void> } | null = null;
  let stopped = false;
  let root = options.root;
  let opening: Promise<void> | null = null;
  const opened = (): Promise<void> => (opening ??= openRoot(options.root).then((real) => void (root = real)));
  /** What was left of earlier runs is taken up before anything is begun anew in its place. */
  let takenUp: Promise<void> = Promise.resolve();

  let pending: (() => void) | null = null;
  const announce = (): void => {
    pending?.();
    pending = null;
    listeners.forEach((listener) => listener());
  };
  const progress = (): void => {
    pending ??= schedule(announceEveryMs, announce);
  };

  const folderOf = (id: string): string => join(root, downloadsName, id);
  const save = (record: DownloadRecord): Promise<void> => onDisk(writeDownload(join(folderOf(record.id), 'download.json'), record));
  const need = (id: string): Entry => {
    const entry = entries.get(id);
    if (entry === undefined) throw new AppError('models.unknown');
    return entry;
  };
  const set = (entry: Entry, change: Partial<Entry>): void => {
    Object.assign(entry, change);
    announce();
  };

  const eventsFor = (entry: Entry): DownloadEvents => ({
    file: (file, state) => set(entry, { file, state, error: null, nextAttemptMs: null }),
    durable: (bytes) => {
      entry.doneBytes += bytes;
      progress();
    },
    verified: (verified) => set(entry, { verified }),
    onBytes: (bytes) => {
      entry.speed?.add(bytes);
      progress();
    },
    onWaiting: (waiting) => set(entry, waiting === null ? { state: 'downloading', error: null, nextAttemptMs: null } : { state: 'waiting', error: waiting.error, nextAttemptMs: waiting.untilMs }),
  });

  const run = async (entry: Entry, signal: AbortSignal): Promise<void> => {
    const { record } = entry;
    try {
      set(entry, { state: 'downloading', verified: record.kept.length, speed: createSpeed(now), error: null, nextAttemptMs: null });
      if (record.kind === 'repair') await mend(entry, signal);
      else await runDownload(record, { root, folder: folderOf(record.id), limits, reserveBytes }, { ...deps, host, signal, events: eventsFor(entry) });
      entries.delete(record.id);
      await rm(folderOf(record.id), { recursive: true, force: true });
      log.info('models.installed', { model: `${record.repo}@${record.commit}`, kind: record.kind });
      deps.installedChanged();
    } catch (caught) {
      entry.speed = null;
      if (caught instanceof Stopped || signal.aborted) return;
      const error = toAppError(caught);
      log.warn('models.failed', { model: `${record.repo}@${record.commit}`, error });
      set(entry, { state: 'failed', error, nextAttemptMs: null });
    }
  };

  /** First what is damaged is found, on this machine alone; only that is asked of the host. */
  const mend = async (entry: Entry, signal: AbortSignal): Promise<void> => {
    const found = await needInstalled(root, `${entry.record.repo}@${entry.record.commit}`);
    const { whole, damaged } = await checkInstalled(found, signal, (file) => set(entry, { file, state: 'verifying' }));
    entry.record = { ...entry.record, files: damaged, kept: whole };
    entry.doneBytes = whole.reduce((sum, file) => sum + file.sizeBytes, 0) + (await durableBytes(entry.record, folderOf(entry.record.id)));
    await save(entry.record);
    const events = eventsFor(entry);
    await runDownload(entry.record, { root, folder: folderOf(entry.record.id), limits, reserveBytes }, { ...deps, host, signal, events: { ...events, verified: (files) => events.verified(whole.length + files) } });
  };

  const pump = (): void => {
    const waiting = [...entries.values()].filter((entry) => entry.state === 'queued').sort((a, b) => a.record.createdMs - b.record.createdMs)[0];
    if (active !== null || stopped || waiting === undefined) return announce();
    const control = new AbortController();
    const ended = run(waiting, control.signal).finally(() => {
      active = null;
      pump();
    });
    active = { id: waiting.record.id, control, ended };
  };
  const halt = async (id: string): Promise<void> => {
    if (active?.id !== id) return;
    active.control.abort(new Stopped());
    await active.ended;
  };

  const begin = async (record: DownloadRecord, doneBytes: number): Promise<void> => {
    await onDisk(makeFolders(root, folderOf(record.id)));
    await save(record);
    entries.set(record.id, { record, state: record.paused ? 'paused' : 'queued', doneBytes, verified: record.kept.length, file: null, error: null, nextAttemptMs: null, speed: null });
    pump();
  };

  const takeUp = async (name: string): Promise<void> => {
    const folder = join(root, downloadsName, name);
    const record = await readDownload(join(folder, 'download.json'));
    // Trash of a removal, or a folder whose order was never written: nobody continues it.
    if (record === null || record.id !== name) return rm(folder, { recursive: true, force: true });
    const installed = (await findInstalled(root)).some((model) => model.record.repo === record.repo && model.record.commit === record.commit);
    // Stopped between the rename and the clearing away.
    if (record.kind === 'install' && installed) return rm(folder, { recursive: true, force: true });
    if (!entries.has(record.id)) await begin(record, await durableBytes(record, folder));
  };

  const takeUpAll = async (): Promise<void> => {
    await opened();
    for (const name of await readdir(join(root, downloadsName)).catch(() => [])) if (!stopped) await takeUp(name);
  };

  const refuseUnservable = (repo: string, commit: string, role: number, files: readonly PlannedFile[]): void => {
    const refusal = files.length === 0 ? 'it has no graph in this quantisation' : deps.refuses(manifestOf({ repo, commit, role }, files.map((file) => ({ ...file, sha256: '0'.repeat(64) }))));
    if (refusal !== null) throw new AppError('models.unsupported', { detail: refusal });
  };

  const list = async (repo: string, revision: string) => {
    if (!isRepoName(repo)) throw new AppError('models.bad_repo');
    const control = new AbortController();
    const callOff = schedule(lookTimeoutMs, () => control.abort(new AppError('models.host_unreachable', { host: new URL(settings.host()).host })));
    return host.list(repo, revision, control.signal).finally(callOff);
  };

  return {
    start() {
      const ran = takeUpAll();
      takenUp = ran.catch(() => undefined); // the caller of `start` gets the error
      return ran;
    },
    async stop() {
      stopped = true;
      await takenUp;
      pending?.();
      if (active !== null) await halt(active.id);
    },
    async installed() {
      await opened();
      return (await findInstalled(root)).map(viewOfInstalled);
    },
    downloads: () => [...entries.values()].sort((a, b) => a.record.createdMs - b.record.createdMs).map(viewOf),
    freeBytes: async () => {
      await opened();
      return deps.freeBytes(root).catch(() => null);
    },
    settings: () => ({ host: settings.host(), hasToken: settings.hasToken() }),
    async setSettings({ host: text, token }) {
      const url = readHostUrl(text);
      const moved = readHostUrl(settings.host()).origin !== url.origin;
      // A token is for the host that it was given for.
      const next = token === undefined && moved ? null : token;
      if (next !== undefined && (next !== null || settings.hasToken())) await settings.setToken(next);
      settings.setHost(url.href.replace(/\/$/, ''));
      announce();
    },
    async look(repo, revision) {
      await opened();
      const listing = await list(repo, revision);
      const installed = (await findInstalled(root)).some(({ record }) => record.repo === repo && record.commit === listing.commit);
      return offerOf(listing, { installed, freeBytes: await deps.freeBytes(root).catch(() => null), refuses: deps.refuses });
    },
    async download({ repo, commit, quantisation, role }) {
      await opened();
      await takenUp;
      const id = downloadId(repo, commit);
      if (entries.has(id)) return;
      if ((await findInstalled(root)).some(({ record }) => record.repo === repo && record.commit === commit)) throw new AppError('models.exists');
      const files = selectFiles(await list(repo, commit), quantisation);
      refuseUnservable(repo, commit, role, files);
      if (!entries.has(id)) await begin({ version: 1, id, kind: 'install', repo, commit, role, quantisation, files, kept: [], paused: false, createdMs: now() }, 0);
    },
    async pause(id) {
      const entry = need(id);
      entry.record = { ...entry.record, paused: true };
      await save(entry.record);
      await halt(id);
      if (entries.has(id)) set(entry, { state: 'paused', error: null, nextAttemptMs: null, file: null, speed: null });
    },
    async resume(id) {
      const entry = need(id);
      if (active?.id === id) return;
      entry.record = { ...entry.record, paused: false };
      await save(entry.record);
      set(entry, { state: 'queued', error: null });
      pump();
    },
    async cancel(id) {
      const entry = need(id);
      entry.state = 'paused'; // it is not begun again while it ends
      await halt(id);
      entries.delete(id);
      await onDisk(rm(folderOf(id), { recursive: true, force: true }));
      announce();
    },
    async repair(modelId) {
      await opened();
      await takenUp;
      const { record } = await needInstalled(root, modelId);
      const { repo, commit, role, quantisation, files } = record;
      const id = downloadId(repo, commit);
      if (entries.has(id)) return;
      await begin({ version: 1, id, kind: 'repair', repo, commit, role, quantisation, files, kept: [], paused: false, createdMs: now() }, 0);
    },
    async remove(modelId) {
      await opened();
      await takenUp;
      const found = await needInstalled(root, modelId);
      const id = downloadId(found.record.repo, found.record.commit);
      if (entries.has(id)) await this.cancel(id);
      await removeInstalled(root, found);
      log.info('models.removed', { model: modelId });
      deps.installedChanged();
      announce();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function viewOf({ record, state, doneBytes, verified, file, error, nextAttemptMs, speed }: Entry): ModelDownloadView {
  const all = [...record.files, ...record.kept];
  return {
    id: record.id,
    kind: record.kind,
    name: record.repo,
    revision: record.commit,
    quantisation: record.quantisation,
    state,
    totalBytes: all.reduce((sum, one) => sum + one.sizeBytes, 0),
    doneBytes,
    bytesPerSecond: state === 'downloading' ? (speed?.bytesPerSecond() ?? null) : null,
    files: all.length,
    filesVerified: verified,
    file,
    error: error === null ? null : { code: error.code, message: error.message },
    nextAttemptMs,
  };
}
