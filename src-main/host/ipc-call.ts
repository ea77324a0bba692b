/** Lets a call of the desktop window in only from our own origin and its main frame (architecture.md, "The bridge"; style.md 0.8). */
import type { Answer } from '../../src-shared/bridge/index.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { Logger } from '../log/logger.ts';
import { refusal, type DispatchCall } from './dispatch-call.ts';

/**
 * The origin under which the desktop serves the console's own files, from inside: its session answers all of https itself and
 * reaches no network, and `.invalid` is a name that never exists outside (RFC 2606). Unlike a scheme of our own it is a
 * standard, secure origin without being announced before Electron is ready, which not every way of starting Electron leaves time for.
 */
export const desktopOrigin = 'https://console.invalid';

/** The part of Electron's IpcMainInvokeEvent that is judged; `senderFrame` is null once the frame has gone. */
export type CallEvent = { senderFrame: { url: string; parent: unknown } | null };

/** True for an address of the console's own page. */
export const isConsoleUrl = (text: string): boolean => URL.canParse(text) && new URL(text).origin === desktopOrigin;

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
