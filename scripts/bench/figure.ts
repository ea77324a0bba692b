/** One measured figure against its budget, the table that is printed and the JSON that is written (product.md, Budgets). */

/** What is measured, before it is judged. */
export type Measurement = {
  /** Says what was measured and which way the budget goes. */
  name: string;
  value: number;
  unit: string;
  /** What the value is held against, in the same unit, measured in the same run; null where there is nothing beside the budget. */
  reference: number | null;
  budget: number;
  /** `ratio`: the budget is for value / reference; `value`: it is absolute. */
  of: 'ratio' | 'value';
  /** `below`: must stay under the budget; `at least`: must reach it. */
  direction: 'below' | 'at least';
  /** How it was measured, where the name does not say it. */
  note: string;
};

/** A judged figure as it stands in the JSON file. */
export type Figure = {
  name: string;
  value: number;
  unit: string;
  reference: number | null;
  /** value / reference; null where the budget is absolute. */
  ratio: number | null;
  budget: number;
  ok: boolean;
  direction: Measurement['direction'];
  note: string;
};

/** Holds a measurement against its budget; what is not a number is never ok. */
export function judge({ of, ...measured }: Measurement): Figure {
  const { value, reference, budget, direction } = measured;
  const ratio = of === 'value' ? null : reference === null || reference === 0 ? Number.NaN : value / reference;
  const held = ratio ?? value;
  return { ...measured, ratio: ratio === null ? null : rounded(ratio), value: rounded(value), reference: reference === null ? null : rounded(reference), ok: direction === 'below' ? held < budget : held >= budget };
}

/** Four significant digits: more would only be noise. */
const rounded = (value: number): number => Number(value.toPrecision(4));

const columns = ['figure', 'value', 'reference', 'ratio', 'budget', ''] as const;

/** Figures as lines of a table, with the notes below it. */
export function tableOf(figures: readonly Figure[]): string[] {
  const cells = figures.map((figure) => [
    figure.name,
    `${figure.value} ${figure.unit}`,
    figure.reference === null ? '–' : `${figure.reference} ${figure.unit}`,
    figure.ratio === null ? '–' : String(figure.ratio),
    `${figure.direction} ${figure.budget}${figure.ratio === null ? ` ${figure.unit}` : ' ×'}`,
    figure.ok ? 'ok' : 'MISSED',
  ]);
  const widths = columns.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd();
  const notes = [...new Set(figures.map(({ note }) => note).filter((note) => note !== ''))];
  return [line(columns), ...cells.map(line), ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `· ${note}`)])];
}
