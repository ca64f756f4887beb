import { type ProofSpan, type Transaction, allowLongStatements } from '#persistence';
import { loadArchivedSpan } from '../archive/read-archive.js';
import type { ServiceContext } from '../context.js';
import type { Finding } from './verify-report.js';

/** Connections that read a ledger at the same time, besides the one that says what is next. */
const LANES = 2;

/**
 * Runs `work` with transactions that read the same instant of the ledger at the same time, and, once it is loaded, of its archive: where a
 * span has archived days it is one, as these are brought into that one only. `unreadable` is the first archived day that is not as
 * it was written.
 */
export function withLanes<Result>(
  context: ServiceContext,
  span: ProofSpan | null,
  work: (transaction: Transaction, lanes: readonly Transaction[], unreadable: Finding | null) => Promise<Result>,
): Promise<Result> {
  const { unitOfWork } = context;
  return unitOfWork.inLedgerSnapshot(async (transaction) => {
    await allowLongStatements(transaction);
    const archived = await loadArchivedSpan(context, transaction, span);
    if (archived.days > 0) return work(transaction, [transaction], archived.unreadable);
    return unitOfWork.besideLedgerSnapshot(transaction, LANES, async (lanes) => {
      for (const lane of lanes) await allowLongStatements(lane);
      return work(transaction, lanes, null);
    });
  });
}
