/** Copying text and showing long identifiers that can be copied. */
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { shortId } from '../format/quantity.ts';
import { Button, IconButton } from './button.tsx';

/** Copies, and says for two seconds that it did. */
function useCopy(text: string): { copied: boolean; copy: () => void } {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);
  // Where the browser refuses the clipboard the mark simply does not appear; the text can still be selected.
  const copy = (): void =>
    void navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return { copied, copy };
}

/** A button with a word that copies. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation();
  const { copied, copy } = useCopy(text);
  return (
    <Button
      small
      onClick={copy}
      icon={copied ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
    >
      <span aria-live="polite">{copied ? t('act.copied') : label}</span>
    </Button>
  );
}

/** A long identifier, shortened, with a button that copies it whole. `name` says what it is. */
export function IdText({ id, name, whole = false }: { id: string; name: string; whole?: boolean }) {
  const { t } = useTranslation();
  const { copied, copy } = useCopy(id);
  return (
    <span className="id-text">
      <code className="break" title={id}>
        {whole ? id : shortId(id)}
      </code>
      <IconButton
        small
        label={copied ? t('act.copied') : t('act.copyNamed', { name })}
        onClick={copy}
        icon={copied ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
      />
    </span>
  );
}
