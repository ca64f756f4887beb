import { type WindowState, exchangeUnits } from './exchange-units.js';
import { type ExchangeListener, type RateWindowStore, type UnitsRequest, countsForMs } from './rate-window-store.js';

interface Entry {
  readonly state: WindowState;
  readonly untilMs: number;
}

/** Windows of one process; shared by whoever is given the same store. */
export class MemoryWindowStore implements RateWindowStore {
  private readonly entries = new Map<string, Entry>();

  exchange(request: UnitsRequest, listener: ExchangeListener): void {
    const { state, answer } = exchangeUnits(this.entries.get(request.key)?.state ?? null, request);
    this.entries.set(request.key, { state, untilMs: state.atMs + countsForMs(request.rule) });
    queueMicrotask(() => listener.onExchanged(answer));
  }

  async sweep(nowMs: number): Promise<void> {
    for (const [key, { untilMs }] of this.entries) if (untilMs <= nowMs) this.entries.delete(key);
  }

  reconnect(): void {}

  async close(): Promise<void> {}

  /** Windows that are kept. */
  get size(): number {
    return this.entries.size;
  }
}
