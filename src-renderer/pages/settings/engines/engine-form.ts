/** The form of an engine as text, and what it means: nothing here draws. */
import type { EngineKind, EngineRole, EngineSettings } from '../../../../src-shared/bridge/engine-calls.ts';
import { modelIdSchema } from '../../../../src-shared/domain/ids.ts';

export const engineRoles = ['chat', 'embeddings', 'images'] as const;
export type EngineRoleWord = (typeof engineRoles)[number];
const roleNumbers: Record<EngineRoleWord, EngineRole> = { chat: 0, embeddings: 1, images: 3 };
/** The word of a role's number. */
export const engineRoleWord = (role: EngineRole): EngineRoleWord =>
  engineRoles.find((word) => roleNumbers[word] === role) ?? 'chat';

/** One model as it is typed. */
export type ModelDraft = { id: string; engineModel: string; role: EngineRoleWord; contextTokens: string };
/** An engine as it is typed. */
export type EngineDraft = {
  id: string;
  name: string;
  kind: EngineKind;
  url: string;
  enabled: boolean;
  concurrency: string;
  queue: string;
  models: ModelDraft[];
};

export const emptyModel = (kind: EngineKind): ModelDraft => ({
  id: '',
  engineModel: '',
  role: kind === 'tei' ? 'embeddings' : 'chat',
  contextTokens: '',
});

/** A form to begin with; `id` names a new engine. */
export function draftOf(settings: EngineSettings | null, id: string): EngineDraft {
  if (settings === null)
    return {
      id,
      name: '',
      kind: 'vllm',
      url: '',
      enabled: true,
      concurrency: '8',
      queue: '8',
      models: [emptyModel('vllm')],
    };
  return {
    ...settings,
    concurrency: String(settings.concurrency),
    queue: String(settings.queue),
    models: settings.models.map((model) => ({
      ...model,
      role: engineRoleWord(model.role),
      contextTokens: model.contextTokens === null ? '' : String(model.contextTokens),
    })),
  };
}

/** A whole number within bounds, or null. */
export function wholeNumber(text: string, least: number, most: number): number | null {
  if (!/^\d{1,9}$/.test(text.trim())) return null;
  const value = Number(text);
  return value >= least && value <= most ? value : null;
}

export const isModelId = (text: string): boolean => modelIdSchema.safeParse(text).success;
export const leastContext = 16;
export const mostContext = 100_000_000;

/** What the form stands for; null while something in it is missing or wrong. Rows nobody filled are left out. */
export function settingsOf(draft: EngineDraft): EngineSettings | null {
  const concurrency = wholeNumber(draft.concurrency, 1, 256);
  const queue = wholeNumber(draft.queue, 0, 256);
  const rows = draft.models.filter(({ id, engineModel }) => id !== '' || engineModel !== '');
  const models = rows.flatMap(({ id, engineModel, role, contextTokens }) => {
    const context = contextTokens.trim() === '' ? null : wholeNumber(contextTokens, leastContext, mostContext);
    const bad = !isModelId(id) || engineModel === '' || (context === null && contextTokens.trim() !== '');
    return bad ? [] : [{ id, engineModel, role: roleNumbers[role], contextTokens: context }];
  });
  const name = draft.name.trim();
  if (concurrency === null || queue === null || name === '' || draft.url === '' || models.length !== rows.length)
    return null;
  return { id: draft.id, name, kind: draft.kind, url: draft.url, enabled: draft.enabled, concurrency, queue, models };
}
