/** What every step of the set-up is given. */
import type { SetupView } from '../../../src-shared/bridge/views.ts';

/** The state of set-up, the way on, and a way to stay although the step is finished. */
export type StepProps = { setup: SetupView; onNext: () => void; onStay: () => void };
