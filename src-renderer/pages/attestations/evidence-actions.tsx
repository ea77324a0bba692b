/** Exports the evidence of a stack as a JSON file, or copies it where the browser saves no file. */
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy.tsx';
import { useAct } from '../../data/client.tsx';

/** Hands a text to the browser as a file. */
function save(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}

/** The button, and what the file holds. */
export function EvidenceActions({ stackSmallId }: { stackSmallId: bigint }) {
  const { t } = useTranslation();
  const tell = useTell();
  const evidence = useAct('attestations.evidence');
  const exported = (): void =>
    evidence.mutate(
      { stackSmallId },
      { onSuccess: ({ fileName, json }) => save(fileName, json), onError: (error) => tell(false, error.message) },
    );
  return (
    <div className="section">
      <div className="actions">
        <Button busy={evidence.isPending} onClick={exported} icon={<Download size={15} aria-hidden="true" />}>
          {t('attestations.evidence')}
        </Button>
        {evidence.data !== undefined && <CopyButton text={evidence.data.json} label={t('attestations.evidenceCopy')} />}
      </div>
      <p className="hint">{t('attestations.evidenceHint')}</p>
    </div>
  );
}
