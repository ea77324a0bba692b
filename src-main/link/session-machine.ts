/** Which frame may come when: the right side at the right time, or close 1008 (coordinator.md 3, "Transport" and "Messages"). Pure. */
import { coordinatorMessageSchema, type CoordinatorMessage } from '../../src-shared/link/messages.ts';

/** Where a session stands; `over` takes nothing any more. */
export type SessionPhase = 'awaiting_challenge' | 'saying_hello' | 'awaiting_welcome' | 'linked' | 'over';

type FrameType = CoordinatorMessage['type'];
const legal: Readonly<Record<SessionPhase, readonly FrameType[]>> = {
  awaiting_challenge: ['challenge', 'bye'],
  saying_hello: ['bye'],
  awaiting_welcome: ['welcome', 'refused', 'bye'],
  // A history that was not asked for is refused where the questions are known (history-client.ts).
  linked: ['heartbeat_ack', 'dispatch', 'result_ack', 'failure_ack', 'cancel', 'history', 'history_refused', 'bye'],
  over: [],
};

export type ReadFrame = { ok: true; message: CoordinatorMessage } | { ok: false; detail: string };

/** Reads one frame in a phase: text, JSON, known type, its schema, its side, its time. `detail` becomes the close reason. */
export function readFrame(phase: SessionPhase, data: string, isBinary: boolean): ReadFrame {
  if (isBinary) return { ok: false, detail: 'binary frame' };
  let json: unknown;
  try {
    json = JSON.parse(data);
  } catch {
    return { ok: false, detail: 'not JSON' };
  }
  const parsed = coordinatorMessageSchema.safeParse(json);
  if (!parsed.success) return { ok: false, detail: `bad frame at ${parsed.error.issues[0]?.path.join('.') || 'type'}` };
  if (!legal[phase].includes(parsed.data.type)) return { ok: false, detail: `${parsed.data.type} while ${phase}` };
  return { ok: true, message: parsed.data };
}
