export * from './context.js';
export {
  type ChartedAccount,
  type NameAccountInput,
  nameAccount,
  readChartOfAccounts,
} from './accounting/chart-of-accounts.js';
export { type PlanRevenue, productFunnel, productRevenue } from './accounting/product-revenue.js';
export { type DocumentedEntry, journalEntryPages } from './accounting/journal-entries.js';
export {
  type UsageDayOutcome,
  archiveUsageDay,
  checkUsageDay,
  findUsageDayToArchive,
} from './archive/archive-usage-day.js';
export { UsageArchiveError } from './archive/read-archive.js';
export {
  type OrganizationAuditFilter,
  auditLogTable,
  listAuditLog,
  listAuditNouns,
  listOrganizationAuditLog,
} from './audit/list-audit-log.js';
export * from './api-version/index.js';
export * from './balance/index.js';
export * from './catalog/index.js';
export { type CreateApplicationInput, createApplication } from './consumer/create-application.js';
export { type CreateOrganizationInput, createOrganization } from './consumer/create-organization.js';
export { findOrganizationId } from './consumer/find-organization.js';
export { findListedOrganization, listOrganizations } from './consumer/list-organizations.js';
export {
  type ApplicationChange,
  type RenameApplicationInput,
  deleteApplication,
  renameApplication,
} from './consumer/edit-application.js';
export { findApplicationOverview, listApplications } from './consumer/list-applications.js';
export { createOwnOrganization, findOrganization, renameOrganization } from './consumer/own-organizations.js';
export { type SuspensionInput, suspendOrganization } from './consumer/suspend-organization.js';
export * from './coupon/index.js';
export * from './credential/index.js';
export * from './checkout/index.js';
export * from './credit-note/index.js';
export * from './credit/index.js';
export { type CsvCell, csvRows } from './csv/csv-rows.js';
export { exportOrganizationData } from './data-export/organization-data.js';
export { exportPersonData } from './data-export/person-data.js';
export { deleteOrganization, previewOrganizationDeletion } from './deletion/delete-organization.js';
export { deletePerson, previewPersonDeletion } from './deletion/delete-person.js';
export { type Hindrance, requireNoHindrance } from './deletion/hindrances.js';
export { readDisputeStandings, readDisputes } from './dispute/read-disputes.js';
export { reconcileDisputes } from './dispute/reconcile-disputes.js';
export { decideOnDispute, resolveDispute } from './dispute/resolve-dispute.js';
export type { DunningMail, DunningMails, DunningNotice } from './dunning/dunning-mails.js';
export { findDunningPause, pauseDunning, resumeDunning } from './dunning/pause-dunning.js';
export { type DunningOverview, dunningOf, findDunning, listDunningOverviews } from './dunning/read-dunning.js';
export { type DunningInput, type DunningRound, runDunning } from './dunning/run-dunning.js';
export {
  type ElectronicFile,
  findElectronicCreditNote,
  findElectronicInvoice,
} from './electronic-invoice/find-electronic-invoice.js';
export { listGateways } from './gateway/list-gateways.js';
export {
  type GivenUpMail,
  forgetMail,
  giveUpMail,
  givenUpMails,
  isTriedLongEnough,
  sendMailAgain,
} from './mail/undelivered-mail.js';
export { type Finding, type InstallationState, findingsOf } from './operation/findings.js';
export { type InstallationHealth, readInstallationHealth } from './operation/read-health.js';
export { type WorkerHeartbeat, forgetWorker, reportWorker } from './operation/worker-heartbeat.js';
export { type ProcessSelf, forgetProcess, reportProcess } from './process/report-process.js';
export { type InstallationSettings, type KnownProcess, readSettings } from './process/read-settings.js';
export { readServiceStatus } from './gateway/read-service-status.js';
export * from './idempotency/index.js';
export { type AddIdentityInput, addIdentity, listIdentities, removeIdentity } from './identity/manage-identities.js';
export * from './invoice/index.js';
export * from './membership/index.js';
export { type MeteredRound, keepMeteredSubscriptions } from './metered/keep-metered-subscriptions.js';
export * from './payment/index.js';
export { type ClockControl, createClockControl, followProviderClock, moveClock } from './period/clock-control.js';
export { type ClosingResult, type HeldPeriod, closeDuePeriods } from './period/close-due-periods.js';
export { closePeriodsAt } from './period/close-periods-at.js';
export { type PeriodBoard, listPeriods, readPeriodBoard } from './period/period-board.js';
export { type EstimatedPeriod, ratePeriodFromLedger } from './period/rate-from-ledger.js';
export { type PeriodLine, type RatedPeriod, ratePeriod } from './period/rate-period.js';
export * from './plan/index.js';
export * from './product/index.js';
export * from './publisher/index.js';
export * from './queue/index.js';
export { type RebuiltQuota, rebuildQuotas } from './quota/rebuild-quotas.js';
export { type WriteOffInput, type WrittenOff, listOpenLeases, writeOffLeases } from './quota/write-off-leases.js';
export * from './refund/index.js';
export * from './report/index.js';
export { rotateSecrets } from './secret/rotate-secrets.js';
export { completeOidcSignUp } from './session/complete-oidc-sign-up.js';
export { completeSignUp } from './session/complete-sign-up.js';
export { type Standing, findMembershipRole, findStanding } from './session/find-standing.js';
export { listPublishedKeys } from './signing-key/list-published-keys.js';
export { type RotateSigningKeyInput, rotateSigningKey } from './signing-key/rotate-signing-key.js';
export * from './subscription/index.js';
export { type Table, cellText } from './table/table.js';
export { type TableFormat, tableFormats, writeTable } from './table/write-table.js';
export * from './tax/index.js';
export * from './transfer/index.js';
export * from './try-it/index.js';
export { keepTraffic } from './traffic/keep-traffic.js';
export { type RefusedCallsReport, productRefusedCalls, refusedCalls } from './traffic/refused-calls.js';
export { type Traffic, type TrafficSummary, apiVersionTraffic, productTraffic } from './traffic/read-traffic.js';
export * from './usage/index.js';
export * from './user/index.js';
export * from './verify/index.js';
export * from './webhook/index.js';
