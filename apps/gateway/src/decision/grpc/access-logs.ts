import { CLIENT_GONE_STATUS } from '../../metering/client-gone-status.js';
import type { DecisionBook } from '../decision-book.js';
import type { CallReport } from '../reports/call-report.js';
import { TICKET_FIELD } from './check.js';
import {
  type AccessLogEntryMessage,
  type AccessLogsMessage,
  type DurationMessage,
  type ResponseFlagsMessage,
  numberOf,
} from './envoy-messages.js';

/** Takes what Envoy's access log says of calls; entries without a ticket are of calls that were not admitted here. */
export function takeAccessLogs(book: DecisionBook, { http_logs: logs }: AccessLogsMessage): void {
  for (const entry of logs?.log_entry ?? []) {
    const ticket = ticketOf(entry);
    if (ticket === null) continue;
    if (entry.common_properties!.intermediate_log_entry === true) book.keepWaiting(ticket);
    else book.report(ticket, reportOf(entry));
  }
}

/** The namespace is the name of the filter, which operators may choose. */
function ticketOf({ common_properties: common }: AccessLogEntryMessage): string | null {
  for (const { fields } of Object.values(common?.metadata?.filter_metadata ?? {})) {
    const ticket = fields?.[TICKET_FIELD]?.string_value;
    if (ticket) return ticket;
  }
  return null;
}

export function reportOf({ common_properties: common, request, response }: AccessLogEntryMessage): CallReport {
  const flags = common?.response_flags ?? {};
  const code = response?.response_code?.value ?? 0;
  const outcome = outcomeOf(flags, code);
  const firstByte = secondsOf(common?.time_to_first_upstream_rx_byte);
  const sent = secondsOf(common?.time_to_first_upstream_tx_byte);
  const headers = Object.entries(response?.response_headers ?? {});
  return {
    outcome,
    status: code >= 100 && code <= 599 ? code : statusWithout(outcome),
    wasUpstreamReached: sent !== null,
    bytesIn: numberOf(request?.request_body_bytes),
    bytesOut: numberOf(response?.response_body_bytes),
    seconds: secondsOf(common?.duration) ?? secondsOf(common?.time_to_last_downstream_tx_byte) ?? 0,
    upstreamSeconds: firstByte === null || sent === null ? null : Math.max(0, firstByte - sent),
    attempts: common?.upstream_request_attempt_count || (sent === null ? 0 : 1),
    headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
  };
}

/** Who has ended the call, if not the end of its answer; the caller first, as its going away makes Envoy reset the upstream as well. */
function outcomeOf(flags: ResponseFlagsMessage, code: number): CallReport['outcome'] {
  if (flags['downstream_connection_termination']) return 'client_aborted';
  if (flags['upstream_overflow']) return 'circuit_open';
  if (flags['upstream_request_timeout'] || flags['upstream_max_stream_duration_reached']) return 'upstream_timeout';
  if (
    flags['upstream_connection_failure'] ||
    flags['no_healthy_upstream'] ||
    flags['no_route_found'] ||
    flags['no_cluster_found'] ||
    flags['dns_resolution_failure']
  )
    return 'upstream_refused';
  if (
    flags['upstream_remote_reset'] ||
    flags['upstream_connection_termination'] ||
    flags['upstream_protocol_error'] ||
    flags['local_reset']
  )
    return 'upstream_broke';
  return code === 0 ? 'client_aborted' : 'delivered';
}

/** Of a call that has ended before the caller got a head. */
function statusWithout(outcome: CallReport['outcome']): number {
  switch (outcome) {
    case 'delivered':
    case 'client_aborted':
      return CLIENT_GONE_STATUS;
    case 'upstream_timeout':
      return 504;
    case 'circuit_open':
      return 503;
    case 'upstream_refused':
    case 'upstream_broke':
      return 502;
  }
}

function secondsOf(duration: DurationMessage | null | undefined): number | null {
  return duration ? numberOf(duration.seconds) + duration.nanos / 1e9 : null;
}
