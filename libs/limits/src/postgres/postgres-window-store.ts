import {
  type UnitOfWork,
  deleteRateWindowsBefore,
  lockRateWindow,
  swapRateWindow,
  writeRateWindow,
} from '#persistence';
import { type WindowState, exchangeUnits } from '../rate-limit/exchange-units.js';
import {
  type ExchangeListener,
  RateStoreError,
  type RateWindowStore,
  type UnitsAnswer,
  type UnitsRequest,
  countsForMs,
} from '../rate-limit/rate-window-store.js';

/** So many windows are known as they were left. */
const maxKnown = 10_000;
/** When others write the same window again and again, it is locked. */
const swaps = 2;

/**
 * Windows as rows of a table that is not logged: what waits for no disk. An exchange is one statement that writes the
 * window if it is as this store has left it; if another has written it meanwhile, a second one, and under contention a
 * transaction that locks it. A crash of Postgres empties the table: the rules then begin anew, as after a loss of Redis.
 */
export class PostgresWindowStore implements RateWindowStore {
  private readonly known = new Map<string, WindowState>();

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly onClose: () => Promise<void> = () => Promise.resolve(),
  ) {}

  exchange(request: UnitsRequest, listener: ExchangeListener): void {
    void this.run(request).then(
      (answer) => listener.onExchanged(answer),
      (error) => listener.onExchangeFailed(new RateStoreError(error)),
    );
  }

  private async run(request: UnitsRequest): Promise<UnitsAnswer> {
    const { key } = request;
    let before = this.known.get(key) ?? null;
    this.known.delete(key);
    for (let swap = 0; swap < swaps; swap++) {
      const { state, answer } = exchangeUnits(before, request);
      const row = { key, state, expiresAt: expiryOf(state, request) };
      const swapped = await swapRateWindow<WindowState>(this.unitOfWork.dataSource, row, before);
      if (swapped.isSwapped) return this.note(key, state, answer);
      before = swapped.before;
    }
    return this.exchangeLocked(request);
  }

  private exchangeLocked(request: UnitsRequest): Promise<UnitsAnswer> {
    const { key } = request;
    return this.unitOfWork.inSystem(async (transaction) => {
      const before = await lockRateWindow<WindowState>(transaction, key);
      const { state, answer } = exchangeUnits(before, request);
      await writeRateWindow(transaction, { key, state, expiresAt: expiryOf(state, request) });
      return answer;
    });
  }

  private note(key: string, state: WindowState, answer: UnitsAnswer): UnitsAnswer {
    this.known.set(key, state);
    if (this.known.size > maxKnown) this.known.delete(this.known.keys().next().value!);
    return answer;
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

function expiryOf({ atMs }: WindowState, { rule }: UnitsRequest): Date {
  return new Date(atMs + countsForMs(rule));
}
