import {
  type BillabilityRow,
  type DecimalString,
  type PlanDefinition,
  type Route,
  billabilityTable,
  selectsOperation,
} from '#domain';

/** What an admitted request that ended so means for money and quota. */
export interface Judgement {
  readonly billable: boolean;
  readonly countsToQuota: boolean;
  /** In a word, for the event and the receipt. */
  readonly reason: string;
  /** Which meters count: all, or only those that count what passed. */
  readonly meters: 'all' | 'values';
  /** What each quantity is multiplied by; "1" but for answers from the cache. */
  readonly factor: DecimalString;
}

/** The rows of the table that exist in the gateway, each a judgement that is made once. */
export interface Billability {
  readonly ok: Judgement;
  readonly redirect: Judgement;
  readonly clientError: (operation: Route) => Judgement;
  readonly serverError: Judgement;
  readonly abortedBeforeUpstream: Judgement;
  readonly abortedBeforeHead: Judgement;
  readonly abortedAfterHead: Judgement;
  readonly brokenAfterHead: Judgement;
  readonly cutAtMaximum: Judgement;
  readonly cacheHit: Judgement;
  readonly replayed: Judgement;
  readonly softError: Judgement;
  readonly checkpoint: Judgement;
  readonly interrupted: Judgement;
  readonly webSocket: Judgement;
  readonly upstreamRefused: Judgement;
  readonly circuitOpen: Judgement;
  readonly upstreamTimeout: Judgement;
  readonly upstreamBroke: Judgement;
  readonly bodyTooLarge: Judgement;
  readonly mocked: Judgement;
}

/** The billability table of a plan version, ready for look-ups; made once for each version. */
export function compileBillability(definition: Pick<PlanDefinition, 'billability'>): Billability {
  const rows = Object.fromEntries(billabilityTable(definition).map((row) => [row.name, row])) as Rows;
  const fixed = (reason: string) => judgement(reason, rows.serverError);
  return {
    ok: judgement('ok', rows.success),
    redirect: judgement('upstream_3xx', rows.redirect),
    clientError: clientErrors(rows.clientError),
    serverError: fixed('upstream_5xx'),
    abortedBeforeUpstream: judgement('client_aborted', rows.abortedBeforeUpstream),
    abortedBeforeHead: judgement('client_aborted', rows.abortedBeforeHead),
    abortedAfterHead: judgement('client_aborted', rows.abortedAfterHead),
    brokenAfterHead: afterBreak(rows.brokenAfterHead),
    cutAtMaximum: judgement('cut_at_maximum', rows.success),
    cacheHit: afterCache(rows.cacheHit),
    replayed: judgement('replayed', rows.replayed),
    softError: judgement('soft_error', rows.softError),
    checkpoint: judgement('checkpoint', rows.success),
    interrupted: judgement('interrupted', rows.abortedAfterHead),
    webSocket: judgement('ok', rows.webSocket),
    upstreamRefused: fixed('upstream_refused'),
    upstreamTimeout: fixed('upstream_timeout'),
    upstreamBroke: fixed('upstream_broke'),
    circuitOpen: fixed('circuit_open'),
    bodyTooLarge: fixed('body_too_large'),
    mocked: fixed('mocked'),
  };
}

type Rows = Readonly<Record<BillabilityRow['name'], BillabilityRow>>;

const testMode: Judgement = Object.freeze({
  reason: 'test_mode',
  billable: false,
  countsToQuota: false,
  meters: 'all',
  factor: '1',
});

/** Calls with test keys: whatever happens, they are not billed. */
export const testBillability: Billability = {
  ok: testMode,
  redirect: testMode,
  clientError: () => testMode,
  serverError: testMode,
  abortedBeforeUpstream: testMode,
  abortedBeforeHead: testMode,
  abortedAfterHead: testMode,
  brokenAfterHead: testMode,
  cutAtMaximum: testMode,
  cacheHit: testMode,
  replayed: testMode,
  softError: testMode,
  checkpoint: testMode,
  interrupted: testMode,
  webSocket: testMode,
  upstreamRefused: testMode,
  upstreamTimeout: testMode,
  upstreamBroke: testMode,
  circuitOpen: testMode,
  bodyTooLarge: testMode,
  mocked: Object.freeze({ ...testMode, reason: 'mocked' }),
};

function judgement(
  reason: string,
  { billable, quota }: Pick<BillabilityRow, 'billable' | 'quota'>,
  { meters = 'all', factor = '1' }: Partial<Judgement> = {},
): Judgement {
  return Object.freeze({ reason, billable, countsToQuota: quota, meters, factor });
}

/** Without a list of operations the row holds for all; with one, for these only. */
function clientErrors(row: BillabilityRow): Billability['clientError'] {
  const chosen = judgement('upstream_4xx', row);
  const { operations } = row;
  if (operations === null) return () => chosen;
  const others = judgement('upstream_4xx', { billable: false, quota: false });
  return (operation) => (operations.some((selector) => selectsOperation(selector, operation)) ? chosen : others);
}

/** Where the plan bills what passed, only the meters that count it are on the event, so that nothing else is billed. */
function afterBreak(row: BillabilityRow): Judgement {
  if (!row.valueMeters) return judgement('upstream_broke', row);
  return judgement('upstream_broke', { billable: true, quota: true }, { meters: row.billable ? 'all' : 'values' });
}

function afterCache(row: BillabilityRow): Judgement {
  const isFree = Number(row.factor) === 0;
  return judgement('cache_hit', { quota: row.quota, billable: row.billable && !isFree }, { factor: row.factor });
}
