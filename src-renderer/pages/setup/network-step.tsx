/** Step 1: the network; the sandbox is chosen beforehand. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { networkProfileSchema } from '../../../src-shared/domain/network-profile.ts';
import { AppError } from '../../../src-shared/errors.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { useAct } from '../../data/client.tsx';
import type { StepProps } from './step-props.ts';

const custom = 'custom-file';

/** Reads a profile file; AppError `network.bad_profile` says what is wrong with it. */
async function readProfile(file: File) {
  const parsed = networkProfileSchema.safeParse(
    await file
      .text()
      .then(JSON.parse)
      .catch(() => null),
  );
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError('network.bad_profile', {
    detail: issue === undefined ? '' : `${issue.path.join('.')} ${issue.message}`,
  });
}

/** Radio list of the known networks and a file for another one. */
export function NetworkStep({ setup, onNext }: StepProps) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState(
    setup.networkId ?? setup.networks.find((entry) => entry.kind === 'sandbox')?.id ?? setup.networks[0]?.id ?? custom,
  );
  const [file, setFile] = useState<File | null>(null);
  const [fileError, setFileError] = useState<unknown>(null);
  const choose = useAct('setup.network', ['setup.get', 'node.get', 'settings.get']);
  const add = useAct('setup.customNetwork', ['setup.get', 'node.get', 'settings.get']);
  const proceed = async (): Promise<void> => {
    setFileError(null);
    if (chosen !== custom) return choose.mutate({ networkId: chosen }, { onSuccess: onNext });
    if (file === null) return undefined;
    return readProfile(file).then(
      (profile) => add.mutate({ profile }, { onSuccess: onNext }),
      (error: unknown) => setFileError(error),
    );
  };
  const picked = setup.networks.find((entry) => entry.id === chosen);
  const error = fileError ?? choose.error ?? add.error;
  return (
    <>
      <fieldset>
        <legend className="sr-only">{t('setup.title.network')}</legend>
        <div className="choices">
          {[
            ...setup.networks.map(
              (entry) => [entry.id, entry.name, entry.note ?? t(`setup.network.${entry.kind}`)] as const,
            ),
            [custom, t('setup.network.other'), t('setup.network.otherHint')] as const,
          ].map(([id, name, note]) => (
            <label key={id} className="choice">
              <input type="radio" name="network" value={id} checked={chosen === id} onChange={() => setChosen(id)} />
              <span className="notice-title">{name}</span>
              <span className="hint">{note}</span>
            </label>
          ))}
        </div>
      </fieldset>
      {chosen === custom && (
        <div className="field">
          <label htmlFor="profile">{t('setup.network.file')}</label>
          <input
            id="profile"
            type="file"
            accept="application/json,.json"
            onChange={(event) => setFile(event.target.files?.[0] ?? null)}
          />
        </div>
      )}
      {picked !== undefined && !picked.hasCoordinator && (
        <Notice tone="unstaking" title={t('setup.network.noCoordinator')} />
      )}
      {error !== null && <ErrorNotice error={error} />}
      <div className="actions">
        <Button
          look="primary"
          busy={choose.isPending || add.isPending}
          disabled={chosen === custom && file === null}
          onClick={() => void proceed()}
        >
          {t('act.continue')}
        </Button>
        {choose.isPending && <p className="hint">{t('setup.network.starting')}</p>}
      </div>
    </>
  );
}
