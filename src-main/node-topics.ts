/** Tells whoever listens that something changed; what it is now is read again (architecture.md, "The main job", step 10). */
import type { Topic } from '../src-shared/bridge/index.ts';

/** The listeners of the node. */
export type Topics = {
  tell(topic: Topic): void;
  /** The answer ends the listening. */
  onTopic(listener: (topic: Topic) => void): () => void;
};

/** Creates it without listeners. */
export function createTopics(): Topics {
  const listeners = new Set<(topic: Topic) => void>();
  return {
    tell: (topic) => listeners.forEach((listener) => listener(topic)),
    onTopic(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
