/** A value that cannot be printed by accident: JSON, string conversion and inspection show `[redacted]` (architecture.md, "Logging"). */

/** Holds a secret; only {@link Secret.reveal} gives it out. */
export type Secret<T> = { reveal(): T };

const mask = (): string => '[redacted]';

/** Wraps a value as a {@link Secret}. It lives in a closure, so no property walk reaches it. */
export function createSecret<T>(value: T): Secret<T> {
  const shown = { toJSON: mask, toString: mask, [Symbol.for('nodejs.util.inspect.custom')]: mask };
  return Object.freeze({ reveal: () => value, ...shown });
}
