/** Whether this machine can serve a task, and if not, why. */
import { CircleCheck, CircleMinus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { TaskView } from '../../src-shared/bridge/views.ts';
import { Mark } from './state-pill.tsx';

/** The mark with its reason below. */
export function CanServe({ task }: { task: Pick<TaskView, 'canServe' | 'whyNot'> }) {
  const { t } = useTranslation();
  if (task.canServe) {
    return (
      <Mark tone="executing" icon={CircleCheck}>
        {t('setup.task.can')}
      </Mark>
    );
  }
  return (
    <>
      <Mark tone="idle" icon={CircleMinus}>
        {t('setup.task.cannot')}
      </Mark>
      {task.whyNot !== null && <p className="hint">{t(`setup.task.whyNot.${task.whyNot}`)}</p>}
    </>
  );
}
