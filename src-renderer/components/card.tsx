/** A card with a heading, and lists of facts inside it. */
import { useId } from 'react';
import type { ReactNode } from 'react';

/** A region named by its heading. */
export function Card(props: {
  title: string;
  head?: ReactNode;
  className?: string;
  children: ReactNode;
  level?: 2 | 3;
}) {
  const id = useId();
  const Heading = props.level === 3 ? 'h3' : 'h2';
  return (
    <section className={`card ${props.className ?? ''}`} aria-labelledby={id}>
      <div className="card-head">
        <Heading id={id}>{props.title}</Heading>
        {props.head}
      </div>
      {props.children}
    </section>
  );
}

/** Names and values in two columns; rows without a value are left out. */
export function Facts(props: {
  rows: readonly (readonly [name: ReactNode, value: ReactNode] | null)[];
  ends?: boolean;
}) {
  return (
    <dl className={props.ends === true ? 'facts ends' : 'facts'}>
      {props.rows.map((row, index) =>
        row === null ? null : (
          <div key={index} style={{ display: 'contents' }}>
            <dt>{row[0]}</dt>
            <dd>{row[1]}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
