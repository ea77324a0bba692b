/** Keeps the key of confidential requests new and announced: one at each start and one for each rotation of the network, committed on chain with its evidence (protocol.md 7.7, "Key life"). */
import { AppError, toAppError } from '../../src-shared/errors.ts';
import { backoff } from '../core/backoff.ts';
import type { Tee } from '../core/tee.ts';
import type { Logger } from '../log/logger.ts';
import type { Announced, ConfidentialKeys, RotationChain } from './types.ts';

type Deps = {
  tee(): Tee;
  keys: ConfidentialKeys;
  chain: RotationChain;
  collect(subject: { publicKey: string; nonce: bigint; tee: Exclude<Tee, { kind: 'none' }> }): Promise<Uint8Array>;
  /** Gives the evidence that stands on chain to others who keep it; what fails is logged and changes nothing. */
  publish(subject: { evidence: Uint8Array; simulated: boolean }): Promise<void>;
  changed(): void;
  now(): number;
  random(): number;
  log: Logger;
};

/** The keeper of the key. */
export type Rotation = {
  /** Does what is due, one thing at a time; call it whenever the chain was read. Never rejects. */
  advance(): Promise<void>;
  /** The key on chain, once it is there; requests to another one are not taken. */
  announced(): Announced | null;
  problem(): { code: string; message: string } | null;
  /** Waits for what runs and forgets the key. */
  stop(): Promise<void>;
};

/** Creates it; there is no key before the first `advance` that finds one due. */
export function createRotation({ tee, keys, chain, collect, publish, changed, now, random, log }: Deps): Rotation {
  let announced: Announced | null = null;
  let problem: { code: string; message: string } | null = null;
  let attempts = 0;
  let notBeforeMs = 0;
  let stopped = false;
  let running: Promise<void> | null = null;

  const forget = (): void => {
    if (keys.publicKey() === null && problem === null) return;
    keys.forget();
    [announced, problem, attempts, notBeforeMs] = [null, null, 0, 0];
    changed();
  };
  const rotate = async (facts: { counter: bigint; nonce: bigint }, found: Exclude<Tee, { kind: 'none' }>): Promise<void> => {
    const { counter, nonce } = facts;
    // A key whose announcement is only repeated stays; one that was announced for an earlier rotation is replaced.
    const publicKey = announced === null ? (keys.publicKey() ?? keys.rotate()) : keys.rotate();
    announced = null;
    const evidence = await collect({ publicKey, nonce, tee: found });
    const { status, digest, error } = await chain.execute({ kind: 'rotate_key', publicKey, evidence: Buffer.from(evidence).toString('base64'), counter, deviceType: found.deviceType });
    // Announcing the same key once more is harmless: the chain keeps the first and tells of both alike.
    if (status === 'in_doubt') throw new AppError('chain.in_doubt');
    if (status === 'failed') throw new AppError('chain.rejected', { detail: error?.message ?? 'failed' });
    announced = { publicKey, counter, atMs: now(), digest };
    [problem, attempts, notBeforeMs] = [null, 0, 0];
    log.info('confidential.rotated', { counter: counter.toString(), deviceType: found.deviceType, simulated: found.kind === 'simulated' });
    changed();
    // "failure only logged": buyers find it on chain too.
    await publish({ evidence, simulated: found.kind === 'simulated' }).catch((caught: unknown) => log.warn('confidential.not_uploaded', { code: toAppError(caught).code, detail: toAppError(caught).message }));
  };
  const step = async (): Promise<void> => {
    const found = tee();
    if (found.kind === 'none') return forget();
    const facts = chain.facts();
    if (facts === null || !facts.serves || now() < notBeforeMs || stopped) return;
    // "Rotation on `NewKeyRotationEvent` only if its counter is greater than the node's": the counter itself is read, so that a lost event changes nothing.
    if (announced !== null && facts.counter <= announced.counter) return;
    try {
      await rotate(facts, found);
    } catch (caught) {
      const { code, message } = toAppError(caught);
      attempts += 1;
      problem = { code, message };
      notBeforeMs = now() + backoff(attempts, random);
      log.warn('confidential.not_rotated', { code, attempts });
    }
    changed();
  };

  return {
    advance: () => {
      running ??= step().finally(() => (running = null));
      return running;
    },
    announced: () => announced,
    problem: () => problem,
    async stop() {
      stopped = true;
      await running;
      keys.forget();
      announced = null;
    },
  };
}
