import type { Call } from '../sandbox.js';

/** Something that happens by itself once its time has come. */
export interface Due {
  /** `<kind>/<object>`: an object waits for one thing at a time. */
  readonly id: string;
  readonly kind:
    | 'charge'
    | 'checkout'
    | 'credit_grant'
    | 'dispute'
    | 'invoice'
    | 'meter_errors'
    | 'refund'
    | 'subscription';
  readonly object: string;
  /** Unix seconds by `clock`; null for nothing. */
  readonly at: number | null;
  /** The test clock that it goes by; null for the sandbox's own. */
  readonly clock: string | null;
}

/** Notes when the object is to be looked at next; null for never. */
export function waitUntil(
  call: Call,
  kind: Due['kind'],
  object: { readonly id: string; readonly test_clock: string | null },
  at: number | null,
): void {
  const id = `${kind}/${object.id}`;
  if (at === null && call.store.get('due', id) === undefined) return;
  call.store.put('due', { id, kind, object: object.id, at, clock: object.test_clock });
}

export type DueHandlers = Readonly<Record<Due['kind'], (call: Call, id: string) => void>>;

/** Lets everything happen that is due by the clock until the instant, in the order of time. */
export function runDue(call: Call, clock: string | null, until: number, handlers: DueHandlers): void {
  for (let next = earliest(call, clock, until); next !== undefined; next = earliest(call, clock, until)) {
    const at = next.at!;
    call.store.put('due', { ...next, at: null });
    handlers[next.kind](call.at(at), next.object);
  }
}

/** The instant at which something happens next by the sandbox's own clock. */
export function nextDueAt(call: Pick<Call, 'store'>): number | null {
  let at: number | null = null;
  for (const due of call.store.oldestFirst('due')) {
    if (due.clock === null && due.at !== null && (at === null || due.at < at)) at = due.at;
  }
  return at;
}

function earliest(call: Call, clock: string | null, until: number): Due | undefined {
  let first: Due | undefined;
  for (const due of call.store.oldestFirst('due')) {
    if (due.at === null) call.store.delete('due', due.id);
    else if (due.clock === clock && due.at <= until && (first === undefined || due.at < first.at!)) first = due;
  }
  return first;
}
