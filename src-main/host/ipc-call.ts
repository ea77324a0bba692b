/** Lets a call of the desktop window in only from our own origin and its main frame (architecture.md, "The bridge"; style.md 0.8). */
import type { Answer } from '../../src-shared/bridge/index.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { Logger } from '../log/logger.ts';
import { refusal, type DispatchCall } from './dispatch-call.ts';

/** Scheme and host under which the console's own files are served on the desktop. */
export const consoleOrigin = { protocol: 'app:', host: 'console' } as const;

/** The part of Electron's IpcMainInvokeEvent that is judged; `senderFrame` is null once the frame has gone. */
export type CallEvent = { senderFrame: { url: string; parent: unknown } | null };

/** True for an address of the console's own page. */
export function isConsoleUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && url.protocol === consoleOrigin.protocol && url.host === consoleOrigin.host;
}

const isOwnMainFrame = ({ senderFrame }: CallEvent): boolean =>
  senderFrame !== null && senderFrame.parent === null && isConsoleUrl(senderFrame.url);

/** Creates the listener of the call channel; a stranger is answered `bridge.bad_sender` and nothing runs. */
export function createIpcCall(deps: { dispatch: DispatchCall; log: Logger }) {
  return async (event: CallEvent, name: unknown, input: unknown): Promise<Answer> => {
    if (isOwnMainFrame(event)) return deps.dispatch(name, input);
    deps.log.warn('bridge.bad_sender', { url: event.senderFrame?.url.slice(0, 100) ?? null });
    return refusal(new AppError('bridge.bad_sender'));
  };
}
