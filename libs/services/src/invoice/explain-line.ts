import {
  type Aggregation,
  type InvoiceLine,
  type MeterAggregates,
  NotFoundError,
  addDecimals,
  billedQuantity,
  compareDecimals,
  subtractDecimals,
  uuidV7TimeMs,
} from '#domain';
import {
  type LineEvent,
  type ListedInvoice,
  type MeterEvents,
  type Transaction,
  countNewValues,
  findInvoiceIdByNumber,
  listInvoiceLines,
  listInvoicePage,
  listLineEventPage,
  listLineEvents,
  listPricedPhases,
  prepareArchivedUsage,
  readSettledAggregates,
} from '#persistence';
import { listArchivedDays, loadArchivedPeriod, walkArchive } from '../archive/read-archive.js';
import type { ServiceContext } from '../context.js';
import { aggregationOf } from '../period/settled-usage.js';

export interface ExplainLineInput {
  /** The id of the invoice, or its number. */
  readonly invoice: string;
  /** 1 for the first line. */
  readonly line: number;
  /** Given, only of what is issued to this organization, whose other rows are all that is read. */
  readonly organizationId?: string | undefined;
}

/** A line, and what the calls behind it come to. */
export interface ExplainedLine {
  readonly invoice: ListedInvoice;
  readonly line: InvoiceLine;
  /** How events become units; null for a line that is not of a meter's usage. */
  readonly aggregation: Aggregation | null;
  /** Calls that the line bills. */
  readonly eventCount: number;
  /** Their units, by that aggregation, less what earlier bills had of the same period; exact. Null as above. */
  readonly units: string | null;
  /** False when these are not the line's quantity. */
  readonly agrees: boolean;
}

/**
 * Goes from a line back to the calls behind it, of archived days too: hands each to `onEvent` in the order of admission, and
 * adds them up anew. All is of one instant; memory does not grow with the number of calls.
 * @throws NotFoundError `invoice_not_found`, `invoice_line_not_found`; UsageArchiveError when the archive cannot be read.
 */
export function explainLine(
  context: ServiceContext,
  input: ExplainLineInput,
  onEvent: (event: LineEvent) => Promise<void> = async () => {},
): Promise<ExplainedLine> {
  return context.unitOfWork.inLedgerSnapshot(async (transaction) => {
    const { invoice, line } = await find(transaction, input);
    if (!isOfUsage(line)) return { invoice, line, aggregation: null, eventCount: 0, units: null, agrees: true };
    const { subscriptionId, phaseId, meter } = line;
    const asked = eventsOf(invoice, line);
    const { eventCount, aggregates } = await addUp(context, transaction, asked, invoice.organizationId, onEvent);
    const phase = (await listPricedPhases(transaction, subscriptionId)).find(({ id }) => id === phaseId);
    const aggregation = aggregationOf(phase?.definition, meter);
    const earlier = await earlierAggregates(transaction, asked);
    const units = subtractDecimals(
      billedQuantity([...earlier, aggregates], aggregation),
      billedQuantity(earlier, aggregation),
    );
    return { invoice, line, aggregation, eventCount, units, agrees: compareDecimals(units, line.quantity) === 0 };
  }, input.organizationId);
}

/** One page of the calls behind a line, in the order of admission, of archived days too. */
export interface LineRequestPage {
  readonly requests: readonly LineEvent[];
  /** The call after which the next page begins; null after the last. */
  readonly next: string | null;
}

/**
 * The calls behind a line, a page at a time; none for a line that is not of a meter's usage.
 * @throws NotFoundError `invoice_not_found`, `invoice_line_not_found`; UsageArchiveError when the archive cannot be read.
 */
export function listLineRequests(
  context: ServiceContext,
  { after, limit, ...input }: ExplainLineInput & { readonly after: string | null; readonly limit: number },
): Promise<LineRequestPage> {
  return context.unitOfWork.inLedgerSnapshot(async (transaction) => {
    const { invoice, line } = await find(transaction, input);
    if (!isOfUsage(line)) return { requests: [], next: null };
    const found = await findPage(context, transaction, { invoice, line }, { after, limit: limit + 1 });
    const requests = found.slice(0, limit);
    return { requests, next: found.length > limit ? requests.at(-1)!.requestId : null };
  }, input.organizationId);
}

