/** Where a remembered window may open: on a display that still exists, whole enough to be grasped (issue: remembered window bounds). */

/** A rectangle on the desktop. */
export type Bounds = { x: number; y: number; width: number; height: number };

/** Least part of the title's width that must lie on a display. */
const graspWidth = 120;

/** The bounds, shrunk to their display; null when the display is gone and the window should open at its usual place. */
export function boundsOnDisplays(bounds: Bounds, workAreas: readonly Bounds[]): Bounds | null {
  const shared = (area: Bounds): number => Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x);
  const area = workAreas.find((one) => shared(one) >= graspWidth && bounds.y >= one.y && bounds.y <= one.y + one.height - graspWidth);
  if (area === undefined) return null;
  return { ...bounds, width: Math.min(bounds.width, area.width), height: Math.min(bounds.height, area.height) };
}
