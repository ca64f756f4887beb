import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { requireSignedIn } from './guards.js';
import { rootRoute } from './root-route.js';

const settingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings',
  beforeLoad: async (input) => {
    await requireSignedIn(input);
  },
  component: lazyRouteComponent(() => import('../pages/settings/settings-layout.js'), 'SettingsLayout'),
});

const getParentRoute = () => settingsRoute;

const children = [
  createRoute({
    getParentRoute,
    path: '/',
    component: lazyRouteComponent(() => import('../pages/settings/profile-page.js'), 'ProfilePage'),
  }),
  createRoute({
    getParentRoute,
    path: '/security',
    component: lazyRouteComponent(() => import('../pages/settings/security-page.js'), 'SecurityPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/tokens',
    component: lazyRouteComponent(() => import('../pages/tokens/tokens-page.js'), 'TokensPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/data',
    component: lazyRouteComponent(() => import('../pages/settings/data-page.js'), 'DataPage'),
  }),
] as const;

export const settingsRoutes = settingsRoute.addChildren(children);
