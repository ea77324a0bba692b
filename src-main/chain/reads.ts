/** All reads of the contract and the wallet, batched and decoded from BCS (protocol.md 4.2). */
import { fieldLayout, nodeBadgeType, taskBadgeType, address, smallId, withdrawableFees } from '../../src-shared/atoma/index.ts';
import type { AtomaDb, Badge, Contract, SecurityLevel, Stack, StackSettlementTicket, Task } from '../../src-shared/atoma/index.ts';
import { suiCoin } from '../../src-shared/domain/amounts.ts';
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import { AppError } from '../../src-shared/errors.ts';
import { allPages } from './all-pages.ts';
import { isNotFound } from './call-errors.ts';
import type { EpochFact, NodeFact, RecentStack, SubscriberFact, TaskFact } from './chain-facts.ts';
import type { ChainClient } from './client.ts';
import { eventPage, type EventPage } from './event-pages.ts';
import { nodeFieldId, stackFieldId, taskLinkId, ticketLinkId } from './field-ids.ts';

/** Reads of one network. All of them throw what {@link ChainClient.ask} throws; "not there" is null. */
export type Reads = ReturnType<typeof createReads>;

/** What was asked for by its number: there or gone. What was not asked for is not in it. */
export type Presence = { readonly tasks: ReadonlyMap<bigint, boolean>; readonly nodes: ReadonlyMap<bigint, boolean> };

