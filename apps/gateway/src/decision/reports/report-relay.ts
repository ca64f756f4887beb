import type { CallReport } from './call-report.js';

/** A report as it is passed on: the ticket, and what the proxy said; null when it only said that the call goes on. */
export type PassedReport = readonly [ticket: string, report: CallReport | null];

/** Tells all gateways; resolves when they are told, rejects when they are not. */
export type PublishReports = (text: string) => Promise<void>;

/** How much a notification of Postgres may hold is 8000 bytes. */
const maxBytes = 7_500;
const delayMs = 50;

/**
 * Passes reports on to the gateways that have admitted their calls, several with one notification. Nobody answers: what is
 * lost on the way counts as not reported.
 */
export class ReportRelay {
  private waiting: string[] = [];
  private bytes = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly publish: PublishReports,
    private readonly onLost: (reports: number, error: Error) => void,
  ) {}

  passOn(ticket: string, report: CallReport | null): void {
    const passed: PassedReport = [ticket, report];
    const text = JSON.stringify(passed);
    const length = Buffer.byteLength(text) + 1;
    if (length > maxBytes) return this.onLost(1, new Error('the report is too long to be passed on'));
    if (this.bytes + length > maxBytes) this.flush();
    this.waiting.push(text);
    this.bytes += length;
    this.timer ??= setTimeout(this.flush, delayMs);
  }

  readonly flush = (): void => {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { waiting } = this;
    if (waiting.length === 0) return;
    this.waiting = [];
    this.bytes = 0;
    this.publish(`[${waiting.join(',')}]`).catch((error: Error) => this.onLost(waiting.length, error));
  };
}

/** What `ReportRelay` has published; nothing of what it has not. */
export function readPassedReports(text: string): readonly PassedReport[] {
  try {
    const passed: unknown = JSON.parse(text);
    return Array.isArray(passed) ? passed.filter(isPassedReport) : [];
  } catch {
    return [];
  }
}

function isPassedReport(value: unknown): value is PassedReport {
  if (!Array.isArray(value) || typeof value[0] !== 'string') return false;
  const report: unknown = value[1];
  return report === null || (typeof report === 'object' && 'outcome' in report && 'status' in report);
}
