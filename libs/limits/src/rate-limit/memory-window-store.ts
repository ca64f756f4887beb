import { type WindowState, exchangeUnits } from './exchange-units.js';
import { type RateWindowStore, type UnitsAnswer, type UnitsRequest, countsForMs } from './rate-window-store.js';

interface Entry {
  readonly state: WindowState;
  readonly untilMs: number;
}

/** Windows of one process; shared by whoever is given the same store. */
export class MemoryWindowStore implements RateWindowStore {
  private readonly entries = new Map<string, Entry>();

  async exchange(request: UnitsRequest): Promise<UnitsAnswer> {
    const { state, answer } = exchangeUnits(this.entries.get(request.key)?.state ?? null, request);
    this.entries.set(request.key, { state, untilMs: state.atMs + countsForMs(request.rule) });
    return answer;
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
