/** Adds or changes an engine: where it is, whether it answers, and which of its models serves which of the network's. */
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { engineKindSchema } from '../../../../src-shared/bridge/engine-calls.ts';
import type { EngineCheck, EngineSettings } from '../../../../src-shared/bridge/engine-calls.ts';
import { useTell } from '../../../components/announcer.tsx';
import { Button, IconButton } from '../../../components/button.tsx';
import { Field, Select, Switch } from '../../../components/field.tsx';
import { ErrorNotice, Notice } from '../../../components/notice.tsx';
import { Sheet } from '../../../components/sheet.tsx';
import { useAct, useCall } from '../../../data/client.tsx';
import { workTimeText } from '../../../format/time.ts';
import {
  draftOf,
  emptyModel,
  engineRoles,
  isModelId,
  leastContext,
  mostContext,
  settingsOf,
  wholeNumber,
} from './engine-form.ts';
import type { EngineDraft, ModelDraft } from './engine-form.ts';

const reads = ['engines.list', 'models.get', 'models.list', 'node.get'] as const;

/** What an engine said of itself just now. */
function CheckNotice({ check }: { check: EngineCheck }) {
  const { t } = useTranslation();
  if (check.problem !== null)
    return (
      <Notice tone="danger" role="alert" title={t('engines.testBad')}>
        <p className="break">{check.problem.message}</p>
      </Notice>
    );
  return (
    <Notice
      tone="executing"
      role="status"
      title={t('engines.testOk', {
        version: check.version ?? t('engines.testNoVersion'),
        count: check.models.length,
        took: workTimeText(check.tookMs),
      })}
    />
  );
}

function ModelFields(props: {
  number: number;
  draft: ModelDraft;
  names: readonly string[];
  fixedRole: boolean;
  change: (change: Partial<ModelDraft>) => void;
  remove: () => void;
}) {
  const { t } = useTranslation();
  const { draft, number, names, change } = props;
  const context = draft.contextTokens.trim();
  const badContext = context !== '' && wholeNumber(context, leastContext, mostContext) === null;
  // Names the engine has just told are offered; any other can be typed while it does not answer.
  const known = names.length > 0 && (draft.engineModel === '' || names.includes(draft.engineModel));
  return (
    <fieldset className="engine-model">
      <legend>{t('engines.modelNumber', { number })}</legend>
      <Field
        label={t('engines.networkModel')}
        list="engine-network-models"
        placeholder={t('engines.networkModelForm')}
        value={draft.id}
        onChange={(event) => change({ id: event.target.value.trim() })}
        error={draft.id !== '' && !isModelId(draft.id) ? t('engines.networkModelBad') : null}
        hint={t('engines.networkModelHint')}
      />
      {known ? (
        <Select
          label={t('engines.engineModel')}
          value={draft.engineModel}
          options={[
            ...(draft.engineModel === '' ? [['', ''] as const] : []),
            ...names.map((name) => [name, name] as const),
          ]}
          onChange={(engineModel) => change({ engineModel })}
        />
      ) : (
        <Field
          label={t('engines.engineModel')}
          value={draft.engineModel}
          onChange={(event) => change({ engineModel: event.target.value.trim() })}
          hint={t('engines.engineModelHint')}
        />
      )}
      <div className="two">
        <Select
          label={t('engines.role')}
          value={draft.role}
          options={engineRoles
            .filter((role) => !props.fixedRole || role === 'embeddings')
            .map((role) => [role, t(`engines.roles.${role}`)] as const)}
          onChange={(role) => change({ role })}
        />
        <Field
          label={t('engines.context')}
          inputMode="numeric"
          value={draft.contextTokens}
          onChange={(event) => change({ contextTokens: event.target.value })}
          error={badContext ? t('engines.contextBad') : null}
          hint={t('engines.contextHint')}
        />
      </div>
      <div className="actions">
        <IconButton
          label={t('engines.removeModel', { number })}
          icon={<Trash2 size={16} aria-hidden="true" />}
          onClick={props.remove}
        />
      </div>
    </fieldset>
  );
}

