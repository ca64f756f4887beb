export * from './context.js';
export { type ApplyCatalogInput, applyCatalog } from './catalog/apply-catalog.js';
export { type CatalogChange, type FieldChange } from './catalog/catalog-change.js';
export { type CatalogFile, catalogFileSchema, catalogJsonSchema } from './catalog/catalog-file.js';
export { type EditCredentialInput, editCredential } from './credential/edit-credential.js';
export { type PurgeResponseCacheInput, purgeResponseCache } from './catalog/purge-response-cache.js';
export { rotateSecrets } from './secret/rotate-secrets.js';
export { type StaffGrant, grantStaff, revokeStaff } from './publisher/grant-staff.js';
export { findUser, listPublisherTeams, listUsers } from './publisher/list-users.js';
export { type ClockControl, createClockControl, followProviderClock, moveClock } from './period/clock-control.js';
export { type ClosingResult, type HeldPeriod, closeDuePeriods } from './period/close-due-periods.js';
export { type EstimatedPeriod, ratePeriodFromLedger } from './period/rate-from-ledger.js';
export { closePeriodsAt } from './period/close-periods-at.js';
export { type PeriodBoard, listPeriods, readPeriodBoard } from './period/period-board.js';
export { type PeriodLine, type RatedPeriod, ratePeriod } from './period/rate-period.js';
export {
  type PlanSimulation,
  type SimulatePlanInput,
  type SimulatedPeriod,
  type SimulatedSubscription,
  differenceOf,
  simulatePlan,
} from './plan/simulate-plan.js';
export { definitionOf, planTerms } from './catalog/plan-in-file.js';
export type { DunningMail, DunningMails, DunningNotice } from './dunning/dunning-mails.js';
export { findDunningPause, pauseDunning, resumeDunning } from './dunning/pause-dunning.js';
export { type DunningOverview, dunningOf, findDunning, listDunningOverviews } from './dunning/read-dunning.js';
export { type DunningInput, type DunningRound, runDunning } from './dunning/run-dunning.js';
export { RECONCILE_HOLD } from './payment/reconcile-hold.js';
export { settleInvoice } from './payment/settle-invoice.js';
export { type CollectionOutcome, collectInvoice } from './payment/collect-invoice.js';
export { createSetupSession, paymentMethodOf } from './payment/payment-method.js';
export { type SetPaymentTermsInput, findPaymentTerms, setPaymentTerms } from './payment/payment-terms.js';
export { readDisputeStandings, readDisputes } from './dispute/read-disputes.js';
export { reconcileDisputes } from './dispute/reconcile-disputes.js';
export { recordFees } from './payment/record-fees.js';
export { decideOnDispute, resolveDispute } from './dispute/resolve-dispute.js';
export type {
  DisputeNotice,
  HeldInvoiceNotice,
  PaymentAlarms,
  RefundNotice,
  RefusedUsageNotice,
} from './payment/payment-alarms.js';
export { processWebhook } from './payment/process-webhook.js';
export { reconcileInvoices } from './payment/reconcile-invoices.js';
export { receiveWebhook } from './payment/receive-webhook.js';
export { readWebhooks, replayWebhook, webhookState } from './payment/replay-webhook.js';
export { rebuildCollection, retryCollection } from './payment/retry-collection.js';
export { type IngestResult, ingestSegment } from './usage/ingest-segment.js';
export { ingestSegments } from './usage/ingest-segments.js';
export { type CsvCell, csvRows } from './csv/csv-rows.js';
export {
  type RecordTransferInput,
  type RecordedTransfer,
  MAX_REFERENCE_LENGTH,
  MAX_TRANSFER_MINOR,
  recordTransfer,
} from './transfer/record-transfer.js';
export { readReceivables } from './verify/read-receivables.js';
export { listTransfers } from './transfer/list-transfers.js';
export { reverseTransfer } from './transfer/reverse-transfer.js';
export {
  type ImportedStatement,
  assignStatementRow,
  importStatement,
  listUnmatchedRows,
  putStatementRowAside,
} from './transfer/import-statement.js';
export { markPastDue } from './invoice/mark-past-due.js';
export { markUncollectible } from './invoice/mark-uncollectible.js';
export { type Withdrawal, type WithdrawalPreview, previewWithdrawal } from './invoice/preview-withdrawal.js';
export { type VoidInvoiceInput, reissueInvoice, voidInvoice } from './invoice/void-invoice.js';
export { type ExplainLineInput, type ExplainedLine, explainLine, listLineRequests } from './invoice/explain-line.js';
export { exportCreditNotesCsv, exportInvoicesCsv, exportInvoicesXlsx } from './invoice/export-invoices.js';
export { exportInvoicesNdjson, findInvoiceJson } from './invoice/invoice-json.js';
export {
  type ReportName,
  type ReportOptions,
  type TablePreview,
  previewTable,
  reportNames,
  reportTable,
} from './report/report-table.js';
export {
  type ChartedAccount,
  type NameAccountInput,
  nameAccount,
  readChartOfAccounts,
} from './accounting/chart-of-accounts.js';
export {
  type ElectronicFile,
  findElectronicCreditNote,
  findElectronicInvoice,
} from './electronic-invoice/find-electronic-invoice.js';
export { type DocumentedEntry, journalEntryPages } from './accounting/journal-entries.js';
export { type Table } from './table/table.js';
export { type TableFormat, tableFormats, writeTable } from './table/write-table.js';
export {
  MAX_REVIEW_HOURS,
  findReviewWindow,
  issueDueInvoices,
  issueReviewed,
  setReviewWindow,
} from './invoice/review-invoice.js';
export {
  type InvoiceDetails,
  type InvoiceReference,
  findInvoice,
  findInvoiceDocument,
  findInvoiceId,
  listInvoices,
} from './invoice/find-invoices.js';
export { type InvoiceDocument } from './invoice/document/invoice-document.js';
export { renderInvoicePdf } from './invoice/document/render-invoice-pdf.js';
export {
  type DecideAdjustmentInput,
  type ProposeAdjustmentInput,
  decideOnAdjustment,
  listAdjustments,
  proposeAdjustment,
} from './balance/adjust-balance.js';
export { type BalanceStatement, readBalance } from './balance/read-balance.js';
export {
  type CheckedBillingDetails,
  type ChangeBillingDetailsInput,
  type OwnBillingDetails,
  changeBillingDetails,
  findBillingDetails,
  setTaxExemption,
} from './tax/billing-details.js';
export { type AskedRegister, askTaxIdRegister } from './tax/ask-register.js';
export { checkTaxId } from './tax/check-tax-id.js';
export { type SellerWithTaxRates, addTaxRate, endTaxRate, listSellersWithTaxRates } from './tax/tax-rates.js';
export { type TaxRatePreview, previewAddedTaxRate, previewEndedTaxRate } from './tax/preview-tax-rates.js';
export { type TaxedPeriod } from './tax/tax-periods.js';
export { couponBounds, couponTerms, toCouponTerms } from './catalog/coupon-in-file.js';
export {
  type CouponInput,
  addCouponCode,
  changeCoupon,
  changeCouponCode,
  createCoupon,
  listCoupons,
} from './coupon/keep-coupons.js';
export { expireCredits } from './credit/expire-credits.js';
export {
  type DecideCreditsInput,
  type ProposeCreditsInput,
  decideOnCredits,
  listCreditProposals,
  proposeCredits,
} from './credit/give-credits.js';
export { type PurchaseCreditsInput, purchaseCredits } from './credit/purchase-credits.js';
export { type SetTopUpInput, removeTopUp, setTopUp } from './credit/top-up-rule.js';
export { type CreditAlert, type CreditMails, type TopUpStop, watchCredits } from './credit/watch-credits.js';
export { type CreditStatement, type CreditStore, readCredits } from './credit/read-credits.js';
export {
  type CreditNotePreview,
  type IssueCreditNoteInput,
  issueCreditNote,
  previewCreditNote,
} from './credit-note/issue-credit-note.js';
export {
  type DecideRefundInput,
  decideOnRefund,
  listFoundRefunds,
  listRefundProposals,
  proposeFoundRefund,
  proposeRefund,
} from './refund/propose-refund.js';
export { applyProviderRefund, reconcileRefunds } from './refund/reconcile-refunds.js';
export { recordRefund } from './refund/record-refund.js';
export { refundPayment } from './refund/refund-payment.js';
export { type CreditNoteDocument, findCreditNoteDocument } from './credit-note/find-credit-note.js';
export { renderCreditNotePdf } from './credit-note/document/render-credit-note-pdf.js';
export {
  type OrganizationAuditFilter,
  auditLogTable,
  listAuditLog,
  listAuditNouns,
  listOrganizationAuditLog,
} from './audit/list-audit-log.js';
export {
  type ApiVersionPage,
  findApiVersionPage,
  findPlanVersion,
  findProduct,
  findProductTerms,
  listOfferedProducts,
  listProducts,
} from './catalog/read-catalog.js';
export {
  type ComparisonCache,
  type VersionComparison,
  compareVersions,
  countBySeverity,
  listReleases,
} from './catalog/compare-versions.js';
export { type OperationCost, findOperationCosts } from './catalog/operation-costs.js';
export { type DocumentationHit, findInDocumentation } from './catalog/search-documentation.js';
export { type CreateApplicationInput, createApplication } from './consumer/create-application.js';
export { type CreateOrganizationInput, createOrganization } from './consumer/create-organization.js';
export { createOwnOrganization, findOrganization, renameOrganization } from './consumer/own-organizations.js';
export { acceptInvitation, findInvitation } from './membership/accept-invitation.js';
export {
  type SentInvitation,
  inviteMember,
  listInvitations,
  resendInvitation,
  withdrawInvitation,
} from './membership/manage-invitations.js';
export { changeMemberRole, leaveOrganization, listMembers, removeMember } from './membership/manage-members.js';
export { findApplicationOverview, listApplications } from './consumer/list-applications.js';
export { type IssueCredentialInput, issueCredential } from './credential/issue-credential.js';
export { MAX_TRY_IT_KEYS, TRY_IT_KEY_SECONDS, issueTryItKey } from './credential/issue-try-it-key.js';
export { type ImportResult, type KeyToImport, importCredentials } from './credential/import-credentials.js';
export { type IssuedCredential } from './credential/make-key.js';
export {
  MAX_OVERLAP_SECONDS,
  type RotateCredentialInput,
  type RotatedCredential,
  rotateCredential,
} from './credential/rotate-credential.js';
export { type PepperSummary, summarizePeppers } from './credential/summarize-peppers.js';
export { findApplicationNamed, findCredential } from './credential/find-credential.js';
export { decideLeakPolicy, readLeakPolicy } from './credential/leak-policy.js';
export { type KeyExpiryNotice, tellExpiringKey } from './credential/tell-expiring-keys.js';
export { type KeyLeakNotice, type SuspectedKey, reportKeyLeaks } from './credential/report-key-leaks.js';
export {
  createAccessToken,
  grantableScopes,
  listAccessTokens,
  openAccessToken,
  revokeAccessToken,
} from './credential/access-tokens.js';
export { type OpenedApiKey, openApiKey } from './credential/open-api-key.js';
export { listCredentials } from './credential/list-credentials.js';
export { type RevokeCredentialInput, revokeCredential } from './credential/revoke-credential.js';
export { type SuspensionInput, suspendOrganization } from './consumer/suspend-organization.js';
export { type RebuiltQuota, rebuildQuotas } from './quota/rebuild-quotas.js';
export { type WriteOffInput, type WrittenOff, listOpenLeases, writeOffLeases } from './quota/write-off-leases.js';
export {
  type IdempotencyOutcome,
  type IdempotentAnswer,
  type IdempotentRequest,
  RequestUnderWayError,
  answerIdempotentRequest,
  claimIdempotentRequest,
  releaseIdempotentRequest,
} from './idempotency/idempotent-request.js';
export { listGateways } from './gateway/list-gateways.js';
export { readServiceStatus } from './gateway/read-service-status.js';
export {
  type PublishedProduct,
  type PublishedSubscription,
  listPublisherProducts,
  listPublisherSubscriptions,
} from './publisher/list-published.js';
export { listPublishedKeys } from './signing-key/list-published-keys.js';
export { type RotateSigningKeyInput, rotateSigningKey } from './signing-key/rotate-signing-key.js';
export { completeSignUp } from './session/complete-sign-up.js';
export { type Standing, findMembershipRole, findStanding } from './session/find-standing.js';
export {
  type CancelInput,
  type CancellationPreview,
  cancelSubscription,
  previewCancellation,
  reactivateSubscription,
} from './subscription/cancel-subscription.js';
export {
  type ChangePlanInput,
  type PlanChangePreview,
  changePlan,
  keepPlan,
  previewPlanChange,
} from './subscription/change-plan.js';
export {
  type OverrideInput,
  type OverridePreview,
  overrideSubscription,
  previewOverride,
  revokeOverride,
} from './subscription/override-subscription.js';
export {
  type PublisherSubscriptionPage,
  type ShownOverride,
  addSubscriptionNote,
  findPublisherSubscription,
} from './subscription/publisher-subscription.js';
export { planDifferences } from './plan/plan-differences.js';
export { type OverrideTerms, overrideTerms } from './catalog/override-in-file.js';
export { type Migration, type MigrationNotice, migrateSubscribers } from './plan/migrate-subscribers.js';
export { findPublisherPlanVersion, listPublisherPlanVersions } from './plan/publisher-plan-versions.js';
export {
  type PlanDraft,
  type PlanPage,
  type ShownOffer,
  changePlanOffer,
  createPlan,
  createPlanDraft,
  deletePlanDraft,
  findPlanDraft,
  findPlanPage,
  publishPlanDraft,
  replacePlanDraft,
  retirePlan,
} from './plan/edit-plan.js';
export { type PlanPreview, previewPlan } from './plan/preview-plan.js';
export { simulatePlanDraft } from './plan/simulate-plan-draft.js';
export { type PlanInFile, type PlanTerms, plan as planInFile, termsOf } from './catalog/plan-in-file.js';
export { PlanRefusedError } from './catalog/plan-refused-error.js';
export { type AcceptTermsInput, acceptTerms } from './subscription/accept-terms.js';
export { type ApprovalInput, approveSubscription, refuseSubscription } from './subscription/approve-subscription.js';
export { type EndedTrials, settleEndingTrials } from './subscription/end-trials.js';
export { endDueSubscriptions } from './subscription/end-subscriptions.js';
export {
  type SubscriptionOverview,
  findSubscription,
  listSubscriptions,
  withCurrentPeriod,
} from './subscription/list-subscriptions.js';
export { type SubscriptionEntitlements, findEntitlements } from './subscription/find-entitlements.js';
export { type PaymentStateInput, setPaymentState } from './subscription/payment-state.js';
export {
  type SubscriptionSuspension,
  type SuspensionChange,
  recordSuspension,
  suspendSubscription,
} from './subscription/suspend-subscription.js';
export { type CommitmentOf, type MoneyCapInput, setMoneyCap } from './subscription/set-money-cap.js';
export { type SubscribeInput, subscribe } from './subscription/subscribe.js';
export { prepareUsagePartitions } from './usage/prepare-usage-partitions.js';
export { type ProvisionKeyInput, type ProvisionedKey, offerNamed, provisionKey } from './credential/provision-key.js';
export { type CurrentMeterUsage, type CurrentUsage, type QuotaUsage, currentUsage } from './usage/current-usage.js';
export { type UsageByKey, usageByKey } from './usage/usage-by-key.js';
export {
  type UsageReceipt,
  type UsageRequestPage,
  findUsageRequest,
  listUsageRequests,
} from './usage/usage-requests.js';
export { usageSeries } from './usage/usage-series.js';
export {
  type UsageBreakdown,
  type UsageGroup,
  usageBreakdown,
  usageBreakdownTable,
  usedOperations,
} from './usage/usage-breakdown.js';
export { usageRequestTable } from './usage/usage-request-table.js';
export {
  type UsageDayOutcome,
  archiveUsageDay,
  checkUsageDay,
  findUsageDayToArchive,
} from './archive/archive-usage-day.js';
export { UsageArchiveError } from './archive/read-archive.js';
export {
  type CheckName,
  type CheckResult,
  type Difference,
  type VerifyReport,
  listedDifferences,
} from './verify/verify-report.js';
export {
  type IngestToken,
  createIngestToken,
  listIngestTokens,
  openIngestToken,
  revokeIngestToken,
} from './credential/ingest-tokens.js';
export { ReportRefusedError, type ReportOutcome, reportUsage } from './usage/report-usage.js';
export { type LedgerProof, latestProofs, proveEndedDay, proveSampleDay } from './verify/daily-proof.js';
export { type Reaggregation, reaggregateUsage } from './verify/reaggregate-usage.js';
export { type VerifyInput, verifyLedger } from './verify/verify-ledger.js';
export { type AddIdentityInput, addIdentity, listIdentities, removeIdentity } from './identity/manage-identities.js';
export {
  type AlertMail,
  type UsageAlert,
  type UsedPeriod,
  periodsInUse,
  periodsReportedAfter,
  raiseUsageAlerts,
} from './usage/usage-alerts.js';
export { completeOidcSignUp } from './session/complete-oidc-sign-up.js';
export { confirmEmailChange, recordPasswordChange, requestEmailChange } from './user/change-email.js';
export { type UserChange, recordUserChange } from './user/user-change.js';
export { readUserProfile, renameUser } from './user/user-profile.js';
export { endOtherUserSessions, endUserSession } from './user/user-sessions.js';
export { type MeteredRound, keepMeteredSubscriptions } from './metered/keep-metered-subscriptions.js';
export { exportOrganizationData } from './data-export/organization-data.js';
export { exportPersonData } from './data-export/person-data.js';
export { deleteOrganization, previewOrganizationDeletion } from './deletion/delete-organization.js';
export { deletePerson, previewPersonDeletion } from './deletion/delete-person.js';
export { type Hindrance, requireNoHindrance } from './deletion/hindrances.js';
export { isAdminMissing } from './publisher/missing-admin.js';
export { resetSecondFactor } from './user/reset-second-factor.js';
export { type SubscriptionPreview, previewSubscription } from './subscription/preview-subscription.js';
export { type TrialPreview, previewTrial } from './subscription/preview-trial.js';
export { grantTrial } from './subscription/trial-right.js';
export {
  type CallCost,
  type CallPreview,
  type PreviewCallInput,
  type PreviewedMeter,
  previewCall,
} from './try-it/preview-call.js';
export { type CallDestination, type OpenCallInput, openCall } from './try-it/open-call.js';
export {
  acceptPortalTerms,
  hasAcceptedPortalTerms,
  recordPortalTermsOfSignUp,
  requirePortalTerms,
} from './user/portal-terms.js';
export {
  type DeliveryPorts,
  type WebhookAnswer,
  type WebhookRequest,
  deliverWebhook,
  leaseWebhooks,
  oldestWaitingWebhookMs,
  purgeWebhooks,
  returnWebhooks,
} from './webhook/deliver-webhooks.js';
export {
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  editWebhookEndpoint,
  findWebhookEndpoint,
  listWebhookEndpoints,
  rotateWebhookSecret,
} from './webhook/manage-endpoints.js';
export {
  type WebhookDeliveryLog,
  findWebhookDelivery,
  listWebhookDeliveries,
  resendWebhook,
  sendTestWebhook,
} from './webhook/webhook-deliveries.js';
