import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { requireArea } from './guards.js';
import { rootRoute } from './root-route.js';
import {
  canarySearchOf,
  financeSearchOf,
  organizationsSearchOf,
  productUsageSearchOf,
  reportsSearchOf,
} from './search.js';

const getParentRoute = () => rootRoute;
const requireFinance = requireArea(({ staffRoles }) => staffRoles.includes('finance'));
const requireOperator = requireArea(({ staffRoles }) => staffRoles.includes('operator'));
const requireAdmin = requireArea(({ staffRoles }) => staffRoles.includes('admin'));
const requirePublisher = requireArea(({ publisherTeams }) => publisherTeams.length > 0);

export const staffRoutes = [
  createRoute({
    getParentRoute,
    path: '/finance',
    validateSearch: financeSearchOf,
    beforeLoad: requireFinance,
    component: lazyRouteComponent(() => import('../pages/finance/finance-page.js'), 'FinancePage'),
  }),
  createRoute({
    getParentRoute,
    path: '/finance/transfers',
    beforeLoad: requireFinance,
    component: lazyRouteComponent(() => import('../pages/finance/transfers-page.js'), 'TransfersPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/finance/organizations',
    validateSearch: organizationsSearchOf,
    beforeLoad: requireFinance,
    component: lazyRouteComponent(
      () => import('../pages/finance/finance-organizations-page.js'),
      'FinanceOrganizationsPage',
    ),
  }),
  createRoute({
    getParentRoute,
    path: '/finance/organizations/$organizationId',
    beforeLoad: requireFinance,
    component: lazyRouteComponent(
      () => import('../pages/finance/finance-organization-page.js'),
      'FinanceOrganizationPage',
    ),
  }),
  createRoute({
    getParentRoute,
    path: '/finance/tax',
    beforeLoad: requireFinance,
    component: lazyRouteComponent(() => import('../pages/finance/tax-rates-page.js'), 'TaxRatesPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/finance/invoices/$invoiceId',
    beforeLoad: requireFinance,
    component: lazyRouteComponent(() => import('../pages/finance/finance-invoice-page.js'), 'FinanceInvoicePage'),
  }),
  createRoute({
    getParentRoute,
    path: '/finance/reports',
    validateSearch: reportsSearchOf,
    beforeLoad: requireFinance,
    component: lazyRouteComponent(() => import('../pages/finance/reports/reports-page.js'), 'ReportsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/finance/invoices/$invoiceId/lines/$position',
    beforeLoad: requireFinance,
    component: lazyRouteComponent(() => import('../pages/finance/invoice-line-page.js'), 'InvoiceLinePage'),
  }),
  createRoute({
    getParentRoute,
    path: '/operator',
    beforeLoad: requireOperator,
    component: lazyRouteComponent(() => import('../pages/operator/operator-page.js'), 'OperatorPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/operator/queues',
    beforeLoad: requireOperator,
    component: lazyRouteComponent(() => import('../pages/operator/queues-page.js'), 'QueuesPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/operator/settings',
    beforeLoad: requireOperator,
    component: lazyRouteComponent(() => import('../pages/operator/settings-page.js'), 'SettingsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/operator/users',
    beforeLoad: requireAdmin,
    component: lazyRouteComponent(() => import('../pages/operator/users-page.js'), 'UsersPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/publisher/products/new',
    beforeLoad: requirePublisher,
    component: lazyRouteComponent(() => import('../pages/publisher/new-product-page.js'), 'NewProductPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/publisher/products/$slug/edit',
    beforeLoad: requirePublisher,
    component: lazyRouteComponent(() => import('../pages/publisher/edit-product-page.js'), 'EditProductPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/publisher/products/$slug/usage',
    validateSearch: productUsageSearchOf,
    beforeLoad: requirePublisher,
    component: lazyRouteComponent(() => import('../pages/publisher/product-usage-page.js'), 'ProductUsagePage'),
  }),
  createRoute({
    getParentRoute,
    path: '/publisher/products/$slug/revenue',
    beforeLoad: requirePublisher,
    component: lazyRouteComponent(() => import('../pages/publisher/product-revenue-page.js'), 'ProductRevenuePage'),
  }),
  createRoute({
    getParentRoute,
    path: '/publisher/catalog-file',
    beforeLoad: requirePublisher,
    component: lazyRouteComponent(() => import('../pages/publisher/catalog-file-page.js'), 'CatalogFilePage'),
  }),
  createRoute({
    getParentRoute,
    path: '/publisher/coupons',
    beforeLoad: requirePublisher,
    component: lazyRouteComponent(() => import('../pages/publisher/coupons-page.js'), 'CouponsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/publisher/apis',
    beforeLoad: requirePublisher,
    component: lazyRouteComponent(() => import('../pages/publisher/apis-page.js'), 'ApisPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/publisher/apis/$api/new-version',
    beforeLoad: requirePublisher,
    component: lazyRouteComponent(() => import('../pages/publisher/new-api-version-page.js'), 'NewApiVersionPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/publisher/apis/$api/versions/$version/upstream',
    beforeLoad: requirePublisher,
    component: lazyRouteComponent(() => import('../pages/publisher/upstream-page.js'), 'UpstreamPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/publisher/apis/$api/versions/$version/traffic-rules',
    beforeLoad: requirePublisher,
    component: lazyRouteComponent(() => import('../pages/publisher/traffic-rules-page.js'), 'TrafficRulesPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/publisher/apis/$api/versions/$version/policies',
    beforeLoad: requirePublisher,
    component: lazyRouteComponent(() => import('../pages/publisher/policies-page.js'), 'PoliciesPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/publisher/apis/$api/versions/$version',
    beforeLoad: requirePublisher,
    component: lazyRouteComponent(() => import('../pages/publisher/api-version-page.js'), 'ApiVersionPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/publisher/apis/$api/versions/$version/canary',
    validateSearch: canarySearchOf,
    beforeLoad: requirePublisher,
    component: lazyRouteComponent(() => import('../pages/publisher/canary-page.js'), 'CanaryPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/publisher/plans/$planId',
    beforeLoad: requirePublisher,
    component: lazyRouteComponent(() => import('../pages/publisher/plan-page.js'), 'PlanPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/publisher/subscriptions/$subscriptionId',
    beforeLoad: requirePublisher,
    component: lazyRouteComponent(
      () => import('../pages/publisher/publisher-subscription-page.js'),
      'PublisherSubscriptionPage',
    ),
  }),
  createRoute({
    getParentRoute,
    path: '/publisher',
    beforeLoad: requirePublisher,
    component: lazyRouteComponent(() => import('../pages/publisher/publisher-page.js'), 'PublisherPage'),
  }),
] as const;
