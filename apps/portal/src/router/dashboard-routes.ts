import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { requireSignedIn } from './guards.js';
import { rootRoute } from './root-route.js';
import { billingSearchOf, subscribeSearchOf, usageSearchOf } from './search.js';

const dashboardRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/dashboard',
  beforeLoad: async (input) => {
    await requireSignedIn(input);
  },
  component: lazyRouteComponent(() => import('../pages/dashboard/dashboard-layout.js'), 'DashboardLayout'),
});

const getParentRoute = () => dashboardRoute;

// A tuple of its own: inside of the call below, the routes would lose their types.
const children = [
  createRoute({
    getParentRoute,
    path: '/',
    component: lazyRouteComponent(() => import('../pages/dashboard/overview-page.js'), 'OverviewPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/applications',
    component: lazyRouteComponent(() => import('../pages/dashboard/applications-page.js'), 'ApplicationsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/applications/$applicationId',
    component: lazyRouteComponent(() => import('../pages/dashboard/application-page.js'), 'ApplicationPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/subscriptions/$subscriptionId',
    component: lazyRouteComponent(() => import('../pages/dashboard/subscription-page.js'), 'SubscriptionPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/subscribe',
    validateSearch: subscribeSearchOf,
    component: lazyRouteComponent(() => import('../pages/dashboard/subscribe-page.js'), 'SubscribePage'),
  }),
  createRoute({
    getParentRoute,
    path: '/usage',
    validateSearch: usageSearchOf,
    component: lazyRouteComponent(() => import('../pages/dashboard/usage-page.js'), 'UsagePage'),
  }),
  createRoute({
    getParentRoute,
    path: '/billing',
    validateSearch: billingSearchOf,
    component: lazyRouteComponent(() => import('../pages/dashboard/billing-page.js'), 'BillingPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/billing/budget',
    component: lazyRouteComponent(() => import('../pages/dashboard/budget-page.js'), 'BudgetPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/webhooks',
    component: lazyRouteComponent(() => import('../pages/webhooks/webhooks-page.js'), 'WebhooksPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/webhooks/$webhookEndpointId',
    component: lazyRouteComponent(() => import('../pages/webhooks/webhook-endpoint-page.js'), 'WebhookEndpointPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/team',
    component: lazyRouteComponent(() => import('../pages/team/team-page.js'), 'TeamPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/audit-log',
    component: lazyRouteComponent(() => import('../pages/team/audit-log-page.js'), 'OrganizationAuditLogPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/billing/invoices/$invoiceId',
    component: lazyRouteComponent(() => import('../pages/dashboard/invoice-page.js'), 'InvoicePage'),
  }),
  createRoute({
    getParentRoute,
    path: '/billing/invoices/$invoiceId/lines/$position',
    component: lazyRouteComponent(
      () => import('../pages/dashboard/payers-invoice-line-page.js'),
      'PayersInvoiceLinePage',
    ),
  }),
] as const;

export const dashboardRoutes = dashboardRoute.addChildren(children);
