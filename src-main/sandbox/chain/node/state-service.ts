/** StateService: balances, coins, owned objects and dynamic fields (Sui rpc v2; what protocol.md 4.2 reads). */
import { GrpcTypes as T } from '@mysten/sui/grpc';
import { normalizeStructTag, normalizeSuiAddress } from '@mysten/sui/utils';
import { SUI_COIN_TYPE } from '../../../../src-shared/atoma/index.ts';
import { coinBalance, coinTypeOf } from '../machine/chain-object.ts';
import type { ChainObject } from '../machine/chain-object.ts';
import type { ChainCore } from './chain-core.ts';
import { notFound } from './grpc-error.ts';
import { unary } from './method.ts';
import type { Methods } from './method.ts';
import { protoDynamicField, protoObject } from './proto-objects.ts';
import { pageSize } from './queries.ts';
import { applyMask, pathsOf } from './read-mask.ts';

interface Page {
  readonly pageSize?: number;
  readonly pageToken?: Uint8Array;
}

/** One page of objects sorted by id; the token is the last id of the page before. */
const pageOf = (objects: readonly ChainObject[], page: Page) => {
  const after = page.pageToken ? `0x${Buffer.from(page.pageToken).toString('hex')}` : '';
  const rest = objects.filter((object) => object.id > after);
  const items = rest.slice(0, pageSize(page.pageSize));
  const last = items.at(-1);
  const more = last !== undefined && rest.length > items.length;
  return { items, next: more ? { nextPageToken: Uint8Array.from(Buffer.from(last.id.slice(2), 'hex')) } : {} };
};

const isOfType = (type: string, wanted: string): boolean => {
  const full = normalizeStructTag(wanted);
  return type === full || (!wanted.includes('<') && type.startsWith(`${full}<`));
};

const balancesOf = (core: ChainCore, owner: string): Map<string, bigint> => {
  const sums = new Map<string, bigint>();
  for (const object of core.state.store.ownedBy('address', normalizeSuiAddress(owner))) {
    const coinType = coinTypeOf(object.type);
    if (coinType !== null) sums.set(coinType, (sums.get(coinType) ?? 0n) + coinBalance(object));
  }
  return sums;
};

/** Coins only: this chain keeps no address balances. */
const protoBalance = (coinType: string, balance: bigint): T.Balance => ({
  coinType,
  balance,
  coinBalance: balance,
  addressBalance: 0n,
});

const coinInfo = (core: ChainCore, asked: string): T.GetCoinInfoResponse => {
  const coinType = normalizeStructTag(asked);
  const { deployment } = core.state;
  if (coinType === deployment.coinType) {
    const metadata = { id: deployment.metadataId, decimals: 9, name: 'TOMA', symbol: 'TOMA', description: '' };
    return { coinType, metadata };
  }
  if (coinType === normalizeStructTag(SUI_COIN_TYPE)) {
    return { coinType, metadata: { decimals: 9, name: 'Sui', symbol: 'SUI', description: '' } };
  }
  throw notFound(`Coin type ${coinType} not found`);
};

/** The service's methods. */
export const stateService = (core: ChainCore): Methods => ({
  'sui.rpc.v2.StateService/GetBalance': unary(T.GetBalanceRequest, T.GetBalanceResponse, ({ owner, coinType }) => {
    const type = normalizeStructTag(coinType ?? SUI_COIN_TYPE);
    return { balance: protoBalance(type, balancesOf(core, owner ?? '').get(type) ?? 0n) };
  }),
  'sui.rpc.v2.StateService/ListBalances': unary(T.ListBalancesRequest, T.ListBalancesResponse, ({ owner }) => ({
    balances: [...balancesOf(core, owner ?? '')].map(([type, balance]) => protoBalance(type, balance)),
  })),
  'sui.rpc.v2.StateService/GetCoinInfo': unary(T.GetCoinInfoRequest, T.GetCoinInfoResponse, ({ coinType }) =>
    coinInfo(core, coinType ?? SUI_COIN_TYPE),
  ),
  'sui.rpc.v2.StateService/ListOwnedObjects': unary(
    T.ListOwnedObjectsRequest,
    T.ListOwnedObjectsResponse,
    ({ owner, objectType, readMask, ...page }) => {
      const owned = core.state.store.ownedBy('address', normalizeSuiAddress(owner ?? ''));
      const wanted = objectType === undefined ? owned : owned.filter((object) => isOfType(object.type, objectType));
      const paths = pathsOf(readMask, 'object_id,version,object_type');
      const { items, next } = pageOf(wanted, page);
      return { objects: items.map((object) => applyMask(T.Object, protoObject(object), paths)), ...next };
    },
  ),
  'sui.rpc.v2.StateService/ListDynamicFields': unary(
    T.ListDynamicFieldsRequest,
    T.ListDynamicFieldsResponse,
    ({ parent, readMask, ...page }) => {
      const { store } = core.state;
      const paths = pathsOf(readMask, 'parent,field_id');
      const { items, next } = pageOf(store.ownedBy('object', normalizeSuiAddress(parent ?? '')), page);
      const dynamicFields = items.map((field) => applyMask(T.DynamicField, protoDynamicField(store, field), paths));
      return { dynamicFields, ...next };
    },
  ),
});
