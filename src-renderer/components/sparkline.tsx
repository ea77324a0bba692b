/** A small line without axes, broken where nothing was told; its words are its name for those who do not see it (design.md, "Colour": accent and neutrals). */

const width = 200;
const height = 40;
const inset = 2;

/** Stretches of points that are known, as SVG paths. `most` is the top of the scale. */
export function sparkPaths(values: readonly (number | null)[], most: number): string[] {
  const step = values.length < 2 ? 0 : width / (values.length - 1);
  const paths: string[] = [];
  let path = '';
  values.forEach((value, index) => {
    if (value === null) {
      if (path !== '') paths.push(path);
      path = '';
      return;
    }
    const share = most <= 0 ? 0 : Math.min(1, Math.max(0, value / most));
    const point = `${(index * step).toFixed(1)},${(height - inset - share * (height - 2 * inset)).toFixed(1)}`;
    path += path === '' ? `M${point}` : `L${point}`;
  });
  if (path !== '') paths.push(path);
  // A lone point is drawn as a dot: a path of one point has no length.
  return paths.map((one) => (one.includes('L') ? one : `${one}h0.1`));
}

/** The line; `limit` draws a dashed line across. */
export function Sparkline(props: {
  values: readonly (number | null)[];
  most: number;
  limit?: number | null;
  label: string;
}) {
  const { values, most, limit = null, label } = props;
  const level = limit === null || most <= 0 ? null : height - inset - Math.min(1, limit / most) * (height - 2 * inset);
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {level !== null && <line x1="0" x2={width} y1={level} y2={level} className="spark-limit" />}
      {sparkPaths(values, most).map((path) => (
        <path key={path} d={path} className="spark-line" />
      ))}
    </svg>
  );
}
