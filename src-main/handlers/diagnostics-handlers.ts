/** Calls of the diagnostics (src-shared/bridge/diagnostics-calls.ts). */
import type { diagnosticsCalls } from '../../src-shared/bridge/diagnostics-calls.ts';
import type { Handlers } from '../../src-shared/bridge/index.ts';

type Area = Pick<Handlers, keyof typeof diagnosticsCalls>;

/** What these calls need of the node. */
export type DiagnosticsArea = { doctor: Area['diagnostics.doctor']; bundle: Area['diagnostics.bundle']; report: Area['diagnostics.report'] };

/** Binds the calls to the node. */
export const diagnosticsHandlers = (area: DiagnosticsArea): Area => ({ 'diagnostics.doctor': area.doctor, 'diagnostics.bundle': area.bundle, 'diagnostics.report': area.report });
