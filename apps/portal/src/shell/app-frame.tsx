import { Outlet, useLocation } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import classes from './app-frame.module.css';
import { DeskTabs } from './desk-tabs.js';
import { Footer } from './footer.js';
import { SimulatedPaymentsBanner } from './simulated-payments-banner.js';
import { TopBar } from './top-bar.js';
import { SessionEnd } from './session-end.js';

/** What surrounds every page. After a navigation, the focus is at the new page's start, as after loading one. */
export function AppFrame(): ReactNode {
  const main = useRef<HTMLElement>(null);
  const pathname = useLocation({ select: (location) => location.pathname });
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return (
    <>
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <TopBar />
      <main ref={main} id="content" tabIndex={-1} className={classes.main}>
        <DeskTabs />
        <Outlet />
      </main>
      <Footer />
      <SimulatedPaymentsBanner />
      <SessionEnd />
    </>
  );
}
