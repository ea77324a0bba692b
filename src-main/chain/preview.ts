/** What an intent would do, simulated, in the operator's terms (product.md: nothing irreversible without a preview of consequences). */
import { irreversibleKinds, type Intent, type Preview } from '../../src-shared/bridge/intents.ts';
import { suiCoin } from '../../src-shared/domain/amounts.ts';
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import { AppError } from '../../src-shared/errors.ts';
import { walletChanges } from './executed.ts';
import { netGasMist } from './gas.ts';
import type { Prepare } from './prepare.ts';

/** Previews an intent; a refusal of the chain is part of the answer, being out of reach is an error. */
export async function previewIntent(intent: Intent, wallet: string, profile: NetworkProfile, prepare: Prepare): Promise<Preview> {
  const irreversible = irreversibleKinds.includes(intent.kind);
  try {
    const { report } = await prepare(intent, wallet);
    const gasMist = netGasMist(report.effects.gasUsed);
    const changes = walletChanges(report, wallet)
      // Gas is shown on its own line.
      .map(({ coinType, amount }) => (coinType === suiCoin.type ? { coin: suiCoin, amount: amount + gasMist } : { coin: profile.coin, amount }))
      .filter(({ amount }) => amount !== 0n);
    return { intent, possible: true, problem: null, changes, gasMist, irreversible };
  } catch (caught) {
    if (!(caught instanceof AppError) || caught.kind !== 'refused' || caught.code.startsWith('network.')) throw caught;
    return { intent, possible: false, problem: { code: caught.code, message: caught.message }, changes: [], gasMist: null, irreversible };
  }
}
