/** Asks before something is removed: what it means, then the act or a way back; what failed is said in place (product.md, "Rules": nothing irreversible without a preview). */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useTell } from './announcer.tsx';
import { Button } from './button.tsx';
import { ErrorNotice } from './notice.tsx';
import { Sheet } from './sheet.tsx';

/** The act as `useAct` gives it. */
type Removal<Input> = {
  readonly error: unknown;
  readonly isPending: boolean;
  mutate(input: Input, options: { onSuccess: () => void }): void;
};

/** `children` say what removing means; `done` is told once it is done. */
export function RemoveSheet<Input>(props: {
  title: string;
  act: string;
  done: string;
  removal: Removal<Input>;
  input: Input;
  onClose: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const tell = useTell();
  const { removal, onClose } = props;
  const onSuccess = (): void => {
    tell(true, props.done);
    onClose();
  };
  return (
    <Sheet title={props.title} onClose={onClose}>
      {props.children}
      {removal.error !== null && <ErrorNotice error={removal.error} />}
      <div className="actions">
        <Button look="danger" busy={removal.isPending} onClick={() => removal.mutate(props.input, { onSuccess })}>
          {props.act}
        </Button>
        <Button onClick={onClose}>{t('act.cancel')}</Button>
      </div>
    </Sheet>
  );
}
