import { BOARD_STATES, type BoardState } from '#domain';
import {
  type BoardCount,
  type BoardCursor,
  type BoardPeriod,
  type EndSpan,
  countBoard,
  countHoldReasons,
  listBoardPage,
} from '#persistence';
import type { ServiceContext } from '../context.js';

/** The periods at one state of the board. */
export interface BoardColumn {
  readonly state: BoardState;
  readonly count: number;
  /** What their invoices come to, by currency; none for periods without invoices. */
  readonly totals: readonly { readonly currency: string; readonly totalMinor: bigint }[];
}

export interface PeriodBoard {
  /** Every state, in the order of the way of a period. */
  readonly columns: readonly BoardColumn[];
  /** Why periods are held, the most of them first. */
  readonly holdReasons: readonly { readonly reason: string; readonly count: number }[];
}

export interface BoardQuery {
  /** A calendar month in UTC, "2026-11": the periods that end in it. Absent: all that are not done. */
  readonly month?: string | undefined;
  /** Periods that end by then have ended. Default: now. */
  readonly at?: Date | undefined;
}

/** Finance's board: how many periods stand where, and what they come to, read at one instant. */
export function readPeriodBoard(context: ServiceContext, { month, at }: BoardQuery = {}): Promise<PeriodBoard> {
  const span = spanOf(month);
  return context.unitOfWork.inSystem(async (transaction) => {
    const counts = await countBoard(transaction, { at: at ?? context.clock.now(), span });
    return {
      columns: BOARD_STATES.map((state) => columnOf(state, counts)),
      holdReasons: await countHoldReasons(transaction, span),
    };
  });
}

function columnOf(state: BoardState, counts: readonly BoardCount[]): BoardColumn {
  const own = counts.filter((count) => count.state === state);
  return {
    state,
    count: own.reduce((sum, { count }) => sum + count, 0),
    totals: own
      .flatMap(({ currency, totalMinor }) => (currency === null ? [] : [{ currency, totalMinor }]))
      .toSorted((one, other) => (one.currency < other.currency ? -1 : 1)),
  };
}

/** One page of the periods at a state, and where the next one begins; null after the last. */
export async function listPeriods(
  context: ServiceContext,
  {
    state,
    month,
    at,
    after = null,
    limit = 50,
  }: BoardQuery & {
    readonly state: BoardState;
    readonly after?: BoardCursor | null | undefined;
    readonly limit?: number;
  },
): Promise<{ readonly periods: readonly BoardPeriod[]; readonly next: BoardCursor | null }> {
  const page = { state, at: at ?? context.clock.now(), span: spanOf(month), after, limit: limit + 1 };
  const found = await context.unitOfWork.inSystem((transaction) => listBoardPage(transaction, page));
  const shown = found.slice(0, limit);
  return {
    periods: shown.map(({ period }) => period),
    next: found.length > limit ? shown.at(-1)!.cursor : null,
  };
}

function spanOf(month: string | undefined): EndSpan | null {
  if (month === undefined) return null;
  const [year, number] = month.split('-').map(Number);
  return { from: new Date(Date.UTC(year!, number! - 1, 1)), to: new Date(Date.UTC(year!, number!, 1)) };
}
