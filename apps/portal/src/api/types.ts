import type { paths } from './schema.generated.js';

type Json<Content> = Content extends { content: { 'application/json': infer Body } } ? Body : never;
type Success<Responses> = Json<Responses[keyof Responses & (200 | 201 | 202)]>;

/** The successful answer of an operation, as the OpenAPI document declares it. */
export type AnswerOf<Path extends keyof paths, Method extends keyof paths[Path]> = paths[Path][Method] extends {
  responses: infer Responses;
}
  ? Success<Responses>
  : never;

type Organization = '/api/v1/organizations/{organizationId}';

export type Member = AnswerOf<`${Organization}/members`, 'get'>['members'][number];

export type Settings = AnswerOf<'/api/v1/settings', 'get'>;
export type Session = AnswerOf<'/api/v1/session', 'get'>;
export type UserProfile = AnswerOf<'/api/v1/user', 'get'>;
export type UserSession = AnswerOf<'/api/v1/user/sessions', 'get'>['sessions'][number];
export type TwoFactorSetUp = AnswerOf<'/api/v1/user/two-factor', 'post'>;
export type Membership = Session['memberships'][number];

export type Product = AnswerOf<'/api/v1/catalog/products', 'get'>['products'][number];
export type ProductDetails = AnswerOf<'/api/v1/catalog/products/{slug}', 'get'>;
export type ServiceStatus = AnswerOf<'/api/v1/status', 'get'>;
export type Plan = Product['plans'][number];
export type BillabilityRow = Plan['version']['billability'][number];
export type PlanDefinition = Plan['version']['definition'];
export type MeterPrice = PlanDefinition['prices'][number];
export type Meter = Product['meters'][number];
export type ApiVersion = Product['apis'][number]['versions'][number];
export type SearchHit = AnswerOf<'/api/v1/search', 'get'>['hits'][number];
export type Estimate = AnswerOf<'/api/v1/catalog/plan-versions/{id}/estimate', 'post'>;
export type RatedLine = Estimate['lines'][number];
export type TierCharge = RatedLine['breakdown'][number];
export type Money = RatedLine['amount'];

export type Message = AnswerOf<'/api/v1/inbox/messages', 'get'>['messages'][number];

export type SubscriptionPreview = AnswerOf<`${Organization}/subscriptions/preview`, 'post'>;
export type Application = AnswerOf<`${Organization}/applications/{applicationId}`, 'get'>;
export type Credential = AnswerOf<
  `${Organization}/applications/{applicationId}/credentials`,
  'get'
>['credentials'][number];
export type IssuedCredential = AnswerOf<`${Organization}/applications/{applicationId}/credentials`, 'post'>;
export type RotatedCredential = AnswerOf<`${Organization}/credentials/{credentialId}/rotate`, 'post'>;
export type Subscription = AnswerOf<`${Organization}/subscriptions`, 'get'>['subscriptions'][number];
export type PlanChangePreview = AnswerOf<`${Organization}/subscriptions/{subscriptionId}/change/preview`, 'post'>;
export type CouponPreview = AnswerOf<`${Organization}/subscriptions/{subscriptionId}/coupon/preview`, 'post'>;
export type PaymentMethod = AnswerOf<`${Organization}/payment-method`, 'get'>['paymentMethod'];

export type CurrentUsage = AnswerOf<`${Organization}/usage/current`, 'get'>['subscriptions'][number];
export type MeterUsage = CurrentUsage['meters'][number];
export type UsageBucket = AnswerOf<`${Organization}/usage/series`, 'get'>['buckets'][number];
export type UsageGroupBucket = AnswerOf<`${Organization}/usage/breakdown`, 'get'>['buckets'][number];
export type ProductUsageGrouping = NonNullable<
  paths['/api/v1/publisher/products/{product}/usage']['get']['parameters']['query']
>['groupBy'] &
  string;
export type UsageGrouping = paths[`${Organization}/usage/breakdown`]['get']['parameters']['query']['groupBy'];
export type UsageOutcome = NonNullable<
  NonNullable<paths[`${Organization}/usage/requests`]['get']['parameters']['query']>['outcome']
>;
export type UsageRequest = AnswerOf<`${Organization}/usage/requests`, 'get'>['requests'][number];

