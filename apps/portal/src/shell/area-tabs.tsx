import type { ReactNode } from 'react';
import classes from './area-tabs.module.css';

interface AreaTabsProps {
  readonly label: string;
  readonly children: ReactNode;
  readonly end?: ReactNode;
}

/** The second row of navigation: the pages of one area. `children` are links of class `areaTab`. */
export function AreaTabs({ label, children, end }: AreaTabsProps) {
  return (
    <div className={classes.row}>
      <div className={classes.inner}>
        <nav className={classes.tabs} aria-label={label}>
          {children}
        </nav>
        {end}
      </div>
    </div>
  );
}

export const areaTab = classes.tab;
