/** What an engine is asked beside chat, and what it gives back: values alone, the same for engines of this machine and of others (coordinator.md 4 and 6). */
import type { ChatPlan } from './chat.ts';

/** One part of a turn that may show pictures; `base64` are the bytes of a picture file. */
export type VisionPart = { kind: 'text'; text: string } | { kind: 'image'; base64: string };
/** One turn of a conversation about pictures. */
export type VisionMessage = { role: 'system' | 'user' | 'assistant'; parts: VisionPart[] };

/** Work of the roles 1 to 5 (protocol.md 5.1), already validated. */
export type RoleTask =
  | { kind: 'embed'; inputs: (string | number[])[]; /** Null: the model's own. */ dimensions: number | null }
  | ({ kind: 'see'; messages: VisionMessage[] } & Pick<ChatPlan, 'maxOutputTokens' | 'sampling' | 'stop'>)
  | { kind: 'draw'; prompt: string; count: number; width: number; height: number; seed: number }
  | { kind: 'speak'; text: string; voice: string | null; speed: number }
  | { kind: 'hear'; /** A WAV file in base64. */ audio: string; language: string | null };
export type RoleTaskKind = RoleTask['kind'];

/** A task with its model and budget. `exact`: equal bytes are promised to others (sampling consensus). */
export type RoleRequest = RoleTask & { model: string; maxComputeUnits: number; exact?: boolean | undefined };

/** What came of it; the kind is the task's. */
export type RoleOutput =
  | { kind: 'embed'; vectors: Float32Array[]; promptTokens: number }
  | { kind: 'see'; content: string; finishReason: 'stop' | 'length'; promptTokens: number; completionTokens: number }
  | { kind: 'draw'; /** PNG files in base64, as many as were asked for. */ images: string[] }
  | { kind: 'speak'; /** A WAV file in base64. */ audio: string; /** Ten milliseconds each, rounded up. */ units: number }
  | { kind: 'hear'; text: string; /** Ten milliseconds of input each, rounded up. */ units: number };

/** With what equal bytes can depend on (coordinator.md 4). */
export type RoleResult = RoleOutput & { fingerprint: string };

/** The contract's role of each kind. */
export const roleOfTask: Record<RoleTaskKind, number> = { embed: 1, see: 2, draw: 3, speak: 4, hear: 5 };
