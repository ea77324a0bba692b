/** Filters of the list and subscription calls (Sui rpc v2: terms are joined by "or", literals within a term by "and") and the index that serves each. */
import type { GrpcTypes as T } from '@mysten/sui/grpc';
import { isValidSuiAddress, normalizeStructTag, normalizeSuiAddress } from '@mysten/sui/utils';
import { invalid } from './grpc-error.ts';
import type { EventRow } from './ledger-rows.ts';
import type { ScanKey } from './ledger-scan.ts';

/** The full form of a `::` path; INVALID_ARGUMENT unless it begins with an address and has at most `parts` parts. */
const path = (text: string | undefined, parts: number, field: string): string => {
  const [address = '', ...rest] = (text ?? '').split('::');
  const full = normalizeSuiAddress(address);
  if (address === '' || !isValidSuiAddress(full) || rest.length >= parts || rest.includes(''))
    throw invalid(`invalid filter ${field}: ${text ?? ''}`);
  return [full, ...rest].join('::');
};

const addressOf = (text: string | undefined, field: string): string => path(text, 1, field);

const typePath = (text: string | undefined): string => {
  if (!text?.includes('<')) return path(text, 3, 'event_type');
  try {
    return normalizeStructTag(text);
  } catch {
    throw invalid(`invalid filter event_type: ${text}`);
  }
};

const within = (name: string, wanted: string): boolean =>
  name === wanted || name.startsWith(`${wanted}::`) || name.startsWith(`${wanted}<`);

/** What a filter looks at in an event. */
export type EventFacts = Pick<EventRow, 'sender' | 'type' | 'packageId' | 'module'>;
type Test<F> = (facts: F) => boolean;
interface Literal<P> {
  readonly negated: boolean;
  readonly predicate: P;
}

/** Joins a filter's terms. INVALID_ARGUMENT for a filter without terms or a term without literals. */
const compile = <P, F>(
  filter: { readonly terms: readonly { readonly literals: readonly Literal<P>[] }[] } | undefined,
  testOf: (predicate: P) => Test<F>,
): Test<F> => {
  if (!filter) return () => true;
  if (filter.terms.length === 0 || filter.terms.some((term) => term.literals.length === 0))
    throw invalid('a filter needs at least one term and every term a literal');
  const terms = filter.terms.map((term) =>
    term.literals.map(({ negated, predicate }) => ({ negated, test: testOf(predicate) })),
  );
  return (facts) => terms.some((term) => term.every(({ negated, test }) => test(facts) !== negated));
};

const unsupported = (kind: string | undefined): never => {
  throw invalid(kind === undefined ? 'a filter literal needs a predicate' : `the sandbox does not filter by ${kind}`);
};

const eventTest = (predicate: T.EventLiteral['predicate']): Test<EventFacts> => {
  switch (predicate.oneofKind) {
    case 'sender': {
      const address = addressOf(predicate.sender.address, 'sender');
      return ({ sender }) => sender === address;
    }
    case 'eventType': {
      const wanted = typePath(predicate.eventType.eventType);
      return ({ type }) => within(type, wanted);
    }
    case 'emitModule': {
      const wanted = path(predicate.emitModule.module, 2, 'emit_module');
      return ({ packageId, module }) => within(`${packageId}::${module}`, wanted);
    }
    default:
      return unsupported(predicate.oneofKind);
  }
};

/** Tells whether an event passes the filter. Throws INVALID_ARGUMENT for a filter that says nothing or something unknown. */
export const eventFilter = (filter: T.EventFilter | undefined): Test<EventFacts> => compile(filter, eventTest);

const eventKey = ({ literals }: T.EventTerm): ScanKey | null => {
  for (const { negated, predicate } of literals) {
    if (negated) continue;
    if (predicate.oneofKind === 'eventType') {
      const type = typePath(predicate.eventType.eventType);
      if (type.split('::').length > 2) return { by: 'type', type };
    }
    if (predicate.oneofKind === 'sender')
      return { by: 'sender', sender: addressOf(predicate.sender.address, 'sender') };
    if (predicate.oneofKind === 'emitModule') {
      const [packageId = '', module] = path(predicate.emitModule.module, 2, 'emit_module').split('::');
      if (module !== undefined) return { by: 'module', packageId, module };
    }
  }
  return null;
};

/** The indexes in which every match is found, one per term; the order of the ledger when some term has none. */
export const eventKeys = (filter: T.EventFilter | undefined): readonly ScanKey[] => {
  const keys = (filter?.terms ?? []).map(eventKey);
  const found = keys.filter((key) => key !== null);
  return found.length === keys.length && found.length > 0 ? found : [{ by: 'position' }];
};

const callTest = (wanted: string): Test<T.ExecutedTransaction> => {
  return ({ transaction }) => {
    const data = transaction?.kind?.data;
    if (data?.oneofKind !== 'programmableTransaction') return false;
    return data.programmableTransaction.commands.some(
      ({ command }) =>
        command.oneofKind === 'moveCall' &&
        within(`${command.moveCall.package}::${command.moveCall.module}::${command.moveCall.function}`, wanted),
    );
  };
};

const someEvent =
  (test: Test<EventFacts>): Test<T.ExecutedTransaction> =>
  ({ events }) =>
    (events?.events ?? []).some(({ sender = '', eventType: type = '', packageId = '', module = '' }) =>
      test({ sender, type, packageId, module }),
    );

const transactionTest = (predicate: T.TransactionLiteral['predicate']): Test<T.ExecutedTransaction> => {
  switch (predicate.oneofKind) {
    case 'sender': {
      const address = addressOf(predicate.sender.address, 'sender');
      return ({ transaction }) => transaction?.sender === address;
    }
    case 'moveCall':
      return callTest(path(predicate.moveCall.function, 3, 'move_call'));
    case 'eventType':
    case 'emitModule':
      return someEvent(eventTest(predicate));
    case 'affectedObject': {
      const id = addressOf(predicate.affectedObject.objectId, 'affected_object');
      return ({ effects }) => (effects?.changedObjects ?? []).some((one) => one.objectId === id);
    }
    case 'affectedAddress': {
      const address = addressOf(predicate.affectedAddress.address, 'affected_address');
      return ({ effects }) =>
        (effects?.changedObjects ?? []).some(
          (one) => one.inputOwner?.address === address || one.outputOwner?.address === address,
        );
    }
    case 'packageWrite':
      return () => false;
    default:
      return unsupported(predicate.oneofKind);
  }
};

/** Tells whether a transaction passes the filter. Throws INVALID_ARGUMENT like {@link eventFilter}. */
export const transactionFilter = (filter: T.TransactionFilter | undefined): Test<T.ExecutedTransaction> =>
  compile(filter, transactionTest);

/** The index of a transaction filter: its sender where every term names one, else the order of the ledger. */
export const transactionKeys = (filter: T.TransactionFilter | undefined): readonly ScanKey[] => {
  const keys = (filter?.terms ?? []).map(({ literals }): ScanKey | null => {
    for (const { negated, predicate } of literals) {
      if (!negated && predicate.oneofKind === 'sender')
        return { by: 'sender', sender: addressOf(predicate.sender.address, 'sender') };
    }
    return null;
  });
  const found = keys.filter((key) => key !== null);
  return found.length === keys.length && found.length > 0 ? found : [{ by: 'position' }];
};