export type Invoice = AnswerOf<`${Organization}/invoices/{invoiceId}`, 'get'>;
export type Tax = NonNullable<Invoice['taxes']>[number];
export type BillingDetails = AnswerOf<`${Organization}/billing-details`, 'get'>;
export type FinanceOrganization = AnswerOf<'/api/v1/finance/organizations/{organizationId}', 'get'>;
export type Seller = AnswerOf<'/api/v1/finance/sellers', 'get'>['sellers'][number];
export type TaxRate = Seller['taxRates'][number];
export type PaymentTerms = AnswerOf<`${Organization}/payment-terms`, 'get'>;
export type BankTransfer = AnswerOf<'/api/v1/finance/transfers', 'get'>['transfers'][number];
export type UnpaidInvoices = AnswerOf<`${Organization}/unpaid-invoices`, 'get'>;
export type Dunning = AnswerOf<'/api/v1/finance/dunning', 'get'>['dunning'][number];
export type DunningDetail = AnswerOf<'/api/v1/finance/dunning/{invoiceId}', 'get'>;
export type Webhook = AnswerOf<'/api/v1/operator/webhooks', 'get'>['webhooks'][number];
export type BalanceStatement = AnswerOf<`${Organization}/balance`, 'get'>;
export type BalanceEntry = BalanceStatement['entries'][number];
export type CreditStatement = AnswerOf<`${Organization}/credits`, 'get'>;
export type CreditStore = CreditStatement['stores'][number];
export type CreditOffer = CreditStatement['offers'][number];
export type CreditPurchase = CreditStatement['purchases'][number];
export type CreditPack = CreditOffer['packs'][number];
export type CreditTopUp = CreditStatement['topUps'][number];
export type CreditGrant = CreditStatement['grants'][number];
export type CreditEntry = CreditStatement['entries'][number];
export type CreditProposal = AnswerOf<'/api/v1/finance/credit-proposals', 'get'>['proposals'][number];
export type CreditNotePreview = AnswerOf<'/api/v1/finance/invoices/{invoiceId}/credit-notes/preview', 'post'>;
export type Dispute = AnswerOf<'/api/v1/finance/disputes', 'get'>['disputes'][number];
export type RefundProposal = AnswerOf<'/api/v1/finance/refund-proposals', 'get'>['proposals'][number];
export type Adjustment = AnswerOf<'/api/v1/finance/adjustments', 'get'>['adjustments'][number];
export type BillingPeriod = AnswerOf<'/api/v1/finance/periods', 'get'>['periods'][number];
export type PeriodBoard = AnswerOf<'/api/v1/finance/periods/board', 'get'>;
export type BoardColumn = PeriodBoard['columns'][number];
export type BoardState = BoardColumn['state'];
export type ExplainedLine = AnswerOf<'/api/v1/finance/invoices/{invoiceId}/lines/{position}', 'get'>;
export type LineRequest = AnswerOf<
  '/api/v1/finance/invoices/{invoiceId}/lines/{position}/requests',
  'get'
>['requests'][number];
export type CloseResult = AnswerOf<'/api/v1/finance/periods/close', 'post'>;
export type VerifyReport = AnswerOf<'/api/v1/finance/verify', 'get'>;
export type VerifyCheck = VerifyReport['checks'][number];
export type LedgerProof = AnswerOf<'/api/v1/finance/verify/proofs', 'get'>['proofs'][number];

export type SubscriptionEntitlements = AnswerOf<
  '/api/v1/organizations/{organizationId}/subscriptions/{subscriptionId}/entitlements',
  'get'
