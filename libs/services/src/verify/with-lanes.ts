import { type ProofSpan, type Transaction, type UnitOfWork, allowLongStatements } from '#persistence';
import { loadArchivedSpan } from '../archive/read-archive.js';
import type { ServiceContext } from '../context.js';
import type { Finding } from './verify-report.js';

/** Connections that read a ledger at the same time, besides the one that says what is next. */
const LANES = 2;
/** Whose connections are read by in lanes: proofs that each had one and waited for more would take all of a pool. */
const inUse = new WeakSet<UnitOfWork>();

/**
 * Runs `work` with transactions that read the same instant of the ledger at the same time, and of its archive, once it is loaded. It
 * is one transaction where the span has archived days, as these are brought into that one only, and while other such work of
 * the process has several. `unreadable` is the first archived day that is not as it was written.
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
    if (archived.days > 0 || inUse.has(unitOfWork)) return work(transaction, [transaction], archived.unreadable);
    inUse.add(unitOfWork);
    try {
      return await unitOfWork.besideLedgerSnapshot(transaction, LANES, async (lanes) => {
        for (const lane of lanes) await allowLongStatements(lane);
        return work(transaction, lanes, null);
      });
    } finally {
      inUse.delete(unitOfWork);
    }
  });
}
