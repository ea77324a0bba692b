/** Keeps only the fields of a message that a read mask names (Sui rpc v2: a response has nothing but what the mask asks for). */
import type { IMessageType, PartialMessage } from '@protobuf-ts/runtime';
import { invalid } from './grpc-error.ts';

type Fields = Record<string, unknown>;

const parsed = new WeakMap<readonly string[], ReadonlyMap<string, readonly string[]>>();

/** Paths by their first name. A list's answer masks a thousand messages with one array, so the split is kept beside it. */
const subPaths = (paths: readonly string[]): ReadonlyMap<string, readonly string[]> => {
  const known = parsed.get(paths);
  if (known) return known;
  const byField = new Map<string, string[]>();
  for (const path of paths) {
    const dot = path.indexOf('.');
    const head = dot < 0 ? path : path.slice(0, dot);
    const rest = byField.get(head) ?? [];
    // '*' stands for the whole field and wins over any narrower path beside it.
    byField.set(head, [...rest, dot < 0 ? '*' : path.slice(dot + 1)]);
  }
  parsed.set(paths, byField);
  return byField;
};

/** Throws INVALID_ARGUMENT for a path that the message does not have. */
const checkNames = <T extends object>(type: IMessageType<T>, wanted: ReadonlyMap<string, readonly string[]>): void => {
  for (const [name, below] of wanted) {
    const field = type.fields.find((one) => one.name === name);
    const goesDeeper = below.some((path) => path !== '*');
    if (!field || (goesDeeper && field.kind !== 'message')) throw invalid(`invalid read_mask path: ${name}`);
  }
};

/** A copy of `message` with the fields of `paths` (proto names, dotted); '*' keeps everything. */
export const applyMask = <T extends object>(type: IMessageType<T>, message: T, paths: readonly string[]): T => {
  if (paths.includes('*')) return message;
  const wanted = subPaths(paths);
  checkNames(type, wanted);
  const kept: Fields = {};
  for (const field of type.fields) {
    const below = wanted.get(field.name);
    if (!below) continue;
    const holder = field.oneof === undefined ? (message as Fields) : ((message as Fields)[field.oneof] as Fields);
    const value = holder[field.localName];
    if (value === undefined) continue;
    const narrow = (one: unknown): unknown =>
      field.kind === 'message' ? applyMask(field.T() as IMessageType<object>, one as object, below) : one;
    const result = Array.isArray(value) ? value.map(narrow) : narrow(value);
    if (field.oneof === undefined) kept[field.localName] = result;
    else kept[field.oneof] = { oneofKind: field.localName, [field.localName]: result };
  }
  return type.create(kept as PartialMessage<T>);
};

/** Paths of a request's mask, or the default that the protocol names for the call. */
export const pathsOf = (
  mask: { readonly paths: readonly string[] } | undefined,
  byDefault: string,
): readonly string[] => (mask && mask.paths.length > 0 ? mask.paths : byDefault.split(','));
