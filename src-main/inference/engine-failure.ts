/** A failure inside the inference process with its code; everything else that is thrown there is read by the engine (coordinator.md 3). */
import type { z } from 'zod';
import type { failureCode } from './messages.ts';

/** One of the closed codes; the message is detail for the log. */
export class EngineFailure extends Error {
  readonly code: z.infer<typeof failureCode>;
  constructor(code: z.infer<typeof failureCode>, detail: string) {
    super(detail);
    this.code = code;
  }
}

/** What a buyer sent cannot be read: no other node could either. */
export const badInput = (detail: string): EngineFailure => new EngineFailure('inference.bad_input', detail);
/** "the input alone exceeds max_compute_units" (coordinator.md 3). */
export const inputTooLarge = (detail: string): EngineFailure => new EngineFailure('inference.input_too_large', detail);
