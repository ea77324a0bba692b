/** A table of the console: sticky header, sortable, columns can be chosen, figures at the right, the chosen row marked; of many rows only those in sight are drawn (design.md, "Tables"). */
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
import { memo, useEffect, useMemo, useRef } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { Disclosure } from './disclosure.tsx';
import { useRowWindow } from './use-row-window.ts';

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

/** Rows that are not read yet: whether there are any, whether they are on the way, and how to ask for them. */
export type MoreRows = { has: boolean; busy: boolean; ask: () => void };

/** Asks for more rows while the last ones are in sight. */
function useAskAtEnd(more: MoreRows | undefined, isAtEnd: boolean): void {
  const ask = useRef(more?.ask);
  useEffect(() => {
    ask.current = more?.ask;
  });
  const isWanted = isAtEnd && more !== undefined && more.has && !more.busy;
  useEffect(() => {
    if (isWanted) ask.current?.();
  }, [isWanted]);
}

/** Room of the rows that are not drawn. */
const Gap = ({ heightPx, columns }: { heightPx: number; columns: number }) =>
  heightPx <= 0 ? null : (
    <tr aria-hidden="true" className="gap">
      <td colSpan={columns} style={{ height: heightPx }} />
    </tr>
  );

type LineProps<Row> = {
  row: Row;
  columns: readonly Column<Row>[];
  /** Ids of the columns that are shown, in their order. */
  visible: string;
  first: string | undefined;
  index: number;
  rowIndex: number | undefined;
  isChosen: boolean;
  measure: ((row: Element | null) => void) | undefined;
  cards: boolean;
};

function LineOf<Row>({ row, columns, visible, first, index, rowIndex, isChosen, measure, cards }: LineProps<Row>) {
  return (
    <tr ref={measure} data-index={index} aria-rowindex={rowIndex} className={isChosen ? 'chosen' : undefined}>
      {visible.split(' ').map((id) => {
        const column = columns.find((one) => one.id === id);
        const content = column?.cell(row);
        const classes = column?.figure === true ? 'right nowrap' : id === first ? 'nowrap' : undefined;
        return id === first ? (
          <th scope="row" key={id} className={classes}>
            {content}
          </th>
        ) : (
          <td
            key={id}
            className={classes}
            data-head={cards && typeof column?.head === 'string' ? column.head : undefined}
          >
            {content}
          </td>
        );
      })}
    </tr>
  );
}

/** A line is drawn again only when its row or the columns change: scrolling moves lines, and most re-reads change few. */
const Line = memo(LineOf) as typeof LineOf;

type Props<Row> = {
  label: string;
  rows: readonly Row[];
  /** The same array as long as the cells show the same, so that lines that did not change are not drawn again. */
  columns: readonly Column<Row>[];
  rowId: (row: Row) => string;
  /** The row whose panel is open. */
  chosen?: string | null;
  /** Stand above, beside the column chooser. */
  tools?: ReactNode;
  more?: MoreRows;
  /** On a narrow screen each row is a card; heads are texts then, since they stand before their values. */
  cards?: boolean;
};

/** The table. */
export function DataTable<Row extends RowData>(props: Props<Row>) {
  const { t } = useTranslation();
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
  const visibleIds = visible.map(({ id }) => id).join(' ');
  const first = columns[0]?.id;
  const sortedRows = table.getRowModel().rows;
  const scroller = useRef<HTMLDivElement | null>(null);
  const shown = useRowWindow(sortedRows.length, scroller);
  useAskAtEnd(props.more, shown.isAtEnd);
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
      <div className="table-wrap tall" tabIndex={0} role="group" aria-label={label} ref={scroller}>
        <table
          className={props.cards === true ? 'table cards' : 'table'}
          aria-rowcount={shown.isWhole ? undefined : props.more?.has === true ? -1 : sortedRows.length + 1}
        >
          <caption className="sr-only">{label}</caption>
          <thead>
            <tr aria-rowindex={shown.isWhole ? undefined : 1}>
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
            <Gap heightPx={shown.beforePx} columns={visible.length} />
            {sortedRows.slice(shown.from, shown.until).map((row, index) => (
              <Line
                key={row.id}
                row={row.original}
                columns={columns}
                visible={visibleIds}
                first={first}
                index={shown.from + index}
                rowIndex={shown.isWhole ? undefined : shown.from + index + 2}
                isChosen={row.id === props.chosen}
                measure={shown.measure}
                cards={props.cards === true}
              />
            ))}
            <Gap heightPx={shown.afterPx} columns={visible.length} />
          </tbody>
        </table>
      </div>
      {props.more?.has === true && (
        <div className="actions">
          <Button busy={props.more.busy} onClick={props.more.ask}>
            {t('table.more')}
          </Button>
        </div>
      )}
    </>
  );
}
