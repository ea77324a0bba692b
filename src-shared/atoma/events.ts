/** The events of both generations under one set of names and fields: prices are called `price`, and what a generation never emits it simply never sends (protocol.md 3). */
import type { BcsType } from '@mysten/sui/bcs';
import { G1_EVENTS } from './g1-events.ts';
import { G2_EVENTS } from './g2-events.ts';

type Layout<T> = BcsType<T, T>;
/** A node's offer on a task, made or changed; `price` is for {@link AtomaConstants.priceUnit} units. */
export type SubscriptionEvent = {
  taskSmallId: bigint;
  nodeSmallId: bigint;
  price: bigint;
  maxNumComputeUnits: bigint;
};
/** A purchase; `price` is for {@link AtomaConstants.priceUnit} units. */
export type StackCreatedEvent = typeof G1_EVENTS.StackCreatedEvent.$inferType;
type Priced = 'NodeSubscribedToTaskEvent' | 'NodeSubscriptionUpdatedEvent' | 'StackCreatedEvent';

/** Layouts by event name. */
export type EventLayouts = Omit<typeof G2_EVENTS, Priced> & {
  readonly NodeSubscribedToTaskEvent: Layout<SubscriptionEvent>;
  readonly NodeSubscriptionUpdatedEvent: Layout<SubscriptionEvent>;
  readonly StackCreatedEvent: Layout<StackCreatedEvent>;
};

/** Name of an event of either generation. */
export type EventName = keyof EventLayouts;
/** Fields of an event by its name, the same in both generations. */
export type EventFields = { [K in EventName]: EventLayouts[K]['$inferType'] };

const perUnit = {
  input: ({ price, ...rest }: SubscriptionEvent) => ({ ...rest, pricePerComputeUnit: price }),
  output: ({
    pricePerComputeUnit: price,
    ...rest
  }: Omit<SubscriptionEvent, 'price'> & { pricePerComputeUnit: bigint }) => ({
    ...rest,
    price,
  }),
};
const perMillion = {
  input: ({ price, ...rest }: SubscriptionEvent) => ({ ...rest, pricePerOneMillionComputeUnits: price }),
  output: ({
    pricePerOneMillionComputeUnits: price,
    ...rest
  }: Omit<SubscriptionEvent, 'price'> & { pricePerOneMillionComputeUnits: bigint }) => ({ ...rest, price }),
};

/** Events of G1 in the common fields. */
export const G1_EVENT_LAYOUTS: EventLayouts = {
  ...G2_EVENTS,
  ...G1_EVENTS,
  NodeSubscribedToTaskEvent: G1_EVENTS.NodeSubscribedToTaskEvent.transform(perUnit),
  NodeSubscriptionUpdatedEvent: G1_EVENTS.NodeSubscriptionUpdatedEvent.transform(perUnit),
};

/** Events of G2 in the common fields. */
export const G2_EVENT_LAYOUTS: EventLayouts = {
  ...G2_EVENTS,
  NodeSubscribedToTaskEvent: G2_EVENTS.NodeSubscribedToTaskEvent.transform(perMillion),
  NodeSubscriptionUpdatedEvent: G2_EVENTS.NodeSubscriptionUpdatedEvent.transform(perMillion),
  StackCreatedEvent: G2_EVENTS.StackCreatedEvent.transform({
    input: ({ price, ...rest }: StackCreatedEvent) => ({ ...rest, pricePerOneMillionComputeUnits: price }),
    output: ({ pricePerOneMillionComputeUnits: price, ...rest }): StackCreatedEvent => ({ ...rest, price }),
  }),
};
