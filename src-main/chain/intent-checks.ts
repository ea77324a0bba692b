/** What the node itself refuses before anything is built: more units than were acknowledged, prices that could never be claimed, a second registration (protocol.md 5.4). */
import { parkedPrice, type Intent } from '../../src-shared/bridge/intents.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { StackWork } from '../core/settlement-plan.ts';
import type { Observer } from './observer.ts';

/** What confidential compute allows; both refuse where the machine has no hardware for it. */
export type ConfidentialRules = {
  /** The key of this node; null while there is none. */
  publicKey: () => string | null;
  /** Throws AppError confidential.refused when this machine cannot serve a confidential task. */
  requireOffered: () => void;
  isConfidential: (taskSmallId: bigint) => boolean;
};

type Deps = { observer: Pick<Observer, 'need' | 'node'>; stackWork: (stackSmallId: bigint) => Pick<StackWork, 'acceptedUnits'>; samplingConsensus: (taskSmallId: bigint) => boolean; confidential: ConfidentialRules };

/** Creates the check; it throws AppError chain.rejected, chain.overflow, chain.already_registered. */
export function createIntentChecks({ observer, stackWork, samplingConsensus, confidential }: Deps): (intent: Intent) => void {
  return (intent) => {
    // Never more than was acknowledged: the claim would be paid by the buyer for work nobody did.
    if (intent.kind === 'settle' && intent.claimedUnits > stackWork(intent.stackSmallId).acceptedUnits) {
      throw new AppError('chain.rejected', { detail: 'more units than were acknowledged' });
    }
    if (intent.kind === 'claim_direct' && intent.stackSmallIds.some((id, index) => (intent.units[index] ?? 0n) > stackWork(id).acceptedUnits)) {
      throw new AppError('chain.rejected', { detail: 'more units than were acknowledged' });
    }
    // A price at which a full stack could be bought and never be claimed (protocol.md 5.4); the parked one is meant to be out of reach.
    if ((intent.kind === 'subscribe' || intent.kind === 'update_subscription') && intent.price !== parkedPrice) {
      const { contract, db } = observer.need();
      const units = contract.constants.fixedMaxComputeUnits ?? 1n;
      if (intent.price > contract.money.highestPrice(units, samplingConsensus(intent.taskSmallId), db)) throw new AppError('chain.overflow');
    }
    // The price can be parked, and the task left, without the hardware; an offer cannot be made.
    if ((intent.kind === 'subscribe' || intent.kind === 'update_subscription') && intent.price !== parkedPrice && confidential.isConfidential(intent.taskSmallId)) confidential.requireOffered();
    // A key that is not this node's would send its buyers' prompts to somebody else.
    if (intent.kind === 'rotate_key' && intent.publicKey !== confidential.publicKey()) throw new AppError('chain.rejected', { detail: 'that is not the confidential key of this node' });
    if (intent.kind === 'register' && observer.node() !== null) throw new AppError('chain.already_registered');
  };
}
