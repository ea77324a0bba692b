/** The tasks of the embedded network: those of a new chain, one for each further role, and which of them are under sampling consensus (product.md, Network). */
import type { OfferedRole } from '../../src-shared/bridge/views.ts';
import type { Buyers } from './buyers/create-buyers.ts';
import type { GenesisTask, SandboxChain } from './chain/index.ts';
import type { ChainReads } from './coordinator/chain-reads.ts';

/** Tasks of a new chain. */
export const defaultTasks: readonly GenesisTask[] = [
  { modelName: 'sandbox/tiny-chat', role: 0, security: 'none' },
  { modelName: 'sandbox/tiny-chat', role: 0, security: 'sampling-consensus' },
];
/** A task for each further role, by the models built in scripts/model; the picture's is for an engine that serves any under that name, since the console draws nothing by itself. */
const roleTasks: readonly (GenesisTask & { readonly role: OfferedRole })[] = [
  { modelName: 'sandbox/tiny-embed', role: 1, security: 'none' },
  { modelName: 'sandbox/tiny-vision', role: 2, security: 'none' },
  { modelName: 'sandbox/any-picture', role: 3, security: 'none' },
  { modelName: 'sandbox/tiny-voice', role: 4, security: 'none' },
  { modelName: 'sandbox/tiny-ear', role: 5, security: 'none' },
];

/** Tasks under sampling consensus on which chat requests are served. */
export async function sampledTasks(reads: ChainReads): Promise<bigint[]> {
  const found: bigint[] = [];
  const last = await reads.taskCount();
  for (let id = 1n; id <= last; id += 1n) {
    const task = await reads.task(id);
    if (task !== null && task.samplingConsensus && task.modelName !== null) found.push(id);
  }
  return found;
}

/** Roles that the network has models for itself. */
export const ownRoles: readonly OfferedRole[] = [1, 2, 4, 5];

/** Creates the tasks of these roles that the chain does not have yet, and lets buyers buy on them all. */
export async function offerRoles(roles: readonly OfferedRole[], chain: SandboxChain, reads: ChainReads, buyers: Buyers): Promise<void> {
  const offered = roleTasks.filter(({ role }) => roles.includes(role));
  let last = await reads.taskCount();
  const known: string[] = [];
  const wanted: number[] = [];
  for (let id = 1n; id <= last; id += 1n) {
    const task = await reads.task(id);
    const name = task === null ? '' : `${task.role} ${task.modelName}`;
    known.push(name);
    if (offered.some(({ role, modelName }) => name === `${role} ${modelName}`)) wanted.push(Number(id));
  }
  for (const task of offered) {
    if (known.includes(`${task.role} ${task.modelName}`)) continue;
    await chain.administer({ kind: 'create-task', task });
    last += 1n;
    wanted.push(Number(last));
  }
  const { taskSmallIds, ...demand } = buyers.demand();
  buyers.setDemand({ ...demand, taskSmallIds: [...new Set([...taskSmallIds, ...wanted])] });
}
