/** A request between its admission time and the end of its record-keeping; linked in the order of admission. */
export interface OpenRequest {
  readonly admittedMs: number;
  previous: OpenRequest | null;
  next: OpenRequest | null;
  /** Told again and again once it has been open for long. */
  onOverdue?(nowMs: number): void;
}

export interface WatermarkReport {
  /** Every request admitted before this instant has ended and is in a segment up to `sealedSegment`, if in any. */
  readonly admittedThroughMs: number;
  readonly sealedSegment: number;
}

/** Knows how far the journal is complete: what is still open, and what is in segments that are not sealed yet. */
export class Watermark {
  private first: OpenRequest | null = null;
  private last: OpenRequest | null = null;
  private count = 0;
  private sealedSegment = 0;
  /** By segment, the earliest admission in it. */
  private readonly unsealed = new Map<number, number>();

  /** How many requests are open. */
  get openRequests(): number {
    return this.count;
  }

  /** A request begins. Requests enter in the order of their admission times. */
  enter(request: OpenRequest): void {
    request.previous = this.last;
    if (this.last) this.last.next = request;
    else this.first = request;
    this.last = request;
    this.count++;
  }

  /** A request was refused, or its event could not be written: it is in no segment. Leaving twice is harmless. */
  leave(request: OpenRequest): void {
    if (request.previous === null && this.first !== request) return;
    if (request.previous) request.previous.next = request.next;
    else this.first = request.next;
    if (request.next) request.next.previous = request.previous;
    else this.last = request.previous;
    request.previous = null;
    request.next = null;
    this.count--;
  }

  /** A request has ended and its event is in that segment. */
  journalled(request: OpenRequest, segment: number): void {
    this.leave(request);
    const earliest = this.unsealed.get(segment);
    if (earliest === undefined || request.admittedMs < earliest) this.unsealed.set(segment, request.admittedMs);
  }

  /** Segments are sealed in order. */
  sealed(segment: number): void {
    this.sealedSegment = segment;
    this.unsealed.delete(segment);
  }

  /** Those open requests that were admitted by then, the oldest first. */
  *openedBefore(latestMs: number): Generator<OpenRequest> {
    for (let open = this.first; open !== null && open.admittedMs <= latestMs; open = open.next) yield open;
  }

  /** The instant before which no open request was admitted, at most `nowMs`. */
  oldestOpenMs(nowMs: number): number {
    return Math.min(nowMs, this.first?.admittedMs ?? nowMs);
  }

  /** `nowMs` must be no later than the admission of any request that is yet to come. */
  report(nowMs: number): WatermarkReport {
    const admittedThroughMs = Math.min(this.oldestOpenMs(nowMs), ...this.unsealed.values());
    return { admittedThroughMs, sealedSegment: this.sealedSegment };
  }
}
