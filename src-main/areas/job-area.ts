/** The bridge's work area: jobs, tasks, models. */
import { taskViews } from '../core/views/task-views.ts';
import type { JobArea } from '../handlers/job-handlers.ts';
import { findJob, listJobs } from '../store/job-views.ts';
import { needChain, type AreaParts } from './area-parts.ts';

/** Assembles the area over the live parts. */
export const jobArea = (parts: AreaParts): JobArea => ({
  jobs: async (query) => {
    const network = parts.network();
    return network === null ? { items: [], total: 0, next: null } : listJobs(network.store, query);
  },
  job: async ({ taskId }) => {
    const network = parts.network();
    return network === null ? null : findJob(network.store, taskId);
  },
  tasks: async () => {
    const { tasks, registration } = needChain(parts).chain.snapshot();
    const node = registration?.registered === true ? registration.node : null;
    return taskViews(tasks ?? [], { nodeSmallId: node?.nodeSmallId ?? null, reputation: node?.reputation ?? null, models: parts.models(), confidential: parts.session()?.confidential.isOffered() ?? false });
  },
  models: async () => {
    await parts.rescanModels();
    const { loaded } = parts.inference.status();
    return parts.models().map(({ id, name, revision, sizeBytes, sha256 }) => ({ id, name, revision, sizeBytes, sha256, verified: true, loaded: loaded.includes(id) }));
  },
});
