/** The stages of one dispatched request on its way to an acknowledged proof (architecture.md, "The main job"). */
import { z } from 'zod';

/**
 * received → decrypting → executing → proving → proved → accepted | rejected | duplicate, or failed; declined stands alone.
 * `gave_up`: the coordinator gave the task up while it ran.
 */
export const jobStageSchema = z.enum([
  'received',
  'decrypting',
  'executing',
  'proving',
  'proved',
  'accepted',
  'duplicate',
  'rejected',
  'failed',
  'declined',
]);
export type JobStage = z.infer<typeof jobStageSchema>;

/** Stages in which work runs and a slot is taken. */
export const runningStages: readonly JobStage[] = ['received', 'decrypting', 'executing', 'proving'];

/** True while the request takes a slot. */
export const isRunning = (stage: JobStage): boolean => runningStages.includes(stage);
