/** What the rest of the node sees of WASM functions. Types only. */
import type { WasmPlan } from '../../src-shared/link/wasm.ts';

/** One run. Its answer is a pure function of this value. */
export type WasmRequest = WasmPlan & { taskId: string; maxComputeUnits: bigint };

/** A run that ended, also by a trap or its budget. */
export type WasmResult = {
  exitCode: number;
  /** base64 */
  stdout: string;
  stderr: string;
  trap: string | null;
  instructions: bigint;
  /** What equal bytes can depend on: the definition of an instruction and the module, not the machine. */
  fingerprint: string;
};

/** Runs modules, each in a process of its own. */
export type WasmEngine = {
  /** @throws AppError wasm.bad_module, module_unavailable, too_slow, process_died; inference.out_of_memory; job.result_too_large; on abort the signal's reason, with the process killed. */
  run(request: WasmRequest, options: { signal: AbortSignal }): Promise<WasmResult>;
  /** A real run of a tiny module; false, and logged, where this machine cannot. */
  probe(): Promise<boolean>;
};
