/** Finds model folders and verifies size and SHA-256 of every file before a model counts as ready (product.md, Models; a mismatch is never loaded). */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import { z } from 'zod';
import type { ReadyModel } from './types.ts';

/** The graph's place in every model folder. */
export const GRAPH_FILE = 'onnx/model.onnx';

/** Folders below a root that are searched: `<owner>/<model>`, one spare. */
const SEARCH_DEPTH = 3;

const insideFolder = (path: string): boolean => {
  const clean = normalize(path);
  return (
    path !== '' && !path.startsWith('/') && !/^[a-z]:/i.test(path) && clean !== '..' && !clean.startsWith(`..${sep}`)
  );
};

const fileSchema = z.strictObject({
  path: z.string().refine(insideFolder, 'a path inside the model folder'),
  sizeBytes: z.number().int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const isGraph = (path: string): boolean => /^onnx\/[^/]+\.onnx$/.test(path);

/** Why this console cannot run models of a role by itself, or null (protocol.md 5.1). */
export function refusedRole(role: number): string | null {
  if ([0, 1, 2, 4, 5].includes(role)) return null;
  if (role === 3) return 'image generation runs on an external engine; this console has no pipeline of its own for it';
  if (role === 6 || role === 7) return 'fine tuning and training are not served by this version';
  return `role ${role} is not known`;
}

/** Graphs of a folder, by path. */
export async function graphFiles(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, 'onnx'));
  return names.filter((name) => name.endsWith('.onnx')).sort().map((name) => join(folder, 'onnx', name));
}

/** model.json: what the model is and what its files must be. */
export const modelManifestSchema = z
  .strictObject({
    name: z.string().regex(/^[\w.-]+(\/[\w.-]+)*$/),
    revision: z.string().regex(/^[0-9a-f]{12,64}$/),
    role: z.number().int().min(0),
    files: z.array(fileSchema).min(1),
    vramBytes: z.number().int().min(0),
  })
  .superRefine((manifest, context) => {
    const refusal = refusedRole(manifest.role);
    if (refusal !== null) context.addIssue({ code: 'custom', path: ['role'], message: refusal });
    // Models of more parts than one have a graph for each.
    else if (manifest.role === 0 ? !manifest.files.some(({ path }) => path === GRAPH_FILE) : !manifest.files.some(({ path }) => isGraph(path)))
      context.addIssue({ code: 'custom', path: ['files'], message: `files must name ${GRAPH_FILE}` });
  });

/** Why a folder is not a ready model. */
export type FolderProblem = { folder: string; detail: string };

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part as Uint8Array);
  return hash.digest('hex');
}

/** The model of a folder once every file was read and matched; otherwise what is wrong, in words for the log. */
export async function verifyModelFolder(folder: string): Promise<ReadyModel | FolderProblem> {
  const text = await readFile(join(folder, 'model.json'), 'utf8').catch(() => null);
  if (text === null) return { folder, detail: 'model.json cannot be read' };
  const manifest = parseManifest(text);
  if (typeof manifest === 'string') return { folder, detail: manifest };
  for (const file of manifest.files) {
    const path = join(folder, file.path);
    const size = await stat(path).then(
      (s) => (s.isFile() ? s.size : null),
      () => null,
    );
    if (size === null) return { folder, detail: `${file.path} is missing` };
    if (size !== file.sizeBytes) return { folder, detail: `${file.path} has ${size} bytes, not ${file.sizeBytes}` };
    const sha256 = await sha256Of(path).catch(() => null);
    if (sha256 !== file.sha256) return { folder, detail: `${file.path} does not match its SHA-256` };
  }
  return readyModel(folder, manifest);
}

function parseManifest(text: string): z.infer<typeof modelManifestSchema> | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'model.json is not JSON';
  }
  const parsed = modelManifestSchema.safeParse(value);
  return parsed.success ? parsed.data : `model.json: ${z.prettifyError(parsed.error)}`;
}

function readyModel(folder: string, manifest: z.infer<typeof modelManifestSchema>): ReadyModel {
  return {
    id: `${manifest.name}@${manifest.revision}`,
    name: manifest.name,
    revision: manifest.revision,
    sizeBytes: manifest.files.reduce((sum, file) => sum + file.sizeBytes, 0),
    sha256: graphHash(manifest.files),
    folder,
    role: manifest.role,
    vramBytes: manifest.vramBytes,
  };
}

/** SHA-256 of the graph; of several, SHA-256 over their hashes in order of path. */
function graphHash(files: z.infer<typeof modelManifestSchema>['files']): string {
  const graphs = files.filter(({ path }) => isGraph(path)).sort((a, b) => (a.path < b.path ? -1 : 1));
  const [first] = graphs;
  return graphs.length === 1 && first ? first.sha256 : createHash('sha256').update(graphs.map(({ sha256 }) => sha256).join('')).digest('hex');
}

/** Every folder below the roots that holds a model.json, in order of path. A root that does not exist holds none. */
export async function findModelFolders(roots: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const search = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    if (entries.some((entry) => entry.isFile() && entry.name === 'model.json')) {
      found.push(folder);
      return;
    }
    if (depth === SEARCH_DEPTH) return;
    for (const entry of entries) if (entry.isDirectory()) await search(join(folder, entry.name), depth + 1);
  };
  for (const root of roots) await search(root, 0);
  return found.sort();
}
