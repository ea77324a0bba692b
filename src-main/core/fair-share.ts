/** Which waiting part of which task runs next, so that no task starves another: the task with the fewest parts running, of several the one served longest ago (issue 4, item 9; coordinator.md 2, max_parallel_subtasks). */

/** Parts of the tasks of this node. Parts of one task run in the order in which they came. */
export type FairShare<Part> = {
  readonly tasks: ReadonlyMap<string, { readonly waiting: readonly Part[]; readonly running: number; /** Turn of its last start; 0 for none. */ readonly servedAt: number; /** Turn at which its first waiting part came. */ readonly since: number }>;
  /** Counts arrivals and starts; stands for time. */
  readonly turn: number;
};

/** Nothing waits and nothing runs. */
export const emptyShare = <Part>(): FairShare<Part> => ({ tasks: new Map(), turn: 0 });

const none = { waiting: [], running: 0, servedAt: 0, since: 0 } as const;

/** A part of a task joins the others. */
export function joined<Part>({ tasks, turn }: FairShare<Part>, task: string, part: Part): FairShare<Part> {
  const before = tasks.get(task) ?? none;
  const since = before.waiting.length === 0 ? turn + 1 : before.since;
  return { tasks: new Map(tasks).set(task, { ...before, waiting: [...before.waiting, part], since }), turn: turn + 1 };
}

/** The parts that may begin now, with `slots` at once in all, in the order in which they begin. */
export function started<Part>(share: FairShare<Part>, slots: number): { share: FairShare<Part>; begin: { task: string; part: Part }[] } {
  const begin: { task: string; part: Part }[] = [];
  const tasks = new Map(share.tasks);
  let { turn } = share;
  let free = slots - [...tasks.values()].reduce((sum, { running }) => sum + running, 0);
  for (; free > 0; free -= 1) {
    const next = [...tasks].filter(([, { waiting }]) => waiting.length > 0).sort(([, a], [, b]) => a.running - b.running || a.servedAt - b.servedAt || a.since - b.since)[0];
    if (next === undefined) break;
    const [task, { waiting, running, ...rest }] = next;
    turn += 1;
    begin.push({ task, part: waiting[0]! });
    tasks.set(task, { ...rest, waiting: waiting.slice(1), running: running + 1, servedAt: turn });
  }
  return { share: { tasks, turn }, begin };
}

/** A part of the task ended. A task of which nothing is left is forgotten. */
export const ended = <Part>(share: FairShare<Part>, task: string): FairShare<Part> => changed(share, task, ({ running, ...rest }) => ({ ...rest, running: running - 1 }));

/** Parts that wait are given up. */
export const withdrawn = <Part>(share: FairShare<Part>, task: string, isGone: (part: Part) => boolean): FairShare<Part> =>
  changed(share, task, ({ waiting, ...rest }) => ({ ...rest, waiting: waiting.filter((part) => !isGone(part)) }));

type Entry<Part> = FairShare<Part>['tasks'] extends ReadonlyMap<string, infer One> ? One : never;

function changed<Part>({ tasks, turn }: FairShare<Part>, task: string, change: (entry: Entry<Part>) => Entry<Part>): FairShare<Part> {
  const before = tasks.get(task);
  if (before === undefined) return { tasks, turn };
  const after = change(before);
  const next = new Map(tasks);
  if (after.running === 0 && after.waiting.length === 0) next.delete(task);
  else next.set(task, after);
  return { tasks: next, turn };
}
