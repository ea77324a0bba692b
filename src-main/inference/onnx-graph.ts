/**
 * Adds a step's own cache entries to a decoder graph's outputs, so that decoding need not carry the whole cache out of every step
 * (product.md, Budgets: generation speed). Reads and writes just as much of the ONNX protobuf format as that takes.
 */

/** A length-delimited field: its number and where its payload lies. */
type Field = { number: number; start: number; end: number; from: number };

const LENGTH_DELIMITED = 2;
/** Field numbers of onnx.proto. */
const MODEL_GRAPH = 7;
const GRAPH_NODE = 1;
const GRAPH_INPUT = 11;
const GRAPH_OUTPUT = 12;
const NODE_INPUT = 1;
const NODE_OUTPUT = 2;
const NODE_OP_TYPE = 4;
const ELEMENT_TYPES = { float32: 1, float16: 10 } as const;

function readVarint(bytes: Uint8Array, at: number): { value: number; next: number } {
  let value = 0;
  let factor = 1;
  for (let next = at; next < bytes.length; next++) {
    const byte = bytes[next] as number;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return { value, next: next + 1 };
    factor *= 128;
  }
  throw new Error('the graph file ends too early');
}

/** Length-delimited fields of the message between `start` and `end`; the others are stepped over. */
function* fields(bytes: Uint8Array, start: number, end: number): Generator<Field> {
  for (let at = start; at < end;) {
    const from = at;
    const tag = readVarint(bytes, at);
    const [number, wire] = [Math.floor(tag.value / 8), tag.value % 8];
    if (wire === LENGTH_DELIMITED) {
      const length = readVarint(bytes, tag.next);
      at = length.next + length.value;
      if (at > end) throw new Error('the graph file ends too early');
      yield { number, start: length.next, end: at, from };
    } else if (wire === 0) at = readVarint(bytes, tag.next).next;
    else if (wire === 1) at = tag.next + 8;
    else if (wire === 5) at = tag.next + 4;
    else throw new Error(`the graph file has a field of wire type ${wire}`);
  }
}

const varint = (value: number): number[] => (value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]);
const delimited = (number: number, payload: readonly number[]): number[] => [number * 8 + LENGTH_DELIMITED, ...varint(payload.length), ...payload];

/** A ValueInfoProto of a tensor with this name and element type, no shape given. */
function valueInfo(name: string, type: keyof typeof ELEMENT_TYPES): number[] {
  const tensor = [1 * 8, ELEMENT_TYPES[type]];
  return [...delimited(1, [...new TextEncoder().encode(name)]), ...delimited(2, delimited(1, tensor))];
}

/** Names and kinds of the graph's nodes by the tensor they make first; of an attention that keeps the cache itself, by all it makes. */
function makers(bytes: Uint8Array, graph: Field): Map<string, { kind: string; inputs: readonly string[] }> {
  const found = new Map<string, { kind: string; inputs: readonly string[] }>();
  const text = ({ start, end }: Field): string => new TextDecoder().decode(bytes.subarray(start, end));
  for (const node of fields(bytes, graph.start, graph.end)) {
    if (node.number !== GRAPH_NODE) continue;
    const parts = [...fields(bytes, node.start, node.end)];
    const of = (number: number): string[] => parts.filter((part) => part.number === number).map(text);
    const kind = of(NODE_OP_TYPE)[0] ?? '';
    for (const output of of(NODE_OUTPUT)) found.set(output, { kind, inputs: of(NODE_INPUT) });
  }
  return found;
}

/** Element type of a ValueInfoProto: its type's first field is the tensor, whose first field is the element type. */
function elementType(bytes: Uint8Array, type: Field): number | null {
  const [tensor] = fields(bytes, type.start, type.end);
  return tensor && bytes[tensor.start] === 1 * 8 ? readVarint(bytes, tensor.start + 1).value : null;
}

/** A cache tensor of the graph: input and output name and element type. */
type CacheTensor = { past: string; present: string; type: keyof typeof ELEMENT_TYPES };

function cacheTensors(file: Uint8Array, graph: Field): CacheTensor[] {
  const tensors: CacheTensor[] = [];
  for (const input of fields(file, graph.start, graph.end)) {
    if (input.number !== GRAPH_INPUT) continue;
    const [name, type] = [...fields(file, input.start, input.end)];
    const past = name ? new TextDecoder().decode(file.subarray(name.start, name.end)) : '';
    const match = /^past_key_values\.(\d+\.(?:key|value))$/.exec(past);
    if (!match || !type) continue;
    const half = elementType(file, type) === ELEMENT_TYPES.float16;
    tensors.push({ past, present: `present.${match[1]}`, type: half ? 'float16' : 'float32' });
  }
  return tensors;
}

/** Where a run's own cache entries are found: in an output of their own, or in the whole cache at its end or at the row's length. */
export type AddedEntries = { output: string; at: 'own' | 'end' | 'length' };

/**
 * The graph with one output more for each cache tensor: what the run itself adds to it. Where the cache does not grow by a plain Concat of
 * past and new entries, the file stays as it is and the whole cache tells; GroupQueryAttention puts a row's entry behind those that its mask counts.
 * @returns the file to load, and for each cache input where its new entries are found
 */
export function exposeNewEntries(file: Uint8Array): { file: Uint8Array; added: Map<string, AddedEntries> } {
  const graph = [...fields(file, 0, file.length)].find(({ number }) => number === MODEL_GRAPH);
  if (!graph) throw new Error('the file holds no graph');
  const tensors = cacheTensors(file, graph);
  const made = makers(file, graph);
  const outputs = tensors.flatMap(({ past, present }) => {
    const { kind, inputs = [] } = made.get(present) ?? {};
    return kind === 'Concat' && inputs.length === 2 && inputs[0] === past ? [inputs[1] as string] : [];
  });
  if (outputs.length < tensors.length || new Set(outputs).size !== outputs.length) {
    const at = (present: string): 'end' | 'length' => (made.get(present)?.kind === 'GroupQueryAttention' ? 'length' : 'end');
    return { file, added: new Map(tensors.map(({ past, present }) => [past, { output: present, at: at(present) }])) };
  }
  const own = tensors.map(({ past }, i): [string, AddedEntries] => [past, { output: outputs[i] as string, at: 'own' }]);
  return { file: withOutputs(file, graph, tensors, outputs), added: new Map(own) };
}

/** The file with these tensors among the graph's outputs. */
function withOutputs(file: Uint8Array, graph: Field, tensors: readonly CacheTensor[], outputs: readonly string[]): Uint8Array {
  const added = tensors.flatMap(({ type }, i) => delimited(GRAPH_OUTPUT, valueInfo(outputs[i] as string, type)));
  const header = [MODEL_GRAPH * 8 + LENGTH_DELIMITED, ...varint(graph.end - graph.start + added.length)];
  const parts = [file.subarray(0, graph.from), header, file.subarray(graph.start, graph.end), added, file.subarray(graph.end)];
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
