/** A new chain's first objects: both packages' ids, AtomaDb, faucet, randomness, the publisher's badge and purse (protocol.md 1, 4.1). */
import { bcs } from '@mysten/sui/bcs';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { normalizeSuiAddress, toBase58 } from '@mysten/sui/utils';
import {
  G1_OBJECTS,
  RANDOM_OBJECT_ID,
  SUI_COIN_TYPE,
  dbType,
  faucetType,
  tomaType,
} from '../../../../src-shared/atoma/index.ts';
import { freshWorld } from '../rules/index.ts';
import { coinDraft, seal } from '../machine/chain-object.ts';
import type { ChainObject, ObjectDraft, ObjectOwner } from '../machine/chain-object.ts';
import type { Deployment } from '../machine/deployment.ts';
import { freshId } from '../machine/hashing.ts';
import { databaseContents } from '../machine/world-contents.ts';
import type { Ledger } from './ledger.ts';

/** What the publisher starts with, in MIST and in base units of TOMA. */
const PUBLISHER_MIST = 5_000_000_000_000_000_000n;
const PUBLISHER_TOMA = 5_000_000_000_000_000_000n;

/** Fixes every id of a chain from its genesis digest. */
export const deploymentOf = (genesisDigest: string): Deployment => {
  const id = (place: number): string => freshId(genesisDigest, BigInt(place));
  const coinPackageId = id(1);
  return {
    packageId: id(0),
    coinPackageId,
    coinType: tomaType(coinPackageId),
    atomaDbId: id(2),
    faucetId: id(3),
    metadataId: id(4),
    tables: {
      tickets: id(5),
      nodes: id(6),
      models: id(7),
      tasks: id(8),
      stacks: id(9),
      stackSettlementTickets: id(10),
    },
  };
};

const metadataLayout = bcs.struct('CoinMetadata', {
  id: bcs.Address,
  decimals: bcs.u8(),
  name: bcs.string(),
  symbol: bcs.string(),
  description: bcs.string(),
  iconUrl: bcs.option(bcs.string()),
});

/** The objects of a new chain; all have version 1. */
export const genesisObjects = (deployment: Deployment, genesisDigest: string, publisher: string): ChainObject[] => {
  const id = (place: number): string => freshId(genesisDigest, BigInt(100 + place));
  const shared: ObjectOwner = { kind: 'shared', initialVersion: 1n };
  const own: ObjectOwner = { kind: 'address', address: publisher };
  const idOnly = (objectId: string): Uint8Array => G1_OBJECTS.AtomaManagerBadge.serialize({ id: objectId }).toBytes();
  const random = normalizeSuiAddress(RANDOM_OBJECT_ID);
  const badge = id(0);
  const metadata = {
    id: deployment.metadataId,
    decimals: 9,
    name: 'TOMA',
    symbol: 'TOMA',
    description: '',
    iconUrl: null,
  };
  const drafts: ObjectDraft[] = [
    databaseContents(deployment, freshWorld()),
    {
      id: deployment.faucetId,
      type: faucetType(deployment.coinPackageId),
      owner: shared,
      contents: idOnly(deployment.faucetId),
    },
    { id: random, type: `${normalizeSuiAddress('0x2')}::random::Random`, owner: shared, contents: idOnly(random) },
    { id: badge, type: dbType(deployment.packageId, 'AtomaManagerBadge'), owner: own, contents: idOnly(badge) },
    {
      id: deployment.metadataId,
      type: `${normalizeSuiAddress('0x2')}::coin::CoinMetadata<${deployment.coinType}>`,
      owner: own,
      contents: metadataLayout.serialize(metadata).toBytes(),
    },
    coinDraft(id(1), deployment.coinType, PUBLISHER_TOMA, own),
    coinDraft(id(2), SUI_COIN_TYPE, PUBLISHER_MIST, own),
  ];
  return drafts.map((draft) => seal(draft, { version: 1n, previousTransaction: genesisDigest, storageRebate: 0n }));
};

/** Ids of the publisher's own objects at genesis. */
export const publisherObjects = (genesisDigest: string): { badge: string; toma: string; gas: string } => ({
  badge: freshId(genesisDigest, 100n),
  toma: freshId(genesisDigest, 101n),
  gas: freshId(genesisDigest, 102n),
});

/** Writes the genesis of a new chain, whole or not at all; an existing one is left as it is. */
export const ensureGenesis = (
  ledger: Ledger,
  deps: { readonly now: () => number; readonly random: () => Uint8Array },
): void => {
  if (ledger.meta('chain_id') !== null) return;
  const chainId = toBase58(deps.random());
  const secret = deps.random();
  const publisher = Ed25519Keypair.fromSecretKey(secret).toSuiAddress();
  const nowMs = deps.now();
  ledger.atomically(() => {
    ledger.setMeta('chain_id', chainId);
    ledger.setMeta('publisher_secret', Buffer.from(secret).toString('hex'));
    ledger.setMeta('epoch_start_ms', String(nowMs));
    for (const object of genesisObjects(deploymentOf(chainId), chainId, publisher)) ledger.putObject(object);
    ledger.appendCheckpoint(0n, nowMs, chainId);
  });
};
