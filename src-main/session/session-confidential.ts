/** Connects confidential compute with keys, chain and the operator's switch (decision 0005). Wiring only. */
import { z } from 'zod';
import { ingressSettingsSchema } from '../../src-shared/bridge/ingress-calls.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { Chain } from '../chain/create-chain.ts';
import { createRotation } from '../confidential/create-rotation.ts';
import { detectTee, runTool, systemPlaces } from '../confidential/detect-tee.ts';
import { collectEvidence } from '../confidential/evidence.ts';
import { openConfidentialRequest, type OpenOutcome } from '../confidential/open-request.ts';
import { uploadEvidence } from '../confidential/upload-evidence.ts';
import type { ConfidentialStatus, RotationFacts } from '../confidential/types.ts';
import { judgeTee, mayRehearse, teeSentences, type Tee, type TeeSign } from '../core/tee.ts';
import { isActive } from '../core/views/task-views.ts';
import type { SessionParts } from './session-parts.ts';

/** Set by the operator, for each network. */
const rehearseKey = 'confidential.rehearse';
const rehearseSchema = z.boolean().nullable();

/** Confidential compute of a session. */
export type SessionConfidential = {
  tee(): Tee;
  status(): ConfidentialStatus & { mayRehearse: boolean; rehearses: boolean };
  /** True where tasks of that level may be served on this machine. */
  isOffered(): boolean;
  /** @throws AppError confidential.refused with the reason */
  requireOffered(): void;
  isConfidential(taskSmallId: bigint): boolean;
  open(text: string, stackSmallId: bigint): OpenOutcome;
  /** @throws AppError confidential.refused outside the embedded sandbox */
  setRehearsal(on: boolean): void;
  /** Looks at the hardware again, then does what is due. */
  look(): Promise<void>;
  /** The chain was read. */
  advance(): Promise<void>;
  stop(): Promise<void>;
};

/** Builds it; nothing is looked at before `look`. */
export function wireConfidential(parts: SessionParts, chain: () => Chain): SessionConfidential {
  const { profile, settings, signers, now, random } = parts;
  const log = parts.log.child({ part: 'confidential' });
  let signs: readonly TeeSign[] = [];
  const rehearses = (): boolean => settings.get(rehearseKey, rehearseSchema) ?? false;
  const tee = (): Tee => judgeTee(signs, profile, rehearses());
  const isConfidential = (taskSmallId: bigint): boolean => chain().snapshot().tasks?.find((task) => task.taskSmallId === taskSmallId)?.securityLevel === 'confidential';
  const facts = (): RotationFacts => {
    const { db, registration, subscriptions } = chain().snapshot();
    if (db === null || db.keyRotationCounter === null || db.nonce === null || registration === null || subscriptions === null) return null;
    const serves = registration.registered && registration.node.disabledAtEpoch === null && [...subscriptions].some(([id, offer]) => isActive(offer) && isConfidential(id));
    return { counter: db.keyRotationCounter, nonce: db.nonce, serves };
  };
  /** To the list of nodes that the operator named, which is the network's proxy. */
  const publish = async (compressed: Uint8Array, simulated: boolean): Promise<void> => {
    const proxy = settings.get('ingress', ingressSettingsSchema)?.announceTo ?? null;
    const { registration } = chain().snapshot();
    if (proxy === null || registration?.registered !== true) return;
    await uploadEvidence({ nodeSmallId: registration.node.nodeSmallId, compressed, proxy, simulated }, { signEvidence: signers.signEvidence, fetch });
    log.info('confidential.uploaded');
  };
  const rotation = createRotation({
    tee,
    keys: signers.confidential,
    chain: { facts, execute: (intent) => chain().execute(intent) },
    collect: (subject) => collectEvidence(subject, { profile, reports: systemPlaces.reports, tool: runTool }),
    publish: ({ evidence, simulated }) => publish(evidence, simulated),
    changed: () => parts.changed('confidential'),
    now,
    random,
    log,
  });
  const advance = (): Promise<void> => rotation.advance();
  return {
    tee,
    status: () => ({ tee: tee(), signs, publicKey: signers.confidential.publicKey(), announced: rotation.announced(), problem: rotation.problem(), mayRehearse: mayRehearse(profile), rehearses: rehearses() }),
    isOffered: () => tee().kind !== 'none',
    requireOffered: () => {
      const found = tee();
      if (found.kind === 'none') throw new AppError('confidential.refused', { detail: teeSentences[found.why] });
    },
    isConfidential,
    open: (text, stackSmallId) => openConfidentialRequest(text, stackSmallId, signers.confidential),
    setRehearsal: (on) => {
      if (on && !mayRehearse(profile)) throw new AppError('confidential.refused', { detail: 'a simulated TEE is for the embedded sandbox alone' });
      settings.set(rehearseKey, on);
      log.info('confidential.rehearsal', { on });
      parts.changed('confidential');
      void rotation.advance();
    },
    look: async () => {
      signs = await detectTee();
      parts.changed('confidential');
      await rotation.advance();
    },
    advance,
    stop: () => rotation.stop(),
  };
}
