/** Where an attestation or a check before settling stands, as a coloured word with an icon (design.md: never by hue alone). */
import { CircleCheck, CircleHelp, CircleSlash, Clock, Loader, Lock, ShieldAlert } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { AttestationView, StackAuditView } from '../../../src-shared/bridge/attestation-calls.ts';
import type { Tone } from '../../components/notice.tsx';
import { Mark } from '../../components/state-pill.tsx';

const phases: Record<AttestationView['phase'], readonly [Tone, LucideIcon]> = {
  running: ['ready', Loader],
  waiting: ['idle', Clock],
  asks: ['danger', CircleHelp],
  attested: ['executing', CircleCheck],
  silent: ['unstaking', CircleSlash],
  disputed: ['danger', Lock],
  window_over: ['unstaking', Clock],
  slashed: ['danger', ShieldAlert],
  unharmed: ['idle', CircleSlash],
};
const audits: Record<StackAuditView['status'], readonly [Tone, LucideIcon]> = {
  wanted: ['ready', Loader],
  passed: ['executing', CircleCheck],
  failed: ['danger', ShieldAlert],
  overruled: ['unstaking', CircleSlash],
};

/** The word of a phase. */
export function PhaseMark({ phase }: { phase: AttestationView['phase'] }) {
  const { t } = useTranslation();
  const [tone, icon] = phases[phase];
  return (
    <Mark tone={tone} icon={icon}>
      {t(`attestations.phase.${phase}`)}
    </Mark>
  );
}

/** The word of a check. */
export function AuditMark({ status }: { status: StackAuditView['status'] }) {
  const { t } = useTranslation();
  const [tone, icon] = audits[status];
  return (
    <Mark tone={tone} icon={icon}>
      {t(`attestations.audit.${status}`)}
    </Mark>
  );
}
