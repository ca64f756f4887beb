import { type UnitOfWork, deleteRateWindowsBefore, lockRateWindow, writeRateWindow } from '#persistence';
import { type WindowState, exchangeUnits } from '../rate-limit/exchange-units.js';
import {
  RateStoreError,
  type RateWindowStore,
  type UnitsAnswer,
  type UnitsRequest,
  countsForMs,
} from '../rate-limit/rate-window-store.js';

/**
 * Windows as rows of a table that is not logged: one transaction for each exchange, which waits for no disk. A crash of
 * Postgres empties the table: the rules then begin anew, as after a loss of Redis.
 */
export class PostgresWindowStore implements RateWindowStore {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly onClose: () => Promise<void> = () => Promise.resolve(),
  ) {}

  async exchange(request: UnitsRequest): Promise<UnitsAnswer> {
    try {
      return await this.unitOfWork.inSystem(async (transaction) => {
        const before = await lockRateWindow<WindowState>(transaction, request.key);
        const { state, answer } = exchangeUnits(before, request);
        const expiresAt = new Date(state.atMs + countsForMs(request.rule));
        await writeRateWindow(transaction, { key: request.key, state, expiresAt });
        return answer;
      });
    } catch (error) {
      throw new RateStoreError(error);
    }
  }

  async sweep(nowMs: number): Promise<void> {
    try {
      await this.unitOfWork.inSystem((transaction) => deleteRateWindowsBefore(transaction, new Date(nowMs)));
    } catch (error) {
      throw new RateStoreError(error);
    }
  }

  reconnect(): void {}

  close(): Promise<void> {
    return this.onClose();
  }
}
