/** Set-up in seven steps, resumable at any of them: what is finished is derived from what exists (product.md, Set-up). */
import { Check, Cpu } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SetupStep, SetupView } from '../../../src-shared/bridge/views.ts';
import { Notice } from '../../components/notice.tsx';
import { useCall } from '../../data/client.tsx';
import { NetworkBadge } from '../../frame/top-bar.tsx';
import { FundsStep } from './funds-step.tsx';
import { KeyStep } from './key-step.tsx';
import { MachineStep } from './machine-step.tsx';
import { canOpen, setupSteps, shownStep, stepStatus } from './needs.ts';
import { NetworkStep } from './network-step.tsx';
import { RegisterStep } from './register-step.tsx';
import { StartStep } from './start-step.tsx';
import type { StepProps } from './step-props.ts';
import { TaskStep } from './task-step.tsx';
import './setup.css';

const bodies: Record<SetupStep, (props: StepProps) => ReactNode> = {
  network: NetworkStep,
  key: KeyStep,
  machine: MachineStep,
  funds: FundsStep,
  register: RegisterStep,
  task: TaskStep,
  start: StartStep,
};

function Steps(props: { setup: SetupView; shown: SetupStep; onOpen: (step: SetupStep) => void }) {
  const { t } = useTranslation();
  return (
    <nav aria-label={t('setup.steps')}>
      <ol className="setup-steps">
        {setupSteps.map((step, index) => {
          const status = stepStatus(props.setup, step);
          const content = (
            <>
              <span className="setup-number" aria-hidden="true">
                {status === 'done' ? <Check size={13} /> : index + 1}
              </span>
              <span className="setup-word">
                {t(`setup.step.${step}`)}
                <span className="sr-only"> {t(`setup.status.${status}`)}</span>
              </span>
            </>
          );
          const current = step === props.shown ? 'step' : undefined;
          return (
            <li key={step}>
              {canOpen(props.setup, step) ? (
                <button
                  type="button"
                  className={`setup-step ${status}`}
                  aria-current={current}
                  onClick={() => props.onOpen(step)}
                >
                  {content}
                </button>
              ) : (
                <span className="setup-step">{content}</span>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

/** Why the chain cannot be used, above every step that needs it. */
function ChainTrouble() {
  const chain = useCall('node.get', {}).data?.chain;
  if (chain === undefined || chain.status !== 'down' || chain.lastError === null) return null;
  return <Notice tone="danger" role="alert" title={chain.lastError.message} />;
}

/** The page; a step whose result is worth reading (the machine check) stays until the operator goes on. */
export function SetupPage({ setup }: { setup: SetupView }) {
  const { t } = useTranslation();
  const [lookedAt, setLookedAt] = useState<SetupStep | null>(null);
  const shown = shownStep(setup, lookedAt);
  const Body = bodies[shown];
  const network = setup.networks.find((entry) => entry.id === setup.networkId);
  const title = t(`setup.title.${shown}`);
  useEffect(() => {
    document.title = t('frame.documentTitle', { page: title });
    document.getElementById('setup-title')?.focus({ preventScroll: true });
  }, [title, t]);
  return (
    <div className="setup">
      <header className="setup-head">
        <p className="setup-brand">
          <Cpu size={20} aria-hidden="true" />
          {t('frame.brand')}
        </p>
        {network !== undefined && <NetworkBadge network={network} />}
      </header>
      <Steps setup={setup} shown={shown} onOpen={setLookedAt} />
      <main className="card setup-panel">
        <div>
          <p className="hint" role="status">
            {t('setup.progress', { step: setupSteps.indexOf(shown) + 1, steps: setupSteps.length })}
          </p>
          <h1 id="setup-title" tabIndex={-1}>
            {title}
          </h1>
          <p className="lead">{t(`setup.lead.${shown}`)}</p>
        </div>
        {shown !== 'network' && <ChainTrouble />}
        <Body key={shown} setup={setup} onNext={() => setLookedAt(null)} onStay={() => setLookedAt(shown)} />
      </main>
    </div>
  );
}
