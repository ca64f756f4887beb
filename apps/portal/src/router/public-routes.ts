import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { requireSignedIn, requireVisitor } from './guards.js';
import { rootRoute } from './root-route.js';
import {
  invitationSearchOf,
  messageSearchOf,
  productSearchOf,
  resetSearchOf,
  signInSearchOf,
  signUpSearchOf,
} from './search.js';

const getParentRoute = () => rootRoute;

export const publicRoutes = [
  createRoute({
    getParentRoute,
    path: '/',
    validateSearch: productSearchOf,
    component: lazyRouteComponent(() => import('../pages/public/home-page.js'), 'HomePage'),
  }),
  createRoute({
    getParentRoute,
    path: '/products/$slug',
    component: lazyRouteComponent(() => import('../pages/public/product-page.js'), 'ProductPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/products/$slug/terms',
    component: lazyRouteComponent(() => import('../pages/public/terms-page.js'), 'TermsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/status',
    component: lazyRouteComponent(() => import('../pages/public/status-page.js'), 'StatusPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/docs',
    component: lazyRouteComponent(() => import('../pages/public/docs-page.js'), 'DocsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/agents',
    component: lazyRouteComponent(() => import('../pages/public/agents-page.js'), 'AgentsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/sign-up',
    validateSearch: signUpSearchOf,
    beforeLoad: (input) => requireVisitor(input, input.search.redirect),
    component: lazyRouteComponent(() => import('../pages/account/sign-up-page.js'), 'SignUpPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/sign-in',
    validateSearch: signInSearchOf,
    beforeLoad: (input) => requireVisitor(input, input.search.redirect),
    component: lazyRouteComponent(() => import('../pages/account/sign-in-page.js'), 'SignInPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/accept-terms',
    validateSearch: signInSearchOf,
    beforeLoad: async (input) => void (await requireSignedIn(input)),
    component: lazyRouteComponent(() => import('../pages/account/accept-terms-page.js'), 'AcceptTermsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/invitation',
    validateSearch: invitationSearchOf,
    component: lazyRouteComponent(() => import('../pages/account/invitation-page.js'), 'InvitationPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/forgot-password',
    component: lazyRouteComponent(() => import('../pages/account/forgot-password-page.js'), 'ForgotPasswordPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/reset-password',
    validateSearch: resetSearchOf,
    component: lazyRouteComponent(() => import('../pages/account/reset-password-page.js'), 'ResetPasswordPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/confirm-email',
    validateSearch: resetSearchOf,
    component: lazyRouteComponent(() => import('../pages/account/confirm-email-page.js'), 'ConfirmEmailPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/inbox',
    validateSearch: messageSearchOf,
    component: lazyRouteComponent(() => import('../pages/account/inbox-page.js'), 'InboxPage'),
  }),
] as const;
