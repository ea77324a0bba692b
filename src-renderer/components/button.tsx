/** Buttons and links that look like them; a working button says so and cannot be pressed twice. */
import { LoaderCircle } from 'lucide-react';
import type { ButtonHTMLAttributes, ReactNode } from 'react';

type Look = 'primary' | 'danger' | 'quiet';
type Props = ButtonHTMLAttributes<HTMLButtonElement> & {
  look?: Look;
  small?: boolean;
  busy?: boolean;
  icon?: ReactNode;
};

/** A button; `busy` keeps it focusable, announces the wait and ignores presses. */
export function Button({ look, small, busy = false, icon, children, className, onClick, ...rest }: Props) {
  const classes = ['button', look, small === true ? 'small' : '', className].filter(Boolean).join(' ');
  return (
    <button
      type="button"
      {...rest}
      className={classes}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {busy ? <LoaderCircle size={16} aria-hidden="true" /> : icon}
      {children}
    </button>
  );
}

/** A button that shows only an icon; `label` is its name and its title. */
export function IconButton({
  label,
  icon,
  ...rest
}: Omit<Props, 'children' | 'icon'> & { label: string; icon: ReactNode }) {
  return <Button {...rest} look={rest.look ?? 'quiet'} className="icon" aria-label={label} title={label} icon={icon} />;
}
