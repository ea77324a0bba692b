/** Calls about requests, tasks and models (src-shared/bridge/calls.ts, jobCalls). */
import type { jobCalls } from '../../src-shared/bridge/calls.ts';
import type { Handlers } from '../../src-shared/bridge/index.ts';

type Area = Pick<Handlers, keyof typeof jobCalls>;

/** What these calls need of the node. */
export type JobArea = { jobs: Area['jobs.list']; job: Area['jobs.get']; tasks: Area['tasks.list']; models: Area['models.list'] };

/** Binds the calls to the node. */
export const jobHandlers = (area: JobArea): Area => ({
  'jobs.list': area.jobs,
  'jobs.get': area.job,
  'tasks.list': area.tasks,
  'models.list': area.models,
});
