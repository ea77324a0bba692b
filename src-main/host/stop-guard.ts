/** Ends the console with running work in mind: finish first, stop now, or stay (product.md: "Quit and close explain running work"). */

/** What the operator chose. */
export type StopChoice = 'finish' | 'now' | 'cancel';

type Deps = {
  /** Requests that run now. */
  running(): number;
  /** Asks the operator; only called while work runs. */
  ask(running: number): Promise<StopChoice>;
  stop(mode: 'finish' | 'now'): Promise<void>;
  /** Ends the process; called once. `error` is what kept the stop from ending well. */
  exit(error: unknown): void;
};

/** The guard. Both may be called at any time and again. */
export type StopGuard = {
  /** The operator wants to quit: asks while work runs; asked again while work is being finished, so that waiting can be cut short. */
  request(): Promise<void>;
  /** A signal: the first lets running work finish, the second stops at once. */
  signal(): Promise<void>;
};

/** Creates the guard. */
export function createStopGuard(deps: Deps): StopGuard {
  let phase: 'running' | 'finishing' | 'stopping' | 'exited' = 'running';
  let asking = false;

  const stop = async (mode: 'finish' | 'now'): Promise<void> => {
    if (phase === 'stopping' || phase === 'exited' || (phase === 'finishing' && mode === 'finish')) return;
    phase = mode === 'now' ? 'stopping' : 'finishing';
    const error = await deps.stop(mode).then(
      () => null,
      (caught: unknown) => caught,
    );
    if ((phase as string) === 'exited') return;
    phase = 'exited';
    deps.exit(error);
  };
  const request = async (): Promise<void> => {
    if (asking) return;
    const running = deps.running();
    if (running === 0) return stop('now');
    asking = true;
    const choice = await deps.ask(running).finally(() => (asking = false));
    if (choice !== 'cancel') await stop(choice);
  };
  return {
    request,
    signal: () => stop(phase === 'running' ? 'finish' : 'now'),
  };
}
