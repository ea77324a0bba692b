/** The tasks on which buyers buy, one switch each; one always stays on. */
import { useTranslation } from 'react-i18next';
import { Switch } from '../../components/field.tsx';
import { useCall } from '../../data/client.tsx';
import { modelName } from '../../format/quantity.ts';
import { switchTask } from './dials.ts';

/** Switches of the chat tasks; before the chain was read, of those that are bought on. */
export function BuyingTasks(props: { chosen: readonly number[]; disabled: boolean; onChange: (taskSmallIds: number[]) => void }) {
  const { t } = useTranslation();
  const tasks = useCall('tasks.list', {});
  const listed = (tasks.data ?? [])
    .filter((task) => task.role === 0 && task.model !== null && !task.isDeprecated)
    .map((task) => ({
      id: Number(task.taskSmallId),
      name: modelName(task.model ?? ''),
      security: t(`setup.task.security.${task.securityLevel}`),
    }));
  const unknown = props.chosen
    .filter((id) => listed.every((task) => task.id !== id))
    .map((id) => ({ id, name: null, security: null }));
  return (
    <fieldset className="dial-tasks">
      <legend className="legend">{t('network.buyOn')}</legend>
      {[...listed, ...unknown]
        .sort((a, b) => a.id - b.id)
        .map(({ id, name, security }) => {
          const on = props.chosen.includes(id);
          return (
            <Switch
              key={id}
              label={name === null ? t('network.taskNumber', { id }) : t('network.taskNamed', { id, name })}
              hint={security === null ? undefined : t('network.taskSecurity', { security })}
              checked={on}
              disabled={props.disabled || (on && props.chosen.length === 1)}
              onChange={(checked) => {
                const next = switchTask(props.chosen, id, checked);
                if (next !== null) props.onChange(next);
              }}
            />
          );
        })}
    </fieldset>
  );
}