/** The sheet; `settings` null adds an engine. */
export function EngineSheet(props: {
  settings: EngineSettings | null;
  hasToken: boolean;
  keysUnlocked: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const tell = useTell();
  const [draft, setDraft] = useState<EngineDraft>(() =>
    draftOf(props.settings, Math.random().toString(36).slice(2, 12).padEnd(10, '0')),
  );
  const [token, setToken] = useState('');
  const test = useAct('engines.test');
  const save = useAct('engines.save', [...reads]);
  const local = useCall('models.list', {});
  const change = (part: Partial<EngineDraft>): void => setDraft((before) => ({ ...before, ...part }));
  const changeModel = (index: number, part: Partial<ModelDraft>): void =>
    setDraft((before) => ({
      ...before,
      models: before.models.map((model, at) => (at === index ? { ...model, ...part } : model)),
    }));
  const settings = settingsOf(draft);
  const given = token === '' ? {} : { token };
  const names = test.data?.models.map(({ id }) => id) ?? [];
  const send = (forget: boolean): void => {
    if (settings === null) return;
    save.mutate(
      { settings, ...(forget ? { token: null } : given) },
      {
        onSuccess: () => {
          tell(true, t('engines.saved', { name: settings.name }));
          props.onClose();
        },
      },
    );
  };
  const numberError = (text: string, least: number): string | null =>
    wholeNumber(text, least, 256) === null ? t('engines.numberBad', { least, most: 256 }) : null;
  return (
    <Sheet
      title={props.settings === null ? t('engines.addTitle') : t('engines.editTitle', { name: props.settings.name })}
      onClose={props.onClose}
    >
      <form
        className="stack-list"
        onSubmit={(event) => {
          event.preventDefault();
          send(false);
        }}
      >
        <Field
          label={t('engines.name')}
          value={draft.name}
          maxLength={60}
          onChange={(event) => change({ name: event.target.value })}
          hint={t('engines.nameHint')}
        />
        <Select
          label={t('engines.kind')}
          value={draft.kind}
          options={engineKindSchema.options.map((kind) => [kind, t(`engines.kinds.${kind}`)] as const)}
          onChange={(kind) =>
            change({
              kind,
              models: draft.models.map((model) => (kind === 'tei' ? { ...model, role: 'embeddings' } : model)),
            })
          }
        />
        <Field
          label={t('engines.url')}
          inputMode="url"
          value={draft.url}
          onChange={(event) => change({ url: event.target.value.trim() })}
          hint={t('engines.urlHint')}
        />
        <Field
          label={t('engines.token')}
          type="password"
          value={token}
          disabled={!props.keysUnlocked}
          placeholder={props.hasToken ? t('engines.tokenKept') : ''}
          onChange={(event) => setToken(event.target.value.trim())}
          hint={t(props.keysUnlocked ? 'engines.tokenHint' : 'engines.tokenLocked')}
        />
        <div className="actions">
          <Button
            busy={test.isPending}
            disabled={draft.url === ''}
            onClick={() => test.mutate({ kind: draft.kind, url: draft.url, id: props.settings?.id ?? null, ...given })}
          >
            {t('engines.test')}
          </Button>
        </div>
        {test.error !== null && <ErrorNotice error={test.error} />}
        {test.data !== undefined && !test.isPending && <CheckNotice check={test.data} />}
        <h3>{t('engines.models')}</h3>
        <p className="hint">{t('engines.modelsHint')}</p>
        <datalist id="engine-network-models">
          {(local.data ?? []).map(({ id }) => (
            <option key={id} value={id} />
          ))}
        </datalist>
        {draft.models.map((model, index) => (
          <ModelFields
            key={index}
            number={index + 1}
            draft={model}
            names={names}
            fixedRole={draft.kind === 'tei'}
            change={(part) => changeModel(index, part)}
            remove={() => change({ models: draft.models.filter((_, at) => at !== index) })}
          />
        ))}
        <div className="actions">
          <Button
            small
            icon={<Plus size={16} aria-hidden="true" />}
            onClick={() => change({ models: [...draft.models, emptyModel(draft.kind)] })}
          >
            {t('engines.addModel')}
          </Button>
        </div>
        <div className="two">
          <Field
            label={t('engines.concurrency')}
            inputMode="numeric"
            value={draft.concurrency}
            onChange={(event) => change({ concurrency: event.target.value })}
            error={numberError(draft.concurrency, 1)}
          />
          <Field
            label={t('engines.queue')}
            inputMode="numeric"
            value={draft.queue}
            onChange={(event) => change({ queue: event.target.value })}
            error={numberError(draft.queue, 0)}
          />
        </div>
        <Switch
          label={t('engines.enabled')}
          hint={t('engines.enabledHint')}
          checked={draft.enabled}
          onChange={(enabled) => change({ enabled })}
        />
        {save.error !== null && <ErrorNotice error={save.error} />}
        <div className="actions">
          <Button type="submit" look="primary" busy={save.isPending} disabled={settings === null}>
            {t('act.save')}
          </Button>
          {props.hasToken && (
            <Button busy={save.isPending} disabled={settings === null} onClick={() => send(true)}>
              {t('engines.forgetToken')}
            </Button>
          )}
        </div>
      </form>
    </Sheet>
  );
}
