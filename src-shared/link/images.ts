/** Image generation bodies: the buyer's request and the result bytes (coordinator.md 4, ai.image). */
import { z } from 'zod';
import { seedOfTask } from './proof.ts';
import type { RoleTask } from './role-tasks.ts';

const maxImages = 10;
const maxSide = 4_096;

/** A request; results are always base64, since a node hosts no files. No seed: the API of the engines that draw has none, so it would be a promise that nobody keeps. */
export const imageRequestSchema = z.strictObject({
  prompt: z.string().min(1).max(32_000),
  size: z.string().regex(/^[1-9]\d{0,3}x[1-9]\d{0,3}$/),
  n: z.number().int().min(1).max(maxImages).nullish(),
  response_format: z.literal('b64_json').nullish(),
  model: z.string().nullish(),
  user: z.string().nullish(),
});

/** A run, as values. */
export type ImagePlan = { task: Extract<RoleTask, { kind: 'draw' }> };

/** Reads parsed JSON into a plan, or null when it is no image request (bad_payload). */
export function planImage(json: unknown, taskId: string): ImagePlan | null {
  const parsed = imageRequestSchema.safeParse(json);
  if (!parsed.success) return null;
  const { prompt, size, n } = parsed.data;
  const [width, height] = size.split('x').map(Number) as [number, number];
  if (width > maxSide || height > maxSide) return null;
  return { task: { kind: 'draw', prompt, count: n ?? 1, width, height, seed: seedOfTask(taskId) } };
}

/** "for images n × width × height". */
export const imageUnits = ({ count, width, height }: ImagePlan['task']): number => count * width * height;

/** The result as compact JSON in exactly the key order of coordinator.md 4. */
export const imageResultText = (created: number, images: readonly string[]): string => JSON.stringify({ created, data: images.map((b64_json) => ({ b64_json })) });
