/** Asks one full node for a digest, together with how far that node is, so that "not found" can be judged (architecture.md, "Chain": what is in doubt is looked up). */
import { bcs } from '@mysten/sui/bcs';
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import type { Logger } from '../log/logger.ts';
import { errorText, isNotFound } from './call-errors.ts';
import type { ChainClient } from './client.ts';
import { included, reportOf, type Report } from './executed.ts';

/** `report` null: the node did not know the digest after it had reached `epoch`. */
export type Lookup = { readonly report: Report | null; readonly epoch: bigint };

/** Epoch first: what the node executes in between can only turn "not found" into "found". */
export async function lookUp(node: SuiGrpcClient, digest: string, signal: AbortSignal): Promise<Lookup> {
  const info = (await node.ledgerService.getServiceInfo({}, { abort: signal })).response;
  if (info.epoch === undefined) throw new Error('the endpoint names no epoch');
  try {
    return { report: reportOf(await node.getTransaction({ digest, include: included, signal })), epoch: info.epoch };
  } catch (caught) {
    if (isNotFound(caught)) return { report: null, epoch: info.epoch };
    throw caught;
  }
}

/** True when another transaction used up an input, as this node sees it: then these bytes can never be executed. */
export async function isSuperseded(node: SuiGrpcClient, bytes: Uint8Array, signal: AbortSignal): Promise<boolean> {
  const refs = ownedInputs(bytes);
  const { objects } = await node.getObjects({ objectIds: refs.map((ref) => ref.objectId), signal });
  return refs.some((ref, index) => {
    const found = objects[index];
    return found === undefined || (found instanceof Error ? isNotFound(found) : BigInt(found.version) > BigInt(ref.version));
  });
}

/** Owned objects that the bytes use up, gas coins included. */
function ownedInputs(bytes: Uint8Array): { objectId: string; version: string }[] {
  const data = bcs.TransactionData.parse(bytes).V1;
  const inputs = data.kind.ProgrammableTransaction?.inputs ?? [];
  return [...data.gasData.payment, ...inputs.flatMap((input) => input.Object?.ImmOrOwnedObject ?? [])].map(({ objectId, version }) => ({ objectId, version: String(version) }));
}

/** A full node may answer reads a moment behind its own answer; the next transaction needs the new object versions. */
export async function waitUntilVisible(client: ChainClient, digest: string, log: Logger): Promise<void> {
  await client.ask(async (node, signal) => {
    try {
      await node.waitForTransaction({ digest, timeout: 5_000, signal });
    } catch (caught) {
      // Not the endpoint's failure: the next transaction is refused at worst, and built again.
      log.debug('chain.not_visible_yet', { digest, detail: errorText(caught) });
    }
  });
}
