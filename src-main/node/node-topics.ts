/** Tells whoever listens that something changed; what it is now is read again (architecture.md, "The main job", step 10). */
import type { Topic } from '../../src-shared/bridge/index.ts';

/** The listeners of the node. */
export type Topics = {
  /** Tells nobody before `begin`. */
  tell(topic: Topic): void;
  /** The node is open: from now on there is something that was read and can become old. */
  begin(): void;
  /** The answer ends the listening. */
  onTopic(listener: (topic: Topic) => void): () => void;
};

/** Creates it without listeners, silent until it begins. */
export function createTopics(): Topics {
  const listeners = new Set<(topic: Topic) => void>();
  let begun = false;
  return {
    tell: (topic) => {
      if (begun) listeners.forEach((listener) => listener(topic));
    },
    begin() {
      begun = true;
    },
    onTopic(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
