/** What an intent would do, simulated, in the operator's terms (product.md: nothing irreversible without a preview of consequences). */
import type { Contract } from '../../src-shared/atoma/index.ts';
import { irreversibleKinds, type Intent, type Preview } from '../../src-shared/bridge/intents.ts';
import { suiCoin } from '../../src-shared/domain/amounts.ts';
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import { AppError } from '../../src-shared/errors.ts';
import { intentWarnings } from '../core/intent-warnings.ts';
import type { ChainStore } from './chain-store.ts';
import { walletChanges, type Report } from './executed.ts';
import { netGasMist } from './gas.ts';
import type { Observer } from './observer.ts';
import type { Prepare } from './prepare.ts';

type Deps = { profile: NetworkProfile; contract: Contract; observer: Pick<Observer, 'task' | 'node' | 'snapshot'>; store: Pick<ChainStore, 'stacks'> };

/** Creates the preview of one network. A refusal of the chain is part of the answer, being out of reach is an error. */
export function createPreview({ profile, contract, observer, store }: Deps) {
  const warnings = (intent: Intent, report: Report | null): string[] => {
    const taskSmallId = 'taskSmallId' in intent ? intent.taskSmallId : null;
    const task = taskSmallId === null ? null : observer.task(taskSmallId);
    const node = observer.node();
    return intentWarnings(intent, {
      contract,
      task: task === null ? null : { samplingConsensus: task.securityLevel === 'sampling-consensus', subscribers: task.subscribers.length },
      openStacks: node === null ? 0 : store.stacks.unfinished(node.nodeSmallId).filter((row) => row.taskSmallId === taskSmallId).length,
      settings: observer.snapshot().db,
      opensDispute: report?.events.some((event) => event.eventType.endsWith('::StackAttestationDisputeEvent')) ?? false,
      startingReputation: contract.constants.startingReputation,
    });
  };
  const terms = { priceUnit: contract.constants.priceUnit, takesCollateral: contract.takesCollateral };
  return async (intent: Intent, wallet: string, prepare: Prepare): Promise<Preview> => {
    const irreversible = irreversibleKinds.includes(intent.kind);
    try {
      const { report } = await prepare(intent, wallet);
      const gasMist = netGasMist(report.effects.gasUsed);
      const changes = walletChanges(report, wallet)
        // Gas is shown on its own line.
        .map(({ coinType, amount }) => (coinType === suiCoin.type ? { coin: suiCoin, amount: amount + gasMist } : { coin: profile.coin, amount }))
        .filter(({ amount }) => amount !== 0n);
      return { intent, terms, possible: true, problem: null, changes, gasMist, irreversible, warnings: warnings(intent, report) };
    } catch (caught) {
      if (!(caught instanceof AppError) || caught.kind !== 'refused' || caught.code.startsWith('network.')) throw caught;
      return { intent, terms, possible: false, problem: { code: caught.code, message: caught.message }, changes: [], gasMist: null, irreversible, warnings: warnings(intent, null) };
    }
  };
}
