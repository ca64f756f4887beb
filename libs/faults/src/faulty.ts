import { type Fault, type FaultMoment, type FaultPoint, parseFault } from './fault-points.js';

const delayMs = 300;

/** What a fault point throws. */
export class InjectedFaultError extends Error {
  constructor(readonly fault: Fault) {
    super(`fault on purpose: ${fault.moment} ${fault.point}`);
  }
}

let armed: Fault | null = null;
let timesLeft = 0;

/** Lets the fault happen in this process: for drills and tests. Null, and for an empty text, none. */
export function armFault(text: string | null | undefined): void {
  if (!text) {
    armed = null;
    return;
  }
  armed = parseFault(text);
  if (!armed) throw new Error(`FAULT: "${text}" is no fault; expected such as journal-write.before:kill`);
  timesLeft = armed.time;
}

/** True once the fault has happened. */
export function hasFaultHappened(): boolean {
  return armed !== null && timesLeft <= 0;
}

/** Makes a write of a fault point. Without an armed fault it does nothing but that. */
export async function faulty<Result>(point: FaultPoint, write: () => Promise<Result>): Promise<Result> {
  if (armed?.point !== point) return write();
  await reachFault(point, 'before', write);
  const result = await write();
  await reachFault(point, 'after', write);
  return result;
}

/** As `faulty`, of a write that holds the event loop up. */
export function faultySync<Result>(point: FaultPoint, write: () => Result): Result {
  if (armed?.point !== point) return write();
  causeSync(takeFault(point, 'before'), write);
  const result = write();
  causeSync(takeFault(point, 'after'), write);
  return result;
}

/** A moment of a point whose write is made elsewhere; `again` makes it once more. */
export async function reachFault(
  point: FaultPoint,
  moment: FaultMoment,
  again: () => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  const fault = takeFault(point, moment);
  if (fault?.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, delayMs));
  else if (fault?.kind === 'duplicate') await again();
  else cause(fault);
}

function causeSync(fault: Fault | null, again: () => unknown): void {
  if (fault?.kind === 'delay') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, delayMs);
  else if (fault?.kind === 'duplicate') again();
  else cause(fault);
}

/** The fault when its time has come. */
function takeFault(point: FaultPoint, moment: FaultMoment): Fault | null {
  if (armed?.point !== point || armed.moment !== moment || timesLeft <= 0) return null;
  timesLeft--;
  return timesLeft === 0 ? armed : null;
}

function cause(fault: Fault | null): void {
  if (fault?.kind === 'kill') {
    process.kill(process.pid, 'SIGKILL');
    // Nothing more happens, even where the signal takes a moment.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }
  if (fault?.kind === 'throw') throw new InjectedFaultError(fault);
}
