/** Keeps the newest log events in memory for the log view (product.md, Settings: "logs with filter and level"). */
import type { LogEvent, LogLevel } from '../log/logger.ts';

/** What the log view asks: events at or above a level that contain a text. */
export type LogQuery = { limit: number; level: LogLevel; text: string };

/** The ring. */
export type LogRing = {
  add(event: LogEvent): void;
  /** Newest first. */
  query(query: LogQuery): LogEvent[];
};

const order: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Creates a ring of `capacity` events. */
export function createLogRing(capacity: number): LogRing {
  const events: LogEvent[] = [];
  const matches = (event: LogEvent, text: string): boolean => `${event.event} ${JSON.stringify(event.fields)}`.toLowerCase().includes(text);
  return {
    add(event) {
      events.push(event);
      // Cut in blocks: shifting one by one would move the whole array for every event.
      if (events.length >= capacity * 2) events.splice(0, events.length - capacity);
    },
    query({ limit, level, text }) {
      const wanted = text.toLowerCase();
      const lowest = order.indexOf(level);
      return events
        .slice(-capacity)
        .reverse()
        .filter((event) => order.indexOf(event.level) >= lowest && (wanted === '' || matches(event, wanted)))
        .slice(0, limit);
    },
  };
}
