import { z } from 'zod';
import { CLIENT_GONE_STATUS } from '../../metering/client-gone-status.js';
import { type CallReport, REPORTED_OUTCOMES } from './call-report.js';

/** Numbers as JSON has them, or as proxies write their variables: "12", "0.013", "-" and "" for nothing. */
const written = z.union([z.number(), z.string()]).transform((value, context) => {
  const text = String(value).trim();
  if (text === '' || text === '-') return 0;
  const number = Number(text);
  if (Number.isFinite(number) && number >= 0 && number <= Number.MAX_SAFE_INTEGER) return number;
  context.addIssue({ code: 'custom', message: 'expected a number that is not negative' });
  return z.NEVER;
});

const bytes = written.transform(Math.trunc).default(0);

/** One report as proxies send it by HTTP or syslog. */
const reportSchema = z
  .object({
    ticket: z.string().max(200),
    status: written.refine((status) => Number.isInteger(status) && status <= 599 && (status === 0 || status >= 100)),
    outcome: z.enum(REPORTED_OUTCOMES).optional(),
    /** Of nginx: "OK", or empty when the caller did not get all of the answer. */
    completed: z.union([z.boolean(), z.enum(['OK', ''])]).optional(),
    bytesIn: bytes,
    bytesOut: bytes,
    seconds: written.default(0),
    upstreamSeconds: written.optional(),
    headers: z.record(z.string(), z.string()).default({}),
  })
  .strict();

export interface TicketedReport {
  readonly ticket: string;
  readonly report: CallReport;
}

/** Reads a report that is JSON already; null when it is none, with what is wrong told to `onFault`. */
export function readReport(value: unknown, onFault?: (fault: string) => void): TicketedReport | null {
  const result = reportSchema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    onFault?.(`${issue.path.join('.') || 'report'}: ${issue.message}`);
    return null;
  }
  const { ticket, completed, outcome, headers, ...counted } = result.data;
  const isGone = counted.status === 0 || counted.status === CLIENT_GONE_STATUS;
  const isCut = completed === false || completed === '';
  return {
    ticket,
    report: {
      outcome: outcome ?? (isGone || isCut ? 'client_aborted' : 'delivered'),
      status: isGone ? CLIENT_GONE_STATUS : counted.status,
      wasUpstreamReached: true,
      bytesIn: counted.bytesIn,
      bytesOut: counted.bytesOut,
      seconds: counted.seconds,
      // Nothing answers in no time.
      upstreamSeconds: counted.upstreamSeconds || null,
      attempts: 1,
      headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name.toLowerCase(), text])),
    },
  };
}
