/** Where a request stands, as a coloured word with an icon. */
import { CircleCheck, CircleSlash, CircleX, Loader, Send } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { JobStage } from '../../src-shared/domain/job-stage.ts';
import type { Tone } from './notice.tsx';
import { Mark } from './state-pill.tsx';

const looks: Record<JobStage, readonly [Tone, LucideIcon]> = {
  received: ['ready', Loader],
  decrypting: ['ready', Loader],
  executing: ['ready', Loader],
  proving: ['ready', Loader],
  proved: ['ready', Send],
  accepted: ['executing', CircleCheck],
  duplicate: ['executing', CircleCheck],
  rejected: ['danger', CircleX],
  failed: ['danger', CircleX],
  declined: ['idle', CircleSlash],
};

/** The stage's word. */
export function JobMark({ stage }: { stage: JobStage }) {
  const { t } = useTranslation();
  const [tone, icon] = looks[stage];
  return (
    <Mark tone={tone} icon={icon}>
      {t(`jobs.stage.${stage}`)}
    </Mark>
  );
}
