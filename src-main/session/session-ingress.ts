/** Connects the direct ingress with chain, jobs, keys and rows (decision 0005). Wiring only. */
import { randomBytes } from 'node:crypto';
import { monotonicFactory } from 'ulid';
import { defaultIngress, ingressSettingsSchema } from '../../src-shared/bridge/ingress-calls.ts';
import type { Chain } from '../chain/create-chain.ts';
import { createIngress } from '../ingress/create-ingress.ts';
import type { Ingress } from '../ingress/types.ts';
import type { Jobs } from '../job/types.ts';
import { createDirectRequests } from '../store/direct-requests.ts';
import type { JobTables } from '../store/job-store.ts';
import { schedule } from '../platform/schedule.ts';
import type { SessionConfidential } from './session-confidential.ts';
import type { SessionParts } from './session-parts.ts';

/** The ingress over the live parts of a session; nothing listens before `apply`. */
export function wireIngress(parts: SessionParts, { chain, jobs, tables, confidential }: { chain: Chain; jobs: Jobs; tables: JobTables; confidential: SessionConfidential }): Ingress {
  const { settings, signers, store, now, random, log } = parts;
  const ulid = monotonicFactory(() => randomBytes(2).readUInt16BE(0) / 65_536);
  return createIngress({
    jobs,
    chain: {
      stack: chain.stack,
      refreshStack: chain.refreshStack,
      task: (id) => chain.snapshot().tasks?.find((task) => task.taskSmallId === id) ?? null,
      nodeSmallId: () => {
        const { registration } = chain.snapshot();
        return registration?.registered === true ? registration.node.nodeSmallId : null;
      },
    },
    confidential,
    requests: createDirectRequests(store),
    keys: signers,
    settings: () => settings.get('ingress', ingressSettingsSchema) ?? defaultIngress,
    models: parts.models,
    units: (id, numComputeUnits) => ({ left: numComputeUnits - tables.work.unitsTaken(id), busy: tables.work.stackWork(id).running > 0 }),
    fetch,
    newTaskId: () => ulid(now()),
    now,
    random,
    schedule,
    changed: () => parts.changed('ingress'),
    log: log.child({ part: 'ingress' }),
  });
}