/** The calls of a page. Of archived days as much is read as it takes to know them, and no day before the one it begins in. */
async function findPage(
  context: ServiceContext,
  transaction: Transaction,
  { invoice, line }: { readonly invoice: ListedInvoice; readonly line: UsageLine },
  page: { readonly after: string | null; readonly limit: number },
): Promise<LineEvent[]> {
  const { organizationId } = invoice;
  const { subscriptionId, periodStart } = line;
  const asked = eventsOf(invoice, line);
  const firstDay = page.after === null ? '' : new Date(uuidV7TimeMs(page.after)).toISOString().slice(0, 10);
  const days = (await listArchivedDays(transaction, { organizationId, periodStart }))
    .filter(({ day }) => day >= firstDay)
    .toReversed();
  if (days.length === 0) return listLineEventPage(transaction, asked, 'ledger', page);
  await prepareArchivedUsage(transaction);
  const walk = { organizationId, subscriptionId, after: page.after };
  let found: LineEvent[] = [];
  for await (const { reachedId } of walkArchive(context, transaction, days, walk)) {
    found = await listLineEventPage(transaction, asked, 'ledgerAndArchive', { ...page, before: reachedId });
    if (found.length === page.limit) break;
  }
  return found;
}

type UsageLine = InvoiceLine & { readonly meter: string };

function isOfUsage(line: InvoiceLine): line is UsageLine {
  return line.meter !== null && (line.kind === 'usage' || line.kind === 'late_usage');
}

/** Which events a line of usage bills. */
function eventsOf(invoice: ListedInvoice, { subscriptionId, phaseId, meter, periodStart }: UsageLine): MeterEvents {
  return { subscriptionId, phaseId, meter, periodStart, settlesIn: invoice.periodStart };
}

async function find(
  transaction: Transaction,
  { invoice: name, line: position, organizationId }: ExplainLineInput,
): Promise<{ invoice: ListedInvoice; line: InvoiceLine }> {
  const invoiceId = await findInvoiceIdByNumber(transaction, name);
  const [invoice] =
    invoiceId === null ? [] : await listInvoicePage(transaction, { invoiceId, organizationId }, { limit: 1 });
  if (!invoice) throw new NotFoundError('invoice');
  const line = (await listInvoiceLines(transaction, invoice.id)).find((one) => one.position === position);
  if (!line) throw new NotFoundError('invoice line');
  return { invoice, line };
}

const nothing: MeterAggregates = { count: '0', sum: '0', max: '0', last: '0', lastEvent: '', unique: '0' };

async function addUp(
  context: ServiceContext,
  transaction: Transaction,
  asked: MeterEvents,
  organizationId: string,
  onEvent: (event: LineEvent) => Promise<void>,
): Promise<{ eventCount: number; aggregates: MeterAggregates }> {
  const { periodStart } = asked;
  const source = await loadArchivedPeriod(context, transaction, { organizationId, periodStart });
  let eventCount = 0;
  let aggregates = nothing;
  for await (const event of listLineEvents(transaction, asked, source)) {
    eventCount += 1;
    aggregates = {
      ...aggregates,
      count: addDecimals(aggregates.count, String(event.rowCount)),
      sum: addDecimals(aggregates.sum, event.quantity),
      max: compareDecimals(event.highest, aggregates.max) > 0 ? event.highest : aggregates.max,
      last: event.last,
      lastEvent: `${event.requestId}${String(event.rowCount - 1).padStart(5, '0')}`,
    };
    await onEvent(event);
  }
  return { eventCount, aggregates: { ...aggregates, unique: await countNewValues(transaction, asked, source) } };
}

/** What bills before have settled of the same usage, by the hours that `verify` proves. */
async function earlierAggregates(
  transaction: Transaction,
  { subscriptionId, phaseId, meter, periodStart, settlesIn }: MeterEvents,
): Promise<MeterAggregates[]> {
  const settled = await readSettledAggregates(transaction, [{ subscriptionId, startsAt: settlesIn }]);
  const own = settled
    .get(subscriptionId)
    ?.find(
      (one) => one.phaseId === phaseId && one.meter === meter && one.periodStart.getTime() === periodStart.getTime(),
    );
  return own?.earlier.map(({ aggregates }) => aggregates) ?? [];
}
