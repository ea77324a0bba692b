/** Alters what the engine answers while the second node is to be a liar, as worker and on re-runs alike (product.md, Network: dishonest attestor). */

type Result = { readonly content: string };
type RunOptions = { signal: AbortSignal; onText?: (delta: string) => void };
/** The part of the engine that answers. */
type Engine<Request, R extends Result> = { run(request: Request, options: RunOptions): Promise<R> };

/** What is put behind an answer; everything else of it, its counts included, stays true. */
export const alteration = ' Or so they say.';

/** The engine with its answers altered while `isWrong()` at their end; streamed deltas still join to the answer. */
export function alterInference<Request, R extends Result, E extends Engine<Request, R>>(engine: E & Engine<Request, R>, isWrong: () => boolean): E {
  return {
    ...engine,
    run: async (request: Request, options: RunOptions): Promise<R> => {
      const result = await engine.run(request, options);
      if (!isWrong()) return result;
      options.onText?.(alteration);
      return { ...result, content: `${result.content}${alteration}` };
    },
  };
}
