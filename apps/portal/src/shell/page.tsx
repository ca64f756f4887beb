import type { ReactNode } from 'react';
import classes from './page.module.css';

interface PageProps {
  readonly children: ReactNode;
  /** For forms and text, which read badly when wide. */
  readonly narrow?: boolean;
}

/** The width and the margins of a page. */
export function Page({ children, narrow = false }: PageProps) {
  return <div className={narrow ? `${classes.page} ${classes.narrow}` : classes.page}>{children}</div>;
}
