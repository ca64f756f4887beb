import type { ServiceContext } from '../context.js';
import { type IndexedFault, ReportRefusedError, type UsageReport, reportUsage } from './report-usage.js';

/** Reports follow one another, so a long one lets others in between. */
const EVENTS_AT_ONCE = 1_000;

/** What became of a report of which each event stands for itself. */
export interface PartialReportOutcome {
  /** Events that are counted now and were not before. */
  readonly accepted: number;
  /** Events that were counted before. */
  readonly duplicates: number;
  /** Events that are not counted, in no order, each with one fault. */
  readonly rejected: readonly IndexedFault[];
}

/**
 * Counts those events of a report that can be counted, as `reportUsage` does, and says what is wrong with the others. For senders who
 * batch what has nothing to do with each other and drop what is refused: there one event must not take the others with it.
 * Up to 1,000 events at a time, so after a failure some may be counted: the same report is sent again, and each counts once.
 */
export async function reportCountableUsage(
  context: ServiceContext,
  report: UsageReport,
): Promise<PartialReportOutcome> {
  const outcome = { accepted: 0, duplicates: 0, rejected: [] as IndexedFault[] };
  for (let from = 0; from < report.events.length; from += EVENTS_AT_ONCE) {
    const part = { ...report, events: report.events.slice(from, from + EVENTS_AT_ONCE) };
    const { accepted, duplicates, rejected } = await reportPart(context, part);
    outcome.accepted += accepted;
    outcome.duplicates += duplicates;
    outcome.rejected.push(...rejected.map(({ index, ...fault }) => ({ index: from + index, ...fault })));
  }
  return outcome;
}

/** Each refusal names all events that fail one check, so that there are few more rounds than checks. */
async function reportPart(context: ServiceContext, report: UsageReport): Promise<PartialReportOutcome> {
  const rejected: IndexedFault[] = [];
  let left = report.events.map((event, index) => ({ event, index }));
  while (left.length > 0) {
    try {
      const events = left.map(({ event }) => event);
      const { accepted, duplicates } = await reportUsage(context, { ...report, events });
      return { accepted, duplicates, rejected };
    } catch (error) {
      if (!(error instanceof ReportRefusedError) || error.faults.length === 0) throw error;
      const faults = new Map(error.faults.map((fault) => [fault.index, fault]));
      rejected.push(...[...faults].map(([at, fault]) => ({ ...fault, index: left[at]!.index })));
      left = left.filter((_, at) => !faults.has(at));
    }
  }
  return { accepted: 0, duplicates: 0, rejected };
}
