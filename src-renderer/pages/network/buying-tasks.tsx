/** What buyers ask for: a switch for each task, one of which always stays on; for each kind of work that has no task yet; and for functions (product.md, Network: workload mix). */
import { useTranslation } from 'react-i18next';
import type { OfferedRole, SandboxView } from '../../../src-shared/bridge/views.ts';
import { useTell } from '../../components/announcer.tsx';
import { Switch } from '../../components/field.tsx';
import { useAct, useCall } from '../../data/client.tsx';
import { modelName } from '../../format/quantity.ts';
import { rolesToOffer, roleWords, switchTask } from './dials.ts';

type Mix = Pick<SandboxView['demand'], 'taskSmallIds' | 'functions'>;

/** The switches; before the chain was read, those of the tasks that are bought on. */
export function BuyingTasks({
  taskSmallIds,
  functions,
  disabled,
  onChange,
}: Mix & { disabled: boolean; onChange: (mix: Partial<Mix>) => void }) {
  const { t } = useTranslation();
  const tell = useTell();
  const tasks = useCall('tasks.list', {});
  const offer = useAct('sandbox.offerRole', ['sandbox.get', 'tasks.list']);
  const offered = (tasks.data ?? []).flatMap((task) => {
    const word = roleWords[task.role];
    if (word === undefined || task.model === null || task.isDeprecated) return [];
    const about = { role: t(`tasks.role.${word}`), security: t(`setup.task.security.${task.securityLevel}`) };
    return [{ id: Number(task.taskSmallId), name: modelName(task.model), about }];
  });
  const unknown = taskSmallIds
    .filter((id) => offered.every((task) => task.id !== id))
    .map((id) => ({ id, name: null, about: null }));
  const offerRole = (role: OfferedRole): void =>
    offer.mutate(
      { role },
      { onSuccess: () => tell(true, t('network.roleOffered')), onError: (error) => tell(false, error.message) },
    );
  const isBusy = disabled || offer.isPending;
  return (
    <fieldset className="dial-tasks">
      <legend className="legend">{t('network.buyOn')}</legend>
      {[...offered, ...unknown]
        .sort((a, b) => a.id - b.id)
        .map(({ id, name, about }) => {
          const on = taskSmallIds.includes(id);
          return (
            <Switch
              key={id}
              label={name === null ? t('network.taskNumber', { id }) : t('network.taskNamed', { id, name })}
              hint={about === null ? undefined : t('network.taskAbout', about)}
              checked={on}
              disabled={isBusy || (on && taskSmallIds.length === 1)}
              onChange={(checked) => {
                const next = switchTask(taskSmallIds, id, checked);
                if (next !== null) onChange({ taskSmallIds: next });
              }}
            />
          );
        })}
      {tasks.data !== undefined &&
        rolesToOffer(tasks.data).map((role) => (
          <Switch
            key={`role ${role}`}
            label={t(`tasks.role.${roleWords[role]}`)}
            hint={t(role === 3 ? 'network.noPictureTask' : 'network.noTask')}
            checked={false}
            disabled={isBusy}
            onChange={() => offerRole(role)}
          />
        ))}
      <Switch
        label={t('network.functions')}
        hint={t('network.functionsHint')}
        checked={functions}
        disabled={isBusy}
        onChange={(on) => onChange({ functions: on })}
      />
    </fieldset>
  );
}
