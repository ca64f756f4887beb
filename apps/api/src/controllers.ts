import { AccessTokenController } from './access-token/access-token.controller.js';
import { AuditLogController } from './audit/audit-log.controller.js';
import { OrganizationAuditLogController } from './audit/organization-audit-log.controller.js';
import { AuthController } from './auth/auth.controller.js';
import { BalanceController } from './balance/balance.controller.js';
import { FinanceBalanceController } from './balance/finance-balance.controller.js';
import { BrandController } from './brand/brand.controller.js';
import { ResponseCacheController } from './cache/response-cache.controller.js';
import { CatalogController } from './catalog/catalog.controller.js';
import { ClockController } from './clock/clock.controller.js';
import { ApplicationController } from './consumer/application.controller.js';
import { OrganizationStandingController } from './consumer/organization-standing.controller.js';
import { CreditController } from './credit/credit.controller.js';
import { FinanceCreditController } from './credit/finance-credit.controller.js';
import { CreditNoteController } from './credit-note/credit-note.controller.js';
import { FinanceCreditNoteController } from './credit-note/finance-credit-note.controller.js';
import { CredentialController } from './credential/credential.controller.js';
import { KeyLeakController } from './credential/key-leak.controller.js';
import { DataExportController } from './data-export/data-export.controller.js';
import { DeletionController } from './deletion/deletion.controller.js';
import { ChangesController } from './docs/changes.controller.js';
import { DocsFilesController } from './docs/docs-files.controller.js';
import { DocsPageController } from './docs/docs-page.controller.js';
import { DocumentController } from './docs/document.controller.js';
import { SearchController } from './docs/search.controller.js';
import { SiteFilesController } from './docs/site-files.controller.js';
import { AccountController } from './finance-export/account.controller.js';
import { FinanceExportController } from './finance-export/finance-export.controller.js';
import { DunningController } from './dunning/dunning.controller.js';
import { FinanceDisputeController } from './dispute/finance-dispute.controller.js';
import { FinanceDunningController } from './dunning/finance-dunning.controller.js';
import { GatewayController } from './gateway/gateway.controller.js';
import { InstallationSettingsController } from './operation/installation-settings.controller.js';
import { InstallationHealthController } from './operation/installation-health.controller.js';
import { HealthController } from './health/health.controller.js';
import { IdentityController } from './identity/identity.controller.js';
import { InboxController } from './inbox/inbox.controller.js';
import { FinanceInvoiceController } from './invoice/finance-invoice.controller.js';
import { FinanceInvoiceLineController } from './invoice/finance-invoice-line.controller.js';
import { InvoiceLineController } from './invoice/invoice-line.controller.js';
import { InvoiceReviewController } from './invoice/invoice-review.controller.js';
import { InvoiceSettlementController } from './invoice/invoice-settlement.controller.js';
import { InvoiceController } from './invoice/invoice.controller.js';
import { InvitationController } from './organization/invitation.controller.js';
import { MemberController } from './organization/member.controller.js';
import { FinanceOrganizationController } from './organization/finance-organization.controller.js';
import { OrganizationController } from './organization/organization.controller.js';
import { PaymentMethodController } from './payment/payment-method.controller.js';
import { FinancePaymentTermsController, PaymentTermsController } from './payment/payment-terms.controller.js';
import { WebhookInboxController } from './payment/webhook-inbox.controller.js';
import { WebhookController } from './payment/webhook.controller.js';
import { McpController } from './mcp/mcp.controller.js';
import { PeriodController } from './period/period.controller.js';
import { PortalController } from './portal/portal.controller.js';
import { ApiController } from './publisher/api.controller.js';
import { ApiVersionController } from './publisher/api-version.controller.js';
import { CatalogApplyController } from './publisher/catalog-apply.controller.js';
import { CatalogExportController } from './publisher/catalog-export.controller.js';
import { PolicyController } from './publisher/policy.controller.js';
import { TrafficController } from './publisher/traffic.controller.js';
import { UpstreamController } from './publisher/upstream.controller.js';
import { CouponController } from './publisher/coupon.controller.js';
import { PlanEditorController } from './publisher/plan-editor.controller.js';
import { ProductEditorController } from './publisher/product-editor.controller.js';
import { PublisherSubscriptionController } from './publisher/publisher-subscription.controller.js';
import { PublisherController } from './publisher/publisher.controller.js';
import { UndeliveredMailController } from './mail/undelivered-mail.controller.js';
import { QueueController } from './queue/queue.controller.js';
import { FinanceRefundController } from './refund/finance-refund.controller.js';
import { UsageReportController } from './report/usage-report.controller.js';
import { TelemetryController } from './telemetry/telemetry.controller.js';
import { SessionController } from './session/session.controller.js';
import { SettingsController } from './settings/settings.controller.js';
import { SigningKeyController } from './signing-key/signing-key.controller.js';
import { StaffController } from './staff/staff.controller.js';
import { StatusController } from './status/status.controller.js';
import { SubscriptionStandingController } from './subscription/subscription-standing.controller.js';
import { FinanceTrialController } from './subscription/finance-trial.controller.js';
import { SubscriptionController } from './subscription/subscription.controller.js';
import { BillingDetailsController } from './tax/billing-details.controller.js';
import { FinanceTaxController } from './tax/finance-tax.controller.js';
import { ReceivableController } from './receivable/receivable.controller.js';
import { WebhookDeliveryController } from './webhook-endpoint/webhook-delivery.controller.js';
import { WebhookEndpointController } from './webhook-endpoint/webhook-endpoint.controller.js';
import { FinanceTransferController } from './transfer/finance-transfer.controller.js';
import { TryItController } from './try-it/try-it.controller.js';
import { UsageController } from './usage/usage.controller.js';
import { EmailChangeController } from './user/email-change.controller.js';
import { PortalTermsController } from './user/portal-terms.controller.js';
import { TwoFactorController } from './user/two-factor.controller.js';
import { UserSessionController } from './user/user-session.controller.js';
import { UserController } from './user/user.controller.js';
import { VerifyController } from './usage/verify.controller.js';

