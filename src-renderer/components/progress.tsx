/** Thin progress bars: a share of a whole, or a wait of unknown length. */

/** `percent` null means that the end is not known. */
export function Progress({ percent, label }: { percent: number | null; label: string }) {
  if (percent === null) {
    return (
      <span className="progress waiting" role="progressbar" aria-label={label}>
        <i />
      </span>
    );
  }
  return (
    <span
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <i style={{ width: `${percent}%` }} />
    </span>
  );
}
