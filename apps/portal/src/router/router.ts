import type { QueryClient } from '@tanstack/react-query';
import { createRouter } from '@tanstack/react-router';
import { FailedPage } from '../shell/failed-page.js';
import { NotFoundPage } from '../shell/not-found-page.js';
import { PendingPage } from '../shell/pending-page.js';
import { dashboardRoutes } from './dashboard-routes.js';
import { publicRoutes } from './public-routes.js';
import { rootRoute } from './root-route.js';
import { settingsRoutes } from './settings-routes.js';
import { staffRoutes } from './staff-routes.js';

const routeTree = rootRoute.addChildren([...publicRoutes, dashboardRoutes, settingsRoutes, ...staffRoutes]);

export function createPortalRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: 'intent',
    defaultPendingMs: 300,
    defaultErrorComponent: FailedPage,
    defaultNotFoundComponent: NotFoundPage,
    defaultPendingComponent: PendingPage,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPortalRouter>;
  }
}
