/** A new chain's first objects: both packages' ids, AtomaDb, faucet, randomness, the publisher's badge and purse (protocol.md 1, 4.1). */
import { bcs } from '@mysten/sui/bcs';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { normalizeSuiAddress, toBase58 } from '@mysten/sui/utils';
import { z } from 'zod';
import {
  G1_OBJECTS,
  RANDOM_OBJECT_ID,
  SUI_COIN_TYPE,
  contractOf,
  faucetType,
  tomaType,
} from '../../../../src-shared/atoma/index.ts';
import type { Generation } from '../../../../src-shared/atoma/index.ts';
import { freshWorld } from '../rules/index.ts';
import { coinDraft, seal } from '../machine/chain-object.ts';
import type { ChainObject, ObjectDraft, ObjectOwner } from '../machine/chain-object.ts';
import type { Deployment } from '../machine/deployment.ts';
import { freshId } from '../machine/hashing.ts';
import { managerBadgeDraft, publisherDraft } from '../machine/manager-badge.ts';
import { databaseContents } from '../machine/world-contents.ts';
import type { Ledger } from './ledger.ts';

/** What the publisher starts with, in MIST and in base units of the contract's coin. */
const PUBLISHER_MIST = 5_000_000_000_000_000_000n;
const PUBLISHER_COIN = 5_000_000_000_000_000_000n;

/** Circle's coin in its own package. */
const usdcType = (coinPackageId: string): string => `${normalizeSuiAddress(coinPackageId)}::usdc::USDC`;

/** Fixes every id of a chain from its genesis digest. USDC has no faucet on chain. */
export const deploymentOf = (genesisDigest: string, generation: Generation): Deployment => {
  const id = (place: number): string => freshId(genesisDigest, BigInt(place));
  const coinPackageId = id(1);
  return {
    generation,
    packageId: id(0),
    coinPackageId,
    coinType: generation === 'G1' ? tomaType(coinPackageId) : usdcType(coinPackageId),
    atomaDbId: id(2),
    faucetId: generation === 'G1' ? id(3) : null,
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
  const { symbol, decimals } = contractOf(deployment.generation).coin;
  const metadata = { id: deployment.metadataId, decimals, name: symbol, symbol, description: '', iconUrl: null };
  const { faucetId } = deployment;
  const faucet: ObjectDraft[] =
    faucetId === null
      ? []
      : [
          {
            id: faucetId,
            type: faucetType(deployment.coinPackageId),
            owner: shared,
            contents: idOnly(faucetId),
          },
        ];
  const drafts: ObjectDraft[] = [
    databaseContents(deployment, freshWorld(deployment.generation)),
    ...faucet,
    { id: random, type: `${normalizeSuiAddress('0x2')}::random::Random`, owner: shared, contents: idOnly(random) },
    managerBadgeDraft(deployment, badge, own),
    publisherDraft(id(3), deployment.packageId, own),
    {
      id: deployment.metadataId,
      type: `${normalizeSuiAddress('0x2')}::coin::CoinMetadata<${deployment.coinType}>`,
      owner: own,
      contents: metadataLayout.serialize(metadata).toBytes(),
    },
    coinDraft(id(1), deployment.coinType, PUBLISHER_COIN, own),
    coinDraft(id(2), SUI_COIN_TYPE, PUBLISHER_MIST, own),
  ];
  return drafts.map((draft) => seal(draft, { version: 1n, previousTransaction: genesisDigest, storageRebate: 0n }));
};

/** Ids of the publisher's own objects at genesis. Chains from before there was a Publisher lack that one. */
export const publisherObjects = (
  genesisDigest: string,
): { badge: string; coin: string; gas: string; publisher: string } => ({
  publisher: freshId(genesisDigest, 103n),
  badge: freshId(genesisDigest, 100n),
  coin: freshId(genesisDigest, 101n),
  gas: freshId(genesisDigest, 102n),
});

const generationSchema = z.enum(['G1', 'G2']);

/** Generation of a record; those that do not tell were made when there was G1 only. */
export const generationOf = (ledger: Ledger): Generation => generationSchema.parse(ledger.meta('generation') ?? 'G1');

/** Writes the genesis of a new chain, whole or not at all; an existing one is left as it is and must be of this generation. Throws an Error that says what to do otherwise. */
export const ensureGenesis = (
  ledger: Ledger,
  deps: { readonly now: () => number; readonly random: () => Uint8Array },
  asked?: Generation,
): void => {
  if (ledger.meta('chain_id') !== null) {
    const kept = generationOf(ledger);
    if (asked === undefined || asked === kept) return;
    throw new Error(
      `this data folder holds a chain of contract generation ${kept}; for ${asked} use another folder, or begin anew with --fresh`,
    );
  }
  const generation = asked ?? 'G1';
  const chainId = toBase58(deps.random());
  const secret = deps.random();
  const publisher = Ed25519Keypair.fromSecretKey(secret).toSuiAddress();
  const nowMs = deps.now();
  ledger.atomically(() => {
    ledger.setMeta('chain_id', chainId);
    ledger.setMeta('generation', generation);
    ledger.setMeta('publisher_secret', Buffer.from(secret).toString('hex'));
    ledger.setMeta('epoch_start_ms', String(nowMs));
    for (const object of genesisObjects(deploymentOf(chainId, generation), chainId, publisher))
      ledger.putObject(object);
    ledger.appendCheckpoint(0n, nowMs, chainId);
  });
};
