/** The bridge's models area: what is on disk, what serves which task, and the store's downloads. */
import type { InstalledModelView } from '../../src-shared/bridge/model-calls.ts';
import { isActive } from '../core/views/task-views.ts';
import type { ModelArea } from '../handlers/model-handlers.ts';
import type { ReadyModel } from '../inference/types.ts';
import type { InstalledModel } from '../models/types.ts';
import type { AreaParts } from './area-parts.ts';

/** Assembles the area over the live parts. */
export function modelArea(parts: AreaParts): ModelArea {
  const { store, checking } = parts.modelStore;
  return {
    view: async () => {
      const [installed, freeBytes] = await Promise.all([store.installed(), store.freeBytes()]);
      const ready = parts.models();
      // What another machine serves is on no disk of this one.
      const others = ready.filter(({ id, engine }) => engine === undefined && !installed.some((model) => model.id === id)).map(viewOfReady);
      const { loaded } = parts.inference.status();
      return {
        ...store.settings(),
        folder: parts.modelStore.folder,
        freeBytes,
        keysUnlocked: parts.keysView().unlocked,
        downloads: store.downloads(),
        installed: [...installed.map((model) => ({ ...model, removable: true })), ...others].map(({ folder: _, ...model }) => ({
          ...model,
          loaded: loaded.includes(model.id),
          state: ready.some(({ id }) => id === model.id) ? 'ready' : checking() ? 'checking' : 'refused',
          tasks: tasksOf(parts, model.name, model.role),
        })),
      };
    },
    look: ({ repo, revision }) => store.look(repo, revision),
    download: store.download,
    pause: store.pause,
    resume: store.resume,
    cancel: store.cancel,
    repair: store.repair,
    remove: (id) => store.remove(id),
    setSettings: store.setSettings,
  };
}

/** A model that came with the console or was put there by hand. */
const viewOfReady = ({ id, name, revision, role, sizeBytes, vramBytes, folder }: ReadyModel): InstalledModel & { removable: boolean } => ({
  id, name, revision, role, sizeBytes, vramBytes, folder, quantisation: null, files: null, verifiedAtMs: null, removable: false,
});

function tasksOf(parts: AreaParts, name: string, role: number): InstalledModelView['tasks'] {
  const snapshot = parts.session()?.chain.snapshot() ?? null;
  return (snapshot?.tasks ?? [])
    .filter((task) => task.modelName === name && task.role === role && !task.isDeprecated)
    .map(({ taskSmallId }) => ({ taskSmallId, subscribed: isActive(snapshot?.subscriptions?.get(taskSmallId) ?? null) }));
}
