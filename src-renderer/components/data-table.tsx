/** A table of the console: sticky header, sortable, columns can be chosen, figures at the right, the chosen row marked (design.md, "Tables"). */
import {
  columnVisibilityFeature,
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  sortFns,
  tableFeatures,
  useTable,
  type RowData,
} from '@tanstack/react-table';
import { ArrowDown, ArrowUp, ChevronsUpDown, Columns3 } from 'lucide-react';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Disclosure } from './disclosure.tsx';

/** One column; the first one of a table heads its rows and is always shown. */
export type Column<Row> = {
  readonly id: string;
  readonly head: ReactNode;
  /** Value to sort by. */
  readonly read: (row: Row) => string | number | bigint;
  readonly cell: (row: Row) => ReactNode;
  /** Set at the right, and sorted downwards first. */
  readonly figure?: boolean;
  /** Not shown until it is chosen. */
  readonly hidden?: boolean;
};

const features = tableFeatures({
  rowSortingFeature,
  columnVisibilityFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns,
});
const sortIcons = { asc: ArrowUp, desc: ArrowDown, none: ChevronsUpDown } as const;
const ariaSort = { asc: 'ascending', desc: 'descending', none: 'none' } as const;
const byValue = <T,>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

function ColumnChooser(props: {
  columns: readonly { id: string; head: ReactNode; visible: boolean; fixed: boolean; show: (on: boolean) => void }[];
}) {
  const { t } = useTranslation();
  return (
    <Disclosure
      button={
        <>
          <Columns3 size={15} aria-hidden="true" />
          {t('table.columns')}
        </>
      }
    >
      {() => (
        <fieldset className="column-list">
          <legend className="sr-only">{t('table.columns')}</legend>
          {props.columns.map((column) => (
            <label key={column.id}>
              <input
                type="checkbox"
                className="check"
                checked={column.visible}
                disabled={column.fixed}
                onChange={(event) => column.show(event.target.checked)}
              />
              {column.head}
            </label>
          ))}
        </fieldset>
      )}
    </Disclosure>
  );
}

/** The table. `chosen` marks the row whose panel is open; `tools` stand above, beside the column chooser. */
export function DataTable<Row extends RowData>(props: {
  label: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  rowId: (row: Row) => string;
  chosen?: string | null;
  tools?: ReactNode;
}) {
  const { label, rows, columns, rowId } = props;
  const byId = new Map(columns.map((column) => [column.id, column]));
  const ids = columns.map((column) => column.id).join(' ');
  const shape = useMemo(() => {
    const helper = createColumnHelper<typeof features, Row>();
    return {
      definitions: helper.columns(
        columns.map(({ id, read }) =>
          helper.accessor(read, {
            id,
            sortFn: (a, b, name) =>
              byValue(a.getValue<string | number | bigint>(name), b.getValue<string | number | bigint>(name)),
          }),
        ),
      ),
      initialState: {
        columnVisibility: Object.fromEntries(
          columns.filter((column) => column.hidden === true).map((column) => [column.id, false]),
        ),
      },
    };
    // What a column reads depends on its id alone; heads and cells are taken from `columns` at each drawing.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [ids]);
  const table = useTable({
    features,
    columns: shape.definitions,
    data: rows as Row[],
    initialState: shape.initialState,
    getRowId: rowId,
    enableSortingRemoval: true,
  });
  const visible = table.getAllLeafColumns().filter((column) => column.getIsVisible());
  const first = columns[0]?.id;
  return (
    <>
      <div className="table-tools">
        {props.tools}
        <ColumnChooser
          columns={table.getAllLeafColumns().map((column) => ({
            id: column.id,
            head: byId.get(column.id)?.head,
            visible: column.getIsVisible(),
            fixed: column.id === first,
            show: (on) => column.toggleVisibility(on),
          }))}
        />
      </div>
      <div className="table-wrap tall" tabIndex={0} role="group" aria-label={label}>
        <table className="table">
          <caption className="sr-only">{label}</caption>
          <thead>
            <tr>
              {visible.map((column) => {
                const sorted = column.getIsSorted() || 'none';
                const Icon = sortIcons[sorted];
                const isFigure = byId.get(column.id)?.figure === true;
                return (
                  <th
                    key={column.id}
                    scope="col"
                    className={isFigure ? 'right' : undefined}
                    aria-sort={ariaSort[sorted]}
                  >
                    <button
                      type="button"
                      className="sort"
                      onClick={() => column.toggleSorting(sorted === 'none' ? isFigure : sorted === 'asc')}
                    >
                      {byId.get(column.id)?.head}
                      <Icon size={12} aria-hidden="true" />
                    </button>
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {table.getRowModel().rows.map((row) => (
              <tr key={row.id} className={row.id === props.chosen ? 'chosen' : undefined}>
                {visible.map(({ id }) => {
                  const column = byId.get(id);
                  const content = column?.cell(row.original);
                  const classes = column?.figure === true ? 'right nowrap' : id === first ? 'nowrap' : undefined;
                  return id === first ? (
                    <th scope="row" key={id} className={classes}>
                      {content}
                    </th>
                  ) : (
                    <td key={id} className={classes}>
                      {content}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
