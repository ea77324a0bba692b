/** Recognises a transaction built elsewhere (Wallet Standard) as an intent; its bytes are never signed (architecture.md, "Loopback host"). */
import { Transaction, TransactionDataBuilder } from '@mysten/sui/transactions';
import { fromBase64 } from '@mysten/sui/utils';
import type { Contract } from '../../src-shared/atoma/index.ts';
import type { Intent } from '../../src-shared/bridge/intents.ts';
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import { AppError } from '../../src-shared/errors.ts';
import { decodeIntent } from '../core/decode-intent.ts';
import { decodeContext } from './history.ts';

/**
 * The intent behind a transaction's JSON form or its BCS bytes in base64.
 * @param owned coin type by object id of the wallet's coins, task by id of its task badges
 * @throws AppError intent.not_allowed
 */
export function recognise(text: string, profile: NetworkProfile, contract: Contract, owned: { coinTypes: ReadonlyMap<string, string>; taskBadges: ReadonlyMap<string, bigint> }): Intent {
  return decodeIntent(parse(text), decodeContext(profile, contract, (id) => owned.coinTypes.get(id) ?? null, (id) => owned.taskBadges.get(id) ?? null));
}

function parse(text: string): unknown {
  try {
    return text.trimStart().startsWith('{') ? Transaction.from(text).getData() : TransactionDataBuilder.fromBytes(fromBase64(text)).snapshot();
  } catch (cause) {
    throw new AppError('intent.not_allowed', {}, { cause });
  }
}
