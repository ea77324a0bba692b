/** A small table that is neither sorted nor long: named for screen readers, scrollable by keyboard, figures at the right, on a phone a list of cards if asked. */
import type { ReactNode } from 'react';

/** A column's heading; `figure` sets it at the right. */
export type Head = string | { readonly text: ReactNode; readonly figure: true };

/** Rows come as `<tr>` children, each headed by its first cell. `cards`: on a phone each row is a card; its cells name their column in `data-head`. */
export function PlainTable({
  label,
  heads,
  children,
  tall,
  cards,
}: {
  label: string;
  heads: readonly Head[];
  children: ReactNode;
  tall?: boolean;
  cards?: boolean;
}) {
  return (
    <div className={tall === true ? 'table-wrap tall' : 'table-wrap'} tabIndex={0} role="group" aria-label={label}>
      <table className={cards === true ? 'table cards' : 'table'}>
        <caption className="sr-only">{label}</caption>
        <thead>
          <tr>
            {heads.map((head, index) =>
              typeof head === 'string' ? (
                <th scope="col" key={index}>
                  {head}
                </th>
              ) : (
                <th scope="col" key={index} className="right">
                  {head.text}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
