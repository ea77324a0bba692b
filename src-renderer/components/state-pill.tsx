/** The state word with its hue and its icon (design.md, "Colour"). */
import { Activity, CircleCheck, CirclePause, Hourglass } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { NodeState } from '../../src-shared/domain/node-state.ts';
import type { Tone } from './notice.tsx';

/** Hue of a state. */
export const toneOf: Record<NodeState, Tone> = {
  EXECUTING: 'executing',
  READY: 'ready',
  IDLE: 'idle',
  UNSTAKING: 'unstaking',
};

const icons: Record<NodeState, LucideIcon> = {
  EXECUTING: Activity,
  READY: CircleCheck,
  IDLE: CirclePause,
  UNSTAKING: Hourglass,
};

/** Icon and word; pulses slowly while work runs, unless `quiet` (a state of the past). */
export function StatePill({ state, quiet = false }: { state: NodeState; quiet?: boolean }) {
  const { t } = useTranslation();
  const Icon = icons[state];
  return (
    <span
      className={`pill tone-${toneOf[state]} ${state === 'EXECUTING' && !quiet ? 'pulse' : ''}`}
      data-testid={quiet ? undefined : 'state-pill'}
    >
      <Icon size={14} aria-hidden="true" />
      {t(`nodeState.${state}`)}
    </span>
  );
}

/** A small coloured word with an icon. */
export function Mark(props: { tone: Tone; icon: LucideIcon; children: string }) {
  return (
    <span className={`pill tone-${props.tone}`}>
      <props.icon size={13} aria-hidden="true" />
      {props.children}
    </span>
  );
}
