import type { IncomingHttpHeaders } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { type Clock, type DecimalString, type JsonPointer, measuredUnits } from '#domain';
import type { Judgement } from './billability.js';
import { type BillableWhen, isSoftError } from './billable-when.js';
import { type BodyReader, bodyReaderFor } from './body-reader.js';
import type { Scalars } from './json-scalars.js';
import { type MeteredQuantity, type Metering, type ValueRule, receiptNumber, receiptOf } from './metering.js';

/** Payload that has passed; the answer's as the upstream sent it. */
export interface PassedBytes {
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Of a WebSocket connection. */
  readonly messages?: number;
}

/** Says what a call has used, where not every call of its operation uses the same. */
export interface UnitReader {
  /** Null when it is not said. */
  units(rule: ValueRule, passed: PassedBytes): DecimalString | null;
}

/**
 * What one call costs, where not every call of the operation costs the same: read from the answer as it passes. Calls
 * that cost the same have none.
 */
export class CallCost implements UnitReader {
  private readonly pointers: readonly JsonPointer[];
  private headers: IncomingHttpHeaders = {};
  private reader: BodyReader | null = null;
  private scalars: Scalars | null = null;
  private hasEnded = false;
  private readonly startedMs: number;
  private endedMs = 0;

  constructor(
    private readonly metering: Metering,
    private readonly billableWhen: BillableWhen | null,
    private readonly clock: Clock,
  ) {
    this.startedMs = clock.nowMs();
    const pointers = metering.perMeter.map(({ value }) => value?.pointer ?? null);
    this.pointers = [...pointers, billableWhen?.pointer ?? null].filter((pointer) => pointer !== null);
  }

  /** The answer's head has come. A body is read when it is of a 2xx, or `counts`. */
  onHead(status: number, headers: IncomingHttpHeaders, isBodyless: boolean, counts: boolean): void {
    this.headers = headers;
    if (isBodyless || this.pointers.length === 0 || (status >= 300 && !counts)) return;
    this.reader = bodyReaderFor(headers, this.pointers);
  }

  onData(chunk: Buffer): void {
    this.reader?.onData(chunk);
  }

  /** The answer is complete, or will be no more than what has passed. */
  end(): void {
    this.hasEnded = true;
    this.endedMs = this.clock.nowMs();
    this.scalars = this.reader?.end() ?? null;
    this.reader = null;
  }

  /** Since the call went to the upstream, until now or its end; to the millisecond. */
  get seconds(): number {
    return ((this.hasEnded ? this.endedMs : this.clock.nowMs()) - this.startedMs) / 1000;
  }

  /** Whether the publisher's rule makes this 2xx an error; false as long as a rule for the body has not seen its end. */
  get isSoftError(): boolean {
    const rule = this.billableWhen;
    if (rule === null) return false;
    if (rule.header !== null) return isSoftError(rule, this.field(rule.header));
    if (!this.hasEnded || this.scalars === null) return false;
    return isSoftError(rule, this.scalarAt(rule.pointer!));
  }

  /** The units that the answer and its bytes say; null when they do not say it, or not yet. */
  units({ from, header, pointer, weight }: ValueRule, passed: PassedBytes): DecimalString | null {
    switch (from) {
      case 'request_bytes':
        return measuredUnits(String(passed.bytesIn), weight);
      case 'response_bytes':
        return measuredUnits(String(passed.bytesOut), weight);
      case 'messages':
        return measuredUnits(String(passed.messages ?? 0), weight);
      case 'seconds':
        return measuredUnits(String(this.seconds), weight);
      case 'response_header':
        return this.unitsInHeader(header!, weight);
      case 'response_json': {
        const written = this.scalarAt(pointer!);
        const units = written === undefined ? null : measuredUnits(written, weight);
        return units ?? (this.hasEnded ? this.unitsInHeader(header!, weight) : null);
      }
    }
  }

  /** The body may still say the units. */
  isReading({ pointer }: ValueRule): boolean {
    return this.reader !== null && pointer !== null && this.indexOf(pointer) !== -1;
  }

  /** What the receipt says of a meter when the head leaves: the cost if it is known, else what is reserved. */
  receiptAtHead(metered: MeteredQuantity, { billable, countsToQuota, reason }: Judgement): string {
    const { meter, quantity, value } = metered;
    const isOpen = this.billableWhen !== null && this.billableWhen.header === null && reason === 'ok';
    const verdict = `;billable=?${billable ? 1 : 0};reason="${reason}"`;
    const cost = value === null ? quantity : this.unitsAtHead(value);
    if (!isOpen && cost !== null) return receiptOf(meter, cost) + verdict;
    if (!billable && !countsToQuota) return receiptOf(meter, '0') + verdict;
    return `"${meter}";state=reserved;max=${receiptNumber(quantity)}`;
  }

  private unitsAtHead({ from, header, weight }: ValueRule): DecimalString | null {
    return from === 'response_header' ? this.unitsInHeader(header!, weight) : null;
  }

  private unitsInHeader(name: string, weight: DecimalString): DecimalString | null {
    const written = this.field(name);
    return written === undefined ? null : measuredUnits(written.trim(), weight);
  }

  private field(name: string): string | undefined {
    const value = this.headers[name];
    return Array.isArray(value) ? value.at(-1) : value;
  }

  private scalarAt(pointer: JsonPointer): string | undefined {
    const scalars = this.hasEnded ? this.scalars : (this.reader?.latest() ?? null);
    return scalars?.[this.indexOf(pointer)];
  }

  /** Rules of a later catalogue have pointers of their own that say the same. */
  private indexOf(pointer: JsonPointer): number {
    const index = this.pointers.indexOf(pointer);
    return index === -1 ? this.pointers.findIndex((known) => isDeepStrictEqual(known, pointer)) : index;
  }
}
