/** Maps an error of this node to the failure code that crosses the link (coordinator.md 3, "Failure codes"; architecture.md, "Errors"). */
import type { ErrorCode } from '../../src-shared/errors.ts';
import type { FailureCode } from '../../src-shared/link/codes.ts';

const table: Partial<Record<ErrorCode, FailureCode>> = {
  'keys.decrypt_failed': 'decrypt_failed',
  'job.bad_envelope': 'decrypt_failed',
  'job.bad_payload': 'bad_payload',
  // "bad_payload (… or the input alone exceeds max_compute_units)"
  'inference.input_too_large': 'bad_payload',
  'inference.bad_input': 'bad_payload',
  'inference.no_pipeline': 'model_failed',
  'inference.model_unavailable': 'model_failed',
  'inference.model_failed': 'model_failed',
  'inference.process_died': 'model_failed',
  // Whatever is wrong with an engine of this node, another node may have a working one.
  'engine.unreachable': 'model_failed',
  'engine.busy': 'model_failed',
  'engine.failed': 'model_failed',
  'engine.bad_token': 'model_failed',
  'engine.refused': 'model_failed',
  'engine.bad_answer': 'model_failed',
  'engine.not_deterministic': 'model_failed',
  'inference.out_of_memory': 'out_of_memory',
  'job.result_too_large': 'result_too_large',
  // Another node may have what this one lacks: these are requeued.
  'wasm.module_unavailable': 'model_failed',
  'wasm.needs_tee': 'model_failed',
  'wasm.process_died': 'model_failed',
  'wasm.bad_module': 'bad_payload',
};

/** The wire code of an error; everything that is not the buyer's or the model's doing is `internal`, which is requeued. */
export const failureCodeOf = (code: ErrorCode): FailureCode => table[code] ?? 'internal';
