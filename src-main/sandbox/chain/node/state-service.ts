/** StateService: balances, coins, owned objects and dynamic fields (Sui rpc v2; what protocol.md 4.2 reads). */
import { GrpcTypes as T } from '@mysten/sui/grpc';
import { isValidSuiAddress, normalizeStructTag, normalizeSuiAddress } from '@mysten/sui/utils';
import { SUI_COIN_TYPE } from '../../../../src-shared/atoma/index.ts';
import type { ChainObject } from '../machine/chain-object.ts';
import { contractAt } from '../machine/deployment.ts';
import type { ChainCore } from './chain-core.ts';
import { invalid, notFound } from './grpc-error.ts';
import { unary } from './method.ts';
import type { Methods } from './method.ts';
import { protoDynamicField, protoObject } from './proto-objects.ts';
import { pageSize } from './queries.ts';
import { applyMask, pathsOf } from './read-mask.ts';

const ID_BYTES = 32;

interface Page {
  readonly pageSize?: number;
  readonly pageToken?: Uint8Array;
}

/**
 * One page of an owner's objects, by object id; the token is the last id of the page before, so a page goes on in the
 * same place whatever was added or removed in between. Throws INVALID_ARGUMENT for a token that no page gave out.
 */
const pageOf = (
  page: Page,
  list: (after: string) => Iterable<ChainObject>,
  wanted: (object: ChainObject) => boolean = () => true,
) => {
  if (page.pageToken && page.pageToken.length !== ID_BYTES) throw invalid('invalid page_token');
  const after = page.pageToken ? `0x${Buffer.from(page.pageToken).toString('hex')}` : '';
  const limit = pageSize(page.pageSize);
  const items: ChainObject[] = [];
  for (const object of list(after)) {
    if (!wanted(object)) continue;
    const last = items.at(-1);
    if (items.length === limit && last) {
      return { items, next: { nextPageToken: Uint8Array.from(Buffer.from(last.id.slice(2), 'hex')) } };
    }
    items.push(object);
  }
  return { items, next: {} };
};

const isOfType = (type: string, wanted: string): boolean => type === wanted || type.startsWith(`${wanted}<`);

/** An address of a request. Throws INVALID_ARGUMENT for anything else. */
const addressOf = (field: string, text: string | undefined): string => {
  const address = normalizeSuiAddress(text ?? '');
  if (text === undefined || !isValidSuiAddress(address)) throw invalid(`invalid ${field}: ${text ?? ''}`);
  return address;
};

/** A type of a request in full form. Throws INVALID_ARGUMENT for text that is no type. */
const typeOf = (field: string, text: string): string => {
  try {
    return normalizeStructTag(text);
  } catch {
    throw invalid(`invalid ${field}: ${text}`);
  }
};

/** Coins only: this chain keeps no address balances. */
const protoBalance = (coinType: string, balance: bigint): T.Balance => ({
  coinType,
  balance,
  coinBalance: balance,
  addressBalance: 0n,
});

const coinInfo = (core: ChainCore, asked: string): T.GetCoinInfoResponse => {
  const coinType = typeOf('coin_type', asked);
  const { deployment } = core.state;
  if (coinType === deployment.coinType) {
    const { symbol, decimals } = contractAt(deployment).coin;
    return { coinType, metadata: { id: deployment.metadataId, decimals, name: symbol, symbol, description: '' } };
  }
  if (coinType === normalizeStructTag(SUI_COIN_TYPE)) {
    return { coinType, metadata: { decimals: 9, name: 'Sui', symbol: 'SUI', description: '' } };
  }
  throw notFound(`Coin type ${coinType} not found`);
};

/** The service's methods. */
export const stateService = (core: ChainCore): Methods => ({
  'sui.rpc.v2.StateService/GetBalance': unary(T.GetBalanceRequest, T.GetBalanceResponse, ({ owner, coinType }) => {
    const type = typeOf('coin_type', coinType ?? SUI_COIN_TYPE);
    return { balance: protoBalance(type, core.state.store.balancesOf(addressOf('owner', owner)).get(type) ?? 0n) };
  }),
  'sui.rpc.v2.StateService/ListBalances': unary(T.ListBalancesRequest, T.ListBalancesResponse, ({ owner }) => ({
    balances: [...core.state.store.balancesOf(addressOf('owner', owner))].map(([type, balance]) =>
      protoBalance(type, balance),
    ),
  })),
  'sui.rpc.v2.StateService/GetCoinInfo': unary(T.GetCoinInfoRequest, T.GetCoinInfoResponse, ({ coinType }) =>
    coinInfo(core, coinType ?? SUI_COIN_TYPE),
  ),
  'sui.rpc.v2.StateService/ListOwnedObjects': unary(
    T.ListOwnedObjectsRequest,
    T.ListOwnedObjectsResponse,
    ({ owner, objectType, readMask, ...page }) => {
      const { store } = core.state;
      const address = addressOf('owner', owner);
      const paths = pathsOf(readMask, 'object_id,version,object_type');
      const type = objectType === undefined ? null : typeOf('object_type', objectType);
      // A coin's whole type has an index of its own; a type without parameters may stand for every coin, and is filtered.
      const options = type?.includes('<') ? { type } : {};
      const { items, next } = pageOf(
        page,
        (after) => store.ownedBy('address', address, { ...options, after }),
        (object) => type === null || isOfType(object.type, type),
      );
      return { objects: items.map((object) => applyMask(T.Object, protoObject(object), paths)), ...next };
    },
  ),
  'sui.rpc.v2.StateService/ListDynamicFields': unary(
    T.ListDynamicFieldsRequest,
    T.ListDynamicFieldsResponse,
    ({ parent, readMask, ...page }) => {
      const { store } = core.state;
      const paths = pathsOf(readMask, 'parent,field_id');
      const id = addressOf('parent', parent);
      const { items, next } = pageOf(page, (after) => store.ownedBy('object', id, { after }));
      const dynamicFields = items.map((field) => applyMask(T.DynamicField, protoDynamicField(store, field), paths));
      return { dynamicFields, ...next };
    },
  ),
});