/** Creates the reads; `contract` is the detected generation's table. */
export function createReads(profile: NetworkProfile, { client }: { client: ChainClient }) {
  const packageId = profile.atomaPackageId;

  /** Contents by id; null for what does not exist. */
  const contents = async (ids: readonly string[]): Promise<(Uint8Array | null)[]> => {
    if (ids.length === 0) return [];
    const { objects } = await client.ask((sui, signal) => sui.getObjects({ objectIds: [...ids], include: { content: true }, signal }));
    return objects.map((object) => {
      if (!(object instanceof Error)) return object.content;
      if (isNotFound(object)) return null;
      throw object;
    });
  };
  /** Children of an object table by their link fields. */
  const children = async (linkIds: readonly string[]): Promise<(Uint8Array | null)[]> => {
    const link = fieldLayout(smallId, address);
    const childIds = (await contents(linkIds)).map((bytes) => (bytes === null ? null : link.parse(bytes).value));
    const found = await contents(childIds.filter((id) => id !== null));
    let next = 0;
    return childIds.map((id) => (id === null ? null : (found[next++] ?? null)));
  };

  const subscribers = (task: Task, contract: Contract): Promise<SubscriberFact[]> =>
    allPages(async (cursor) => {
      const page = await client.ask((sui, signal) => sui.listDynamicFields({ parentId: task.subscribedNodes.id, cursor, include: { value: true }, signal }));
      const items = page.dynamicFields.map((field) => {
        const price = contract.objects.NodePriceData.parse(field.value.bcs);
        return { nodeSmallId: price.nodeId, price: price.price, maxComputeUnits: price.maxNumComputeUnits };
      });
      return { items, next: page.hasNextPage ? page.cursor : null };
    });

  return {
    /** The current epoch with its start and, where the chain tells it, its length. */
    async epoch(): Promise<EpochFact> {
      const { systemState } = await client.ask((sui, signal) => sui.getCurrentSystemState({ signal }));
      const durationMs = Number(systemState.parameters.epochDurationMs ?? 0);
      return { epoch: BigInt(systemState.epoch), startMs: Number(systemState.epochStartTimestampMs), durationMs: durationMs > 0 ? durationMs : null };
    },

    /** The database: settings, treasuries, ids of the tables. */
    async db(contract: Contract): Promise<AtomaDb> {
      const { object } = await client.ask((sui, signal) => sui.getObject({ objectId: profile.atomaDbId, include: { content: true }, signal }));
      return contract.objects.AtomaDb.parse(object.content);
    },

    /** Badges of one type that the wallet holds, lowest number first. */
    async ownedBadges(wallet: string, type: string, contract: Contract): Promise<Badge[]> {
      const found = await allPages(async (cursor) => {
        const page = await client.ask((sui, signal) => sui.listOwnedObjects({ owner: wallet, type, cursor, include: { content: true }, signal }));
        return { items: page.objects.map((object) => contract.objects.NodeBadge.parse(object.content)), next: page.hasNextPage ? page.cursor : null };
      });
      return found.sort((left, right) => Number(left.smallId - right.smallId));
    },

    /** Node badges of the wallet, lowest node number first. */
    badges(wallet: string, contract: Contract): Promise<Badge[]> {
      return this.ownedBadges(wallet, nodeBadgeType(packageId), contract);
    },

    /** Why a badge that was chosen is none of the wallet's on this contract. */
    async wrongBadge(badgeId: string): Promise<AppError> {
      const expected = nodeBadgeType(packageId);
      try {
        const { object } = await client.ask((sui, signal) => sui.getObject({ objectId: badgeId, signal }));
        return new AppError('network.wrong_badge', { badgeId, expected, found: object.type === expected ? 'another wallet holds it' : `it is a ${object.type}` });
      } catch (caught) {
        if (!isNotFound(caught)) throw caught;
        return new AppError('network.wrong_badge', { badgeId, expected, found: 'there is no such object' });
      }
    },

    /** Coins of the wallet by their type, and its task badges by their task: what a foreign transaction may name. */
    async holdings(wallet: string, contract: Contract): Promise<{ coinTypes: Map<string, string>; taskBadges: Map<string, bigint> }> {
      const coinsOf = (coinType: string): Promise<(readonly [string, string])[]> =>
        allPages(async (cursor) => {
          const page = await client.ask((sui, signal) => sui.listCoins({ owner: wallet, coinType, cursor, signal }));
          return { items: page.objects.map((coin) => [coin.objectId, coinType] as const), next: page.hasNextPage ? page.cursor : null };
        });
      const [coins, badges] = await Promise.all([
        Promise.all([suiCoin.type, profile.coin.type].map(coinsOf)),
        this.ownedBadges(wallet, taskBadgeType(packageId), contract),
      ]);
      return { coinTypes: new Map(coins.flat()), taskBadges: new Map(badges.map((badge) => [badge.id, badge.smallId])) };
    },

    /** What a task's security level means; `unknown` also when there is no such task. */
    async securityLevelOf(taskSmallId: bigint, db: AtomaDb, contract: Contract): Promise<SecurityLevel | 'unknown'> {
      const [bytes] = await children([taskLinkId(packageId, db.tasks.id, taskSmallId)]);
      return bytes ? securityLevel(contract.objects.Task.parse(bytes).securityLevel, contract) : 'unknown';
    },

    /** A node's entry; null once it was destroyed. */
    async node(badge: Badge, db: AtomaDb, epoch: bigint, contract: Contract): Promise<NodeFact | null> {
      const [bytes] = await contents([nodeFieldId(packageId, db.nodes.id, badge.smallId)]);
      if (!bytes) return null;
      const entry = fieldLayout(smallId, contract.objects.NodeEntry).parse(bytes).value;
      return {
        nodeSmallId: badge.smallId,
        badgeId: badge.id,
        collateral: entry.collateral,
        reputation: entry.reputationScore,
        disabledAtEpoch: entry.wasDisabledInEpoch,
        fees: withdrawableFees(entry, epoch),
      };
    },

    /** SUI in MIST and the network's coin in base units. */
    async balances(wallet: string): Promise<{ suiMist: bigint; coin: bigint }> {
      const of = async (coinType: string): Promise<bigint> =>
        BigInt((await client.ask((sui, signal) => sui.getBalance({ owner: wallet, coinType, signal }))).balance.balance);
      const [suiMist, coin] = await Promise.all([of(suiCoin.type), of(profile.coin.type)]);
      return { suiMist, coin };
    },

    /** Every task that exists, with its subscribers and the caps of recent purchases. */
    async tasks(db: AtomaDb, contract: Contract): Promise<TaskFact[]> {
      const ids = range(contract.constants.firstSmallId, db.nextTaskSmallId);
      const [objects, bought] = await Promise.all([children(ids.map((id) => taskLinkId(packageId, db.tasks.id, id))), this.recentStacks(contract)]);
      const facts = objects.map(async (bytes, index): Promise<TaskFact[]> => {
        const taskSmallId = ids[index];
        if (bytes === null || taskSmallId === undefined) return [];
        const task = contract.objects.Task.parse(bytes);
        return [
          {
            taskSmallId,
            role: task.role,
            modelName: task.modelName,
            securityLevel: securityLevel(task.securityLevel, contract),
            minimumReputation: task.minimumReputationScore,
            isDeprecated: task.isDeprecated,
            subscribers: task.subscribedNodes.size === 0n ? [] : await subscribers(task, contract),
            recentStacks: bought.get(taskSmallId) ?? [],
          },
        ];
      });
      return (await Promise.all(facts)).flat();
    },

    /** The last purchases by task, newest first. */
    async recentStacks(contract: Contract): Promise<Map<bigint, RecentStack[]>> {
      const { events } = await client.ask((sui, signal) =>
        sui.listEvents({ filter: { eventType: `${packageId}::db::StackCreatedEvent` }, order: 'descending', limit: 50, signal }),
      );
      const bought = new Map<bigint, RecentStack[]>();
      for (const event of events) {
        const { taskSmallId, price, numComputeUnits } = contract.events.StackCreatedEvent.parse(event.bcs);
        bought.set(taskSmallId, [...(bought.get(taskSmallId) ?? []), { price, computeUnits: numComputeUnits }]);
      }
      return bought;
    },

    /** Stacks by number; null for those that are gone. */
    async stacks(ids: readonly bigint[], db: AtomaDb, contract: Contract): Promise<(Stack | null)[]> {
      const layout = fieldLayout(smallId, contract.objects.Stack);
      const found = await contents(ids.map((id) => stackFieldId(packageId, db.stacks.id, id)));
      return found.map((bytes) => (bytes === null ? null : layout.parse(bytes).value));
    },

    /** Settlement tickets by stack number; null where none lives. */
    async tickets(ids: readonly bigint[], db: AtomaDb, contract: Contract): Promise<(StackSettlementTicket | null)[]> {
      const found = await children(ids.map((id) => ticketLinkId(packageId, db.stackSettlementTickets.id, id)));
      return found.map((bytes) => (bytes === null ? null : contract.objects.StackSettlementTicket.parse(bytes)));
    },

    /** Which of these tasks and nodes there are; asks nothing where none is named. */
    async present({ tasks, nodes }: { tasks: readonly bigint[]; nodes: readonly bigint[] }, db: AtomaDb): Promise<Presence> {
      const found = await contents([...tasks.map((id) => taskLinkId(packageId, db.tasks.id, id)), ...nodes.map((id) => nodeFieldId(packageId, db.nodes.id, id))]);
      const there = found.map((bytes) => bytes !== null);
      const of = (ids: readonly bigint[], from: number): Map<bigint, boolean> => new Map(ids.map((id, index) => [id, there[from + index] ?? false]));
      return { tasks: of(tasks, 0), nodes: of(nodes, tasks.length) };
    },

    /** The contract's events after a cursor, oldest first. */
    events: (after: string | null): Promise<EventPage> => client.ask((sui, signal) => eventPage(sui, packageId, after, signal)),
  };
}

const range = (from: bigint, before: bigint): bigint[] => Array.from({ length: Math.max(0, Number(before - from)) }, (_, index) => from + BigInt(index));

function securityLevel(code: number, contract: Contract): SecurityLevel | 'unknown' {
  const named = Object.entries(contract.securityCodes) as [SecurityLevel, number][];
  return named.find(([, known]) => known === code)?.[0] ?? 'unknown';
}
