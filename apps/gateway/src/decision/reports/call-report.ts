import type { Outcome } from '#domain';
import type { DecimalString } from '#domain';
import { measuredUnits } from '#domain';
import { type BillableWhen, isSoftError } from '../../metering/billable-when.js';
import type { PassedBytes, UnitReader } from '../../metering/call-cost.js';
import { CLIENT_GONE_STATUS } from '../../metering/client-gone-status.js';
import type { Ending } from '../../metering/judge.js';
import type { ValueRule } from '../../metering/metering.js';

/** How a call can end that another proxy passes on, in its words. */
export const REPORTED_OUTCOMES = [
  'delivered',
  'client_aborted',
  'upstream_refused',
  'upstream_timeout',
  'upstream_broke',
  'circuit_open',
] as const satisfies readonly Outcome[];

/** What a proxy says of a call that it has passed on, once it is over. */
export interface CallReport {
  readonly outcome: (typeof REPORTED_OUTCOMES)[number];
  /** That the caller got; 499 when it was gone before there was one. */
  readonly status: number;
  readonly wasUpstreamReached: boolean;
  /** Payload of the request and of the answer. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** From the head of the request to the end of the answer. */
  readonly seconds: number;
  /** Until the head of the upstream's answer; null when that is not said. */
  readonly upstreamSeconds: number | null;
  readonly attempts: number;
  /** Of the answer, by their names in lower case, as far as the proxy was told to report them. */
  readonly headers: Readonly<Record<string, string>>;
}

export function endingOf(
  { outcome, status, wasUpstreamReached, headers }: CallReport,
  rule: BillableWhen | null,
): Ending {
  const isSuccess = status >= 200 && status < 300;
  const isSoft = isSuccess && rule !== null && rule.header !== null && isSoftError(rule, headers[rule.header]);
  // Without a head, nothing but the client's going away has a status of its own.
  return {
    outcome: status === CLIENT_GONE_STATUS ? 'client_aborted' : outcome,
    status,
    wasUpstreamReached,
    isSoftError: isSoft,
  };
}

/** The units of a call, as far as a report says them. */
export class ReportedUnits implements UnitReader {
  constructor(private readonly report: CallReport) {}

  units({ from, header, weight }: ValueRule, { bytesIn, bytesOut }: PassedBytes): DecimalString | null {
    switch (from) {
      case 'request_bytes':
        return measuredUnits(String(bytesIn), weight);
      case 'response_bytes':
        return measuredUnits(String(bytesOut), weight);
      case 'seconds':
        return measuredUnits(this.report.seconds.toFixed(3), weight);
      case 'response_header': {
        const written = this.report.headers[header!];
        return written === undefined ? null : measuredUnits(written.trim(), weight);
      }
      case 'messages':
      case 'response_json':
        return null;
    }
  }
}
