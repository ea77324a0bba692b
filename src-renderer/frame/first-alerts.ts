/** Which alerts are seen before the rest is unfolded: every kind once before any kind twice, so that ten stacks in dispute do not hide a lost link (product.md, Dashboard: "Needs you"). */

/** At most `room` of them, in their own order, which is worst first. */
export function firstAlerts<T extends { readonly code: string }>(alerts: readonly T[], room: number): T[] {
  const kinds = new Set<string>();
  const [first, again]: [T[], T[]] = [[], []];
  for (const alert of alerts) {
    (kinds.has(alert.code) ? again : first).push(alert);
    kinds.add(alert.code);
  }
  const chosen = new Set([...first, ...again].slice(0, room));
  return alerts.filter((alert) => chosen.has(alert));
}
