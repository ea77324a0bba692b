/** Calls about attestations, self-audits and disputes (src-shared/bridge/attestation-calls.ts). */
import type { attestationCalls } from '../../src-shared/bridge/attestation-calls.ts';
import type { CallInput, Handlers } from '../../src-shared/bridge/index.ts';

type Area = Pick<Handlers, keyof typeof attestationCalls>;

/** What these calls need of the node. */
export type AttestationArea = {
  list: Area['attestations.list'];
  get: Area['attestations.get'];
  evidence: Area['attestations.evidence'];
  decide(choice: CallInput<'attestations.decide'>): void;
  restart(stackSmallId: bigint): void;
  overrule(stackSmallId: bigint): void;
  dismiss(stackSmallId: bigint): void;
};

/** Binds the calls to the node. */
export function attestationHandlers(area: AttestationArea): Area {
  const after = async (act: () => void): Promise<Record<string, never>> => {
    act();
    return {};
  };
  return {
    'attestations.list': area.list,
    'attestations.get': area.get,
    'attestations.evidence': area.evidence,
    'attestations.decide': (choice) => after(() => area.decide(choice)),
    'attestations.restart': ({ stackSmallId }) => after(() => area.restart(stackSmallId)),
    'attestations.overrule': ({ stackSmallId }) => after(() => area.overrule(stackSmallId)),
    'attestations.dismiss': ({ stackSmallId }) => after(() => area.dismiss(stackSmallId)),
  };
}
