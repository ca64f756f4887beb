export { type CurrentMeterUsage, type CurrentUsage, type QuotaUsage, currentUsage } from './current-usage.js';
export { type IngestResult, ingestSegment } from './ingest-segment.js';
export { ingestSegments } from './ingest-segments.js';
export { prepareUsagePartitions } from './prepare-usage-partitions.js';
export {
  type DismissInput,
  type RetriedQuarantine,
  dismissQuarantined,
  quarantineGroups,
  quarantinedEvents,
  retryQuarantined,
} from './quarantine.js';
export { QUARANTINE_REASONS, type QuarantineReason } from './segment-batch.js';
export { type PartialReportOutcome, reportCountableUsage } from './report-countable-usage.js';
export { type IndexedFault, ReportRefusedError, type ReportOutcome, reportUsage } from './report-usage.js';
export {
  type AlertMail,
  type UsageAlert,
  type UsedPeriod,
  periodsInUse,
  periodsReportedAfter,
  raiseUsageAlerts,
} from './usage-alerts.js';
export {
  type UsageBreakdown,
  type UsageGroup,
  productUsage,
  usageBreakdown,
  usageBreakdownTable,
  usedOperations,
} from './usage-breakdown.js';
export { type UsageByKey, usageByKey } from './usage-by-key.js';
export { usageRequestTable } from './usage-request-table.js';
export { type UsageReceipt, type UsageRequestPage, findUsageRequest, listUsageRequests } from './usage-requests.js';
export { usageSeries } from './usage-series.js';