>;
export type ListedOrganization = AnswerOf<'/api/v1/operator/organizations', 'get'>['organizations'][number];
export type QueueList = AnswerOf<'/api/v1/operator/queues', 'get'>;
export type OperatedQueue = QueueList['queues'][number];
export type QueuedJob = AnswerOf<'/api/v1/operator/queues/{queue}/jobs', 'get'>['jobs'][number];
export type UndeliveredMail = AnswerOf<'/api/v1/operator/mails', 'get'>['mails'][number];
export type JobState = keyof OperatedQueue['jobs'];
export type InstallationHealth = AnswerOf<'/api/v1/operator/health', 'get'>;
export type InstallationSettings = AnswerOf<'/api/v1/operator/settings', 'get'>;
export type SettingInForce = InstallationSettings['settings'][number];
export type RunningProcess = InstallationSettings['processes'][number];
export type Gateway = AnswerOf<'/api/v1/operator/gateways', 'get'>['gateways'][number];
export type AuditEntry = AnswerOf<'/api/v1/operator/audit-log', 'get'>['entries'][number];
export type PlanRevenue = AnswerOf<'/api/v1/publisher/products/{product}/revenue', 'get'>['revenue'][number];
export type ProductFunnel = AnswerOf<'/api/v1/publisher/products/{product}/funnel', 'get'>;
export type Traffic = AnswerOf<'/api/v1/publisher/products/{product}/traffic', 'get'>;
export type TrafficGroup = Traffic['groups'][number];
export type RefusedCalls = AnswerOf<'/api/v1/publisher/products/{product}/refused-calls', 'get'>;
export type RefusedCallsKind = RefusedCalls['kinds'][number];
export type VersionSplits = AnswerOf<'/api/v1/publisher/apis/{api}/versions/{version}/splits', 'get'>;
export type TrafficSplit = VersionSplits['splits'][number];
export type SubsetShare = TrafficSplit['shares'][number];
export type AppliedCatalog = AnswerOf<'/api/v1/publisher/catalog', 'post'>;
export type AppliedCatalogChange = AppliedCatalog['changes'][number];
export type PublisherProduct = AnswerOf<'/api/v1/publisher/products', 'get'>['products'][number];
export type Coupon = AnswerOf<'/api/v1/publisher/coupons', 'get'>['coupons'][number];
/** A product as its publisher edits it. */
export type ProductToEdit = AnswerOf<'/api/v1/publisher/products/{product}', 'get'>;
export type ProductWords = ProductToEdit['words'];
export type CreditPackInWords = ProductWords['creditPacks'][number];
export type MeterInWords = ProductWords['meters'][number];
export type MeterBinding = MeterInWords['bindings'][number];
export type PublisherApi = AnswerOf<'/api/v1/publisher/apis', 'get'>['apis'][number];
export type ListedApiVersion = PublisherApi['versions'][number];
export type PublisherApiVersion = AnswerOf<'/api/v1/publisher/apis/{api}/versions/{version}', 'get'>;
export type ApiVersionCaller = AnswerOf<
  '/api/v1/publisher/apis/{api}/versions/{version}/callers',
  'get'
>['callers'][number];
export type CheckedDocument = AnswerOf<'/api/v1/publisher/apis/{api}/document-check', 'post'>;
export type ComparedDocument = NonNullable<CheckedDocument['compared']>;
export type DocumentChange = ComparedDocument['changes'][number];
export type DocumentRemark = CheckedDocument['remarks']['problems'][number];
export type Route = CheckedDocument['routes'][number];
export type PublisherPlanVersion = AnswerOf<'/api/v1/publisher/plan-versions', 'get'>['planVersions'][number];
export type PublisherSubscription = AnswerOf<'/api/v1/publisher/subscriptions', 'get'>['subscriptions'][number];
export type PublisherSubscriptionPage = AnswerOf<'/api/v1/publisher/subscriptions/{subscriptionId}', 'get'>;
export type SubscriptionOverride = PublisherSubscriptionPage['overrides'][number];
export type OverridePreview = AnswerOf<'/api/v1/publisher/subscriptions/{subscriptionId}/override/preview', 'post'>;
export type PublisherPlan = AnswerOf<'/api/v1/publisher/plans/{planId}', 'get'>;
export type PlanMeter = PublisherPlan['meters'][number];
export type PlanDraft = AnswerOf<'/api/v1/publisher/plans/{planId}/draft', 'get'>;
export type PlanTerms = PlanDraft['terms'];
export type PlanDifference = PlanDraft['differences'][number];
export type PlanPreview = AnswerOf<'/api/v1/publisher/products/{product}/plan-preview', 'post'>;
export type PlanSimulation = AnswerOf<'/api/v1/publisher/plans/{planId}/draft/simulate', 'post'>;

export type Report = AnswerOf<'/api/v1/finance/reports/{report}', 'get'>;
export type ReportName = paths['/api/v1/finance/reports/{report}']['get']['parameters']['path']['report'];
export type Account = AnswerOf<'/api/v1/finance/accounts', 'get'>['accounts'][number];
export type PersonDeletion = AnswerOf<'/api/v1/user/deletion', 'get'>;
export type DeletionHindrance = PersonDeletion['hindrances'][number];
export type DeletionRequest = paths['/api/v1/user/deletion']['post']['requestBody']['content']['application/json'];
export type PortalTerms = NonNullable<Session['termsToAccept']>;
