/** A Hugging Face-shaped host on loopback that can drop, lie, truncate, stall, ignore ranges, be busy and redirect, as a test asks of it. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type ServedFile = { path: string; bytes: Uint8Array; lfs?: boolean };
/** What the server does to one request for a file. Anything left out is done as it should be. */
export type Fault =
  | { kind: 'drop'; afterBytes: number }
  | { kind: 'truncate'; afterBytes: number }
  | { kind: 'stall'; afterBytes: number }
  | { kind: 'wrong_bytes' }
  | { kind: 'wrong_total'; totalBytes: number }
  | { kind: 'wrong_range' }
  | { kind: 'too_long' }
  | { kind: 'encoded' }
  | { kind: 'no_ranges' }
  | { kind: 'status'; status: number; headers?: Record<string, string> }
  | { kind: 'redirect'; to: string };

export type Seen = { path: string; range: string | null; authorization: string | null; host: string };

export type ModelHostServer = {
  url: string;
  /** Requests in their order, also those for the list. */
  seen: Seen[];
  /** Asked for each request of a file; null serves it well. `nth` counts the requests of that path from 0. */
  fault: (path: string, nth: number, range: string | null) => Fault | null;
  /** What the list says, before it is sent; a test bends it. */
  bendList: (list: Record<string, unknown>) => unknown;
  listFault: Fault | null;
  close(): Promise<void>;
};

const sha1 = (bytes: Uint8Array): string => createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The list of a repository as such hosts write it with `blobs=true`. */
export const listOf = (repo: string, commit: string, files: readonly ServedFile[], task = 'text-generation'): Record<string, unknown> => ({
  id: repo,
  sha: commit,
  pipeline_tag: task,
  siblings: files.map(({ path, bytes, lfs }) => ({
    rfilename: path,
    size: bytes.length,
    blobId: lfs === true ? sha1(new TextEncoder().encode('a pointer')) : sha1(bytes),
    ...(lfs === true ? { lfs: { sha256: sha256(bytes), size: bytes.length, pointerSize: 134 } } : {}),
  })),
});

/** Starts a host with one repository at one commit. */
export async function startModelHost(options: { repo: string; commit: string; files: ServedFile[] }): Promise<ModelHostServer> {
  const { repo, commit, files } = options;
  const counts = new Map<string, number>();
  const server = createServer((request, response) => void answer(request, response));
  const self: ModelHostServer = {
    url: '',
    seen: [],
    fault: () => null,
    bendList: (list) => list,
    listFault: null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://x');
    const path = decodeURIComponent(url.pathname);
    const range = request.headers.range ?? null;
    self.seen.push({ path, range, authorization: request.headers.authorization ?? null, host: request.headers.host ?? '' });
    if (path.startsWith(`/api/models/${repo}/revision/`)) {
      if (self.listFault !== null) return void misbehave(response, self.listFault, new Uint8Array(0), 0, 0);
      response.setHeader('content-type', 'application/json');
      return void response.end(JSON.stringify(self.bendList(listOf(repo, commit, files))));
    }
    const prefix = `/${repo}/resolve/${commit}/`;
    const file = path.startsWith(prefix) ? files.find((one) => one.path === path.slice(prefix.length)) : undefined;
    if (file === undefined) return void response.writeHead(404).end();
    const nth = counts.get(file.path) ?? 0;
    counts.set(file.path, nth + 1);
    serve(response, file, range, self.fault(file.path, nth, range));
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  self.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return self;
}

function serve(response: ServerResponse, { bytes }: ServedFile, range: string | null, fault: Fault | null): void {
  const asked = fault?.kind === 'no_ranges' ? null : /^bytes=(\d+)-(\d+)$/.exec(range ?? '');
  const [start, end] = asked === null ? [0, bytes.length] : [Number(asked[1]), Math.min(Number(asked[2]) + 1, bytes.length)];
  if (asked !== null && start >= bytes.length) return void response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
  if (fault !== null && fault.kind !== 'no_ranges') return misbehave(response, fault, bytes, start, end);
  send(response, bytes, start, end, asked !== null);
}

function send(response: ServerResponse, bytes: Uint8Array, start: number, end: number, partial: boolean): void {
  response.writeHead(partial ? 206 : 200, { 'content-length': end - start, ...(partial ? { 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` } : {}) });
  response.end(bytes.subarray(start, end));
}

function misbehave(response: ServerResponse, fault: Fault, bytes: Uint8Array, start: number, end: number): void {
  const head = (over: Record<string, string | number> = {}): void =>
    void response.writeHead(206, { 'content-length': end - start, 'content-range': `bytes ${start}-${end - 1}/${bytes.length}`, ...over });
  switch (fault.kind) {
    case 'status':
      return void response.writeHead(fault.status, fault.headers).end();
    case 'redirect':
      return void response.writeHead(302, { location: fault.to }).end();
    case 'drop':
      head();
      // Destroyed once the bytes have left: before that, they would be lost with the line.
      return void response.write(bytes.subarray(start, Math.min(end, start + fault.afterBytes)), () => response.destroy());
    case 'stall':
      head();
      return void response.write(bytes.subarray(start, Math.min(end, start + fault.afterBytes)));
    case 'truncate':
      // An honest length of a dishonest part: the body ends in order, too early.
      response.writeHead(206, { 'content-length': Math.min(end - start, fault.afterBytes), 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` });
      return void response.end(bytes.subarray(start, Math.min(end, start + fault.afterBytes)));
    case 'wrong_bytes':
      head();
      return void response.end(bytes.subarray(start, end).map((byte) => byte ^ 0x55));
    case 'wrong_total':
      head({ 'content-range': `bytes ${start}-${end - 1}/${fault.totalBytes}` });
      return void response.end(bytes.subarray(start, end));
    case 'wrong_range':
      head({ 'content-range': `bytes ${start + 1}-${end}/${bytes.length}` });
      return void response.end(bytes.subarray(start, end));
    case 'too_long':
      head({ 'content-length': end - start + 7 });
      return void response.end(Buffer.concat([bytes.subarray(start, end), new Uint8Array(7)]));
    case 'encoded':
      head({ 'content-encoding': 'gzip' });
      return void response.end(bytes.subarray(start, end));
    case 'no_ranges':
      return send(response, bytes, 0, bytes.length, false);
  }
}
