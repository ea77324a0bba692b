/** The one heading of a page; names the document and takes the focus when the page opens. */
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** Heading, an optional sentence, and actions at the right. */
export function PageHead(props: { title: string; intro?: ReactNode; children?: ReactNode }) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = t('frame.documentTitle', { page: props.title });
  }, [props.title, t]);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <div className="page-head">
      <h1 ref={heading} tabIndex={-1}>
        {props.title}
      </h1>
      {props.children !== undefined && <div className="actions">{props.children}</div>}
      {props.intro !== undefined && <p>{props.intro}</p>}
    </div>
  );
}
