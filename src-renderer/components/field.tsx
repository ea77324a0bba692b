/** Labelled inputs with hints and errors tied to them, switches and segmented choices. */
import { useId } from 'react';
import type { InputHTMLAttributes, ReactNode } from 'react';

/** A text input with its label, a hint, and an error that takes the hint's place. */
export function Field(
  props: { label: ReactNode; hint?: ReactNode; error?: string | null } & Omit<
    InputHTMLAttributes<HTMLInputElement>,
    'id'
  >,
) {
  const { label, hint, error, ...input } = props;
  const id = useId();
  const bad = error !== undefined && error !== null;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        type="text"
        autoComplete="off"
        spellCheck={false}
        {...input}
        id={id}
        className="input"
        aria-invalid={bad || undefined}
        aria-describedby={bad || hint !== undefined ? `${id}-hint` : undefined}
      />
      {(bad || hint !== undefined) && (
        <div id={`${id}-hint`} className={bad ? 'hint bad' : 'hint'} aria-live="polite">
          {bad ? error : hint}
        </div>
      )}
    </div>
  );
}

/** A select with its label. */
export function Select<V extends string>(props: {
  label: string;
  value: V;
  options: readonly (readonly [V, string])[];
  onChange: (value: V) => void;
  hint?: string;
  /** Small and without a visible label, to stand among buttons. */
  compact?: boolean;
}) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id} className={props.compact === true ? 'sr-only' : undefined}>
        {props.label}
      </label>
      <select
        id={id}
        className={props.compact === true ? 'input small' : 'input'}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value as V)}
      >
        {props.options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
      {props.hint !== undefined && <p className="hint">{props.hint}</p>}
    </div>
  );
}

/** On or off, with a sentence of what it does. */
export function Switch(props: {
  label: string;
  hint?: ReactNode;
  checked: boolean;
  disabled?: boolean;
  onChange: (on: boolean) => void;
}) {
  const id = useId();
  return (
    <div className="switch">
      <input
        id={id}
        type="checkbox"
        role="switch"
        checked={props.checked}
        disabled={props.disabled}
        aria-describedby={props.hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => props.onChange(event.target.checked)}
      />
      <label htmlFor={id}>{props.label}</label>
      {props.hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      )}
    </div>
  );
}

/** One of a few choices, side by side. */
export function Segments<V extends string>(props: {
  legend: string;
  value: V;
  options: readonly (readonly [V, string])[];
  onChange: (value: V) => void;
}) {
  const name = useId();
  return (
    <fieldset>
      <legend className="sr-only">{props.legend}</legend>
      <span className="segments">
        {props.options.map(([value, text]) => (
          <label key={value}>
            <input
              type="radio"
              name={name}
              value={value}
              checked={props.value === value}
              onChange={() => props.onChange(value)}
            />
            <span>{text}</span>
          </label>
        ))}
      </span>
    </fieldset>
  );
}
