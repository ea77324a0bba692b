/** Chooses which files of a repository make a model in one quantisation, and where they go in its folder (product.md, Models). */
import { quantisationSchema, type Quantisation } from '../../src-shared/bridge/model-calls.ts';
import type { HostFile, Listing, PlannedFile } from './types.ts';

/** Endings of graph names, as the field names its precisions. */
const endings: Record<Quantisation, string> = { fp32: '', fp16: '_fp16', q8: '_quantized', int8: '_int8', uint8: '_uint8', q4: '_q4', q4f16: '_q4f16', bnb4: '_bnb4' };

/** Files beside the graphs that a model is read with; weights of other formats, images and read-mes are left out. */
const companion = /^[^/]+\.(json|txt|model|jinja)$/i;
/** Names that the store writes itself. */
const ownNames = ['model.json', 'store.json'];
const graphName = /^onnx\/([^/]+)\.onnx$/;
const dataName = /^onnx\/([^/]+)\.onnx_data(_\d+)?$/;

/** Role numbers of the contract by the host's task names. */
const roles: Record<string, number> = {
  'text-generation': 0,
  conversational: 0,
  'feature-extraction': 1,
  'sentence-similarity': 1,
  'image-text-to-text': 2,
  'image-to-text': 2,
  'text-to-image': 3,
  'text-to-speech': 4,
  'text-to-audio': 4,
  'automatic-speech-recognition': 5,
};

/** The role that the host's task name means, or null. */
export const roleOf = (task: string | null): number | null => (task !== null && Object.hasOwn(roles, task) ? roles[task]! : null);

type Graph = { file: HostFile; base: string; quantisation: Quantisation };

const suffixed = quantisationSchema.options.filter((one) => endings[one] !== '').sort((a, b) => endings[b].length - endings[a].length);

function graphOf(file: HostFile): Graph | null {
  const stem = graphName.exec(file.path)?.[1];
  if (stem === undefined) return null;
  const quantisation = suffixed.find((one) => stem.endsWith(endings[one])) ?? 'fp32';
  return { file, base: stem.slice(0, stem.length - endings[quantisation].length), quantisation };
}

/** Quantisations in which every graph of the repository is there, the exact one first. */
export function quantisationsOf({ files }: Listing): Quantisation[] {
  const graphs = files.map(graphOf).filter((graph) => graph !== null);
  const bases = new Set(graphs.map(({ base }) => base));
  return quantisationSchema.options.filter((one) => bases.size > 0 && [...bases].every((base) => graphs.some((graph) => graph.base === base && graph.quantisation === one)));
}

/** The files of a model in one quantisation; empty when the repository does not have it. */
export function selectFiles(listing: Listing, quantisation: Quantisation): PlannedFile[] {
  if (!quantisationsOf(listing).includes(quantisation)) return [];
  const graphs = listing.files.map(graphOf).filter((graph) => graph?.quantisation === quantisation) as Graph[];
  // The data file's name stands inside the graph, so it keeps it; the graph itself is found by one name whatever its precision.
  const data = listing.files.filter(({ path }) => graphs.some(({ file }) => dataName.test(path) && path.startsWith(`${file.path}_data`)));
  const companions = listing.files.filter(({ path }) => companion.test(path) && !ownNames.includes(path.toLowerCase()));
  const keep = (file: HostFile): PlannedFile => ({ ...file, target: file.path });
  return [...companions.map(keep), ...graphs.map(({ file, base }) => ({ ...file, target: `onnx/${base}.onnx` })), ...data.map(keep)];
}

/** Bytes of graphs and their data: what has to lie in memory. */
export const weightBytes = (files: readonly { target: string; sizeBytes: number }[]): number =>
  files.filter(({ target }) => target.startsWith('onnx/')).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

/** What a model needs while it runs, as an estimate: its weights, and a quarter for activations and the key-value cache of short conversations; 64 MiB at least for the runtime. */
export const vramEstimate = (files: readonly { target: string; sizeBytes: number }[]): number => Math.ceil(weightBytes(files) * 1.25) + 64 * 1024 * 1024;
