/** A network with a task for each role, a node that serves them with the real engines, and a buyer; for tests that take every role through the whole product. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConsoleNode } from '../console-node.ts';
import type { Sandbox, SandboxOptions } from '../sandbox/create-sandbox.ts';
import { announcedBy, makeVault, markStarted, openBuyer, openNode, openSandbox, passphrase, sign, until } from '../testing/whole-node.ts';

type Task = NonNullable<SandboxOptions['tasks']>[number];

export type RoleNetwork = {
  readonly sandbox: Sandbox;
  readonly node: ConsoleNode;
  /** Number of the role's task. */
  taskOf(role: number): bigint;
  /** Subscribes the node to the role's task. */
  subscribe(role: number): Promise<void>;
  /** Buys and opens a stack of the role's task; returns its number. */
  buyStack(role: number, units: bigint): Promise<bigint>;
  close(): Promise<void>;
};

/** Opens both in a folder of their own, the node subscribed to the tasks of `served`. Nothing settles by itself. Waits until the node is READY. */
export async function openRoleNetwork({ tasks, served }: { tasks: readonly Task[]; served: readonly number[] }): Promise<RoleNetwork> {
  const folder = mkdtempSync(join(tmpdir(), 'roles-'));
  const taskOf = (role: number): bigint => BigInt(tasks.findIndex((task) => task.role === role) + 1);
  const sandbox = await openSandbox(join(folder, 'network'), 'G1', tasks);
  const dataDir = join(folder, 'node');
  await makeVault(dataDir);
  markStarted(dataDir, sandbox.profile.id, { autoSettle: false });
  const node = await openNode({ dataDir, profile: sandbox.profile });
  const subscribe = (role: number): Promise<void> => sign(node, { kind: 'subscribe', taskSmallId: taskOf(role), price: 80n, maxComputeUnits: 1_000_000n });
  await node.secure.unlock(passphrase);
  await node.handlers['setup.faucet']({});
  await sign(node, { kind: 'register' });
  for (const role of served) await subscribe(role);
  const buyer = openBuyer(sandbox);
  await until(announcedBy(sandbox), () => (sandbox.coordinator.nodes().some(({ heartbeat }) => heartbeat?.state === 'READY') ? true : null));
  return {
    sandbox,
    node,
    taskOf,
    subscribe,
    async buyStack(role, units) {
      const samplingConsensus = tasks.find((task) => task.role === role)?.security === 'sampling-consensus';
      const { stackSmallId } = await buyer.buyStack({ taskSmallId: taskOf(role), units, price: 100n, samplingConsensus });
      await sandbox.coordinator.openStack(stackSmallId);
      return stackSmallId;
    },
    async close() {
      await node.stop('now');
      await sandbox.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