/** Every route of the API, in the order of its OpenAPI document. */
export const controllers = [
  SettingsController,
  SessionController,
  AuthController,
  UserController,
  UserSessionController,
  TwoFactorController,
  PortalTermsController,
  EmailChangeController,
  DataExportController,
  DeletionController,
  AccessTokenController,
  CatalogController,
  DocumentController,
  ChangesController,
  SearchController,
  SiteFilesController,
  DocsPageController,
  DocsFilesController,
  OrganizationController,
  FinanceOrganizationController,
  MemberController,
  InvitationController,
  OrganizationAuditLogController,
  ApplicationController,
  CredentialController,
  TryItController,
  WebhookEndpointController,
  WebhookDeliveryController,
  KeyLeakController,
  IdentityController,
  SubscriptionController,
  UsageController,
  UsageReportController,
  TelemetryController,
  PaymentMethodController,
  PaymentTermsController,
  InvoiceController,
  BillingDetailsController,
  BalanceController,
  CreditController,
  CreditNoteController,
  DunningController,
  WebhookController,
  FinanceInvoiceController,
  FinanceExportController,
  AccountController,
  InvoiceLineController,
  FinanceInvoiceLineController,
  InvoiceReviewController,
  FinancePaymentTermsController,
  FinanceTaxController,
  FinanceTransferController,
  ReceivableController,
  InvoiceSettlementController,
  FinanceBalanceController,
  FinanceCreditController,
  FinanceCreditNoteController,
  FinanceTrialController,
  FinanceDunningController,
  FinanceDisputeController,
  FinanceRefundController,
  PeriodController,
  VerifyController,
  GatewayController,
  InstallationHealthController,
  InstallationSettingsController,
  QueueController,
  UndeliveredMailController,
  OrganizationStandingController,
  SubscriptionStandingController,
  ClockController,
  WebhookInboxController,
  AuditLogController,
  StaffController,
  StatusController,
  PublisherController,
  PlanEditorController,
  ProductEditorController,
  ApiController,
  ApiVersionController,
  CatalogApplyController,
  CatalogExportController,
  TrafficController,
  UpstreamController,
  PolicyController,
  CouponController,
  PublisherSubscriptionController,
  BrandController,
  ResponseCacheController,
  InboxController,
  HealthController,
  SigningKeyController,
  McpController,
  PortalController,
];
