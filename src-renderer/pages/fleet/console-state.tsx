/** State of another console: what it said, or why it cannot be read; a word and an icon, never a hue alone. */
import { CircleAlert, CircleHelp, KeyRound, TriangleAlert, Unplug } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { FleetNode, FleetProblem } from '../../../src-shared/bridge/fleet-calls.ts';
import { Mark, StatePill } from '../../components/state-pill.tsx';
import type { Tone } from '../../components/notice.tsx';

const marks: Record<FleetProblem, readonly [Tone, LucideIcon]> = {
  unreachable: ['danger', Unplug],
  timeout: ['unstaking', Unplug],
  refused_token: ['danger', CircleAlert],
  other_certificate: ['danger', TriangleAlert],
  bad_certificate: ['danger', TriangleAlert],
  not_a_console: ['danger', CircleAlert],
  keys_locked: ['idle', KeyRound],
};

/** The pill. */
export function ConsoleState({ node: { problem, summary } }: { node: FleetNode }) {
  const { t } = useTranslation();
  if (problem !== null) {
    const [tone, icon] = marks[problem];
    return (
      <Mark tone={tone} icon={icon}>
        {t(`fleet.problem.${problem}`)}
      </Mark>
    );
  }
  if (summary === null)
    return (
      <Mark tone="idle" icon={CircleHelp}>
        {t('fleet.waiting')}
      </Mark>
    );
  return <StatePill state={summary.state} quiet />;
}
