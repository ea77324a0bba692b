/** Sleep of the machine: told to the node, and held off while it earns where the operator wants that (issue: suspend and resume, stay-awake). */
import { powerMonitor, powerSaveBlocker } from 'electron';

type Deps = { onSuspend(): void; onResume(): void; /** The system shuts down: end in order. */ onShutdown(): void };

/** Listens for sleep, waking and shutdown. Electron must be ready. */
export function watchPower({ onSuspend, onResume, onShutdown }: Deps): void {
  powerMonitor.on('suspend', onSuspend);
  powerMonitor.on('resume', onResume);
  // Without this Electron ends at once, and running work with it.
  powerMonitor.on('shutdown', ((event: { preventDefault(): void }) => {
    event.preventDefault();
    onShutdown();
  }) as () => void);
}

/** A switch that keeps the system, not the screen, awake. */
export function createStayAwake(): (on: boolean) => void {
  let held: number | null = null;
  return (on) => {
    if (on && held === null) held = powerSaveBlocker.start('prevent-app-suspension');
    if (!on && held !== null) {
      powerSaveBlocker.stop(held);
      held = null;
    }
  };
}
