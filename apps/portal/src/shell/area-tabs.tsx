import { useLocation } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import classes from './area-tabs.module.css';

interface AreaTabsProps {
  readonly label: string;
  readonly children: ReactNode;
  readonly end?: ReactNode;
}

/** The second row of navigation: the pages of one area. `children` are links of class `areaTab`; the one that is open is in sight. */
export function AreaTabs({ label, children, end }: AreaTabsProps) {
  const tabs = useRef<HTMLElement>(null);
  const pathname = useLocation({ select: (location) => location.pathname });
  useEffect(() => {
    if (tabs.current) bringOpenIntoSight(tabs.current);
  }, [pathname]);
  return (
    <div className={classes.row}>
      <div className={classes.inner}>
        <nav ref={tabs} className={classes.tabs} aria-label={label}>
          {children}
        </nav>
        {end}
      </div>
    </div>
  );
}

/** Puts it in the middle of the row, where the row is too narrow for all; the page itself does not scroll. */
function bringOpenIntoSight(row: HTMLElement): void {
  const open = row.querySelector('[data-status="active"]');
  if (!open) return;
  const { left, width } = open.getBoundingClientRect();
  const shown = row.getBoundingClientRect();
  row.scrollLeft += left + width / 2 - (shown.left + shown.width / 2);
}

export const areaTab = classes.tab;
