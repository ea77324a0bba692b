/** The structured logger: dotted event name and fields, redacted, one JSON line each through pino (architecture.md, "Logging"). */
import pino from 'pino';
import { redact } from './redact.ts';

/** error = the operator must act; warn = may need to; info = rare milestones; debug = the rest. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Fields of an event: plain values; prompts, results, keys and tokens never. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where modules report what happened; `event` is a dotted name such as `job.proved`. */
export type Logger = Readonly<Record<LogLevel, (event: string, fields?: LogFields) => void>> & {
  /** A logger that adds `fields` to every event, for example the task id. */
  child(fields: LogFields): Logger;
};

/** One event as it is kept for the log view. */
export type LogEvent = { atMs: number; level: LogLevel; event: string; fields: LogFields };

type Options = {
  /** Lowest level that is written. */
  level: LogLevel;
  /** Receives each finished JSON line, with its newline. */
  write: (line: string) => void;
  /** Receives each event after redaction, for the log view. */
  onEvent?: (event: LogEvent) => void;
  now: () => number;
};

/** Creates the root logger. Everything passes redaction before it reaches `write` or `onEvent`. */
export function createLogger({ level, write, onEvent, now }: Options): Logger {
  const root = pino(
    { level, base: null, timestamp: () => `,"time":${now()}`, formatters: { level: (label) => ({ level: label }) }, messageKey: 'event' },
    { write },
  );
  const build = (bound: LogFields): Logger => {
    const emit = (name: LogLevel) => (event: string, fields: LogFields = {}) => {
      if (!root.isLevelEnabled(name)) return;
      const clean = redact({ ...bound, ...fields });
      root[name](clean, event);
      onEvent?.({ atMs: now(), level: name, event, fields: clean });
    };
    return {
      debug: emit('debug'),
      info: emit('info'),
      warn: emit('warn'),
      error: emit('error'),
      child: (fields) => build({ ...bound, ...fields }),
    };
  };
  return build({});
}

/** A logger that drops everything; for tests and tools. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
};
