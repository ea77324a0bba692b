/** Gets a model: its name, what the host has of it, one quantisation, and the room it needs, before anything is fetched. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelOffer, Quantisation } from '../../../src-shared/bridge/model-calls.ts';
import { Button } from '../button.tsx';
import { Facts } from '../card.tsx';
import { IdText } from '../copy.tsx';
import { Field, Select } from '../field.tsx';
import { ErrorNotice, Notice } from '../notice.tsx';
import { Sheet } from '../sheet.tsx';
import { useAct } from '../../data/client.tsx';
import { sizeText } from '../../format/quantity.ts';
import { roleWord, roleWords, servedRoles } from './roles.ts';
import type { RoleWord } from './roles.ts';

/** The choices of an offer; the first that can be taken is chosen. */
function OfferForm({ offer, onClose }: { offer: ModelOffer; onClose: () => void }) {
  const { t } = useTranslation();
  const takeable = offer.choices.filter(({ problem }) => problem === null);
  const [quantisation, setQuantisation] = useState<Quantisation | null>(takeable[0]?.quantisation ?? null);
  const [role, setRole] = useState<RoleWord | ''>(offer.role === null ? '' : roleWord(offer.role));
  const download = useAct('models.download', ['models.get']);
  const choice = takeable.find((one) => one.quantisation === quantisation) ?? null;
  const short = choice !== null && offer.freeBytes !== null && choice.sizeBytes > offer.freeBytes;
  if (offer.installed) return <Notice tone="ready" title={t('models.alreadyThere')} />;
  if (choice === null)
    return (
      <Notice tone="unstaking" title={t('models.nothingToTake')}>
        <p>{offer.choices[0]?.problem ?? t('models.noGraph')}</p>
      </Notice>
    );
  return (
    <form
      className="stack-list"
      onSubmit={(event) => {
        event.preventDefault();
        if (role !== '')
          download.mutate(
            {
              repo: offer.repo,
              commit: offer.commit,
              quantisation: choice.quantisation,
              role: roleWords.indexOf(role),
            },
            { onSuccess: onClose },
          );
      }}
    >
      <Select
        label={t('models.quantisation')}
        value={choice.quantisation}
        options={takeable.map(
          (one) =>
            [
              one.quantisation,
              t('models.choice', {
                name: t(`models.quantisationName.${one.quantisation}`),
                size: sizeText(one.sizeBytes),
              }),
            ] as const,
        )}
        onChange={setQuantisation}
      />
      <Select
        label={t('models.roleLabel')}
        value={role}
        options={[
          ...(offer.role === null ? [['', t('models.chooseRole')] as const] : []),
          ...servedRoles.map((one) => [one, t(`models.role.${one}`)] as const),
        ]}
        onChange={setRole}
        hint={t(offer.role === null ? 'models.roleUnknown' : 'models.roleGuessed')}
      />
      <Facts
        ends
        rows={[
          [t('models.size'), sizeText(choice.sizeBytes)],
          [t('models.free'), offer.freeBytes === null ? t('models.unknown') : sizeText(offer.freeBytes)],
          [t('models.vram'), t('models.estimate', { size: sizeText(choice.vramBytes) })],
          [t('models.files'), t('models.howChecked', { count: choice.files, lfs: choice.checkedByLfs })],
          [t('models.revision'), <IdText key="c" id={offer.commit} name={t('models.revision')} />],
        ]}
      />
      {short && <Notice tone="danger" role="alert" title={t('models.noRoom')} />}
      {download.error !== null && <ErrorNotice error={download.error} />}
      <div className="actions">
        <Button type="submit" look="primary" busy={download.isPending} disabled={short || role === ''}>
          {t('models.download')}
        </Button>
      </div>
    </form>
  );
}

/** The sheet; `model` is the name that it begins with. */
export function GetSheet({ host, model = '', onClose }: { host: string; model?: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [repo, setRepo] = useState(model);
  const [revision, setRevision] = useState('main');
  const look = useAct('models.look');
  return (
    <Sheet title={t('models.getTitle')} onClose={onClose}>
      <form
        className="stack-list"
        onSubmit={(event) => {
          event.preventDefault();
          if (repo !== '' && revision !== '') look.mutate({ repo, revision });
        }}
      >
        <Field
          label={t('models.repo')}
          placeholder={t('models.nameForm')}
          value={repo}
          onChange={(event) => setRepo(event.target.value.trim())}
          hint={t('models.repoHint', { host })}
        />
        <Field
          label={t('models.revisionAsked')}
          value={revision}
          onChange={(event) => setRevision(event.target.value.trim())}
          hint={t('models.revisionHint')}
        />
        <div className="actions">
          <Button type="submit" busy={look.isPending} disabled={repo === '' || revision === ''}>
            {t('models.look')}
          </Button>
        </div>
      </form>
      {look.error !== null && <ErrorNotice error={look.error} />}
      {look.data !== undefined && (
        <OfferForm key={`${look.data.repo}@${look.data.commit}`} offer={look.data} onClose={onClose} />
      )}
    </Sheet>
  );
}
