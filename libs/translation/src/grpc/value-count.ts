import type { DescField, DescMessage, Registry } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { MalformedAnswerError, OversizedAnswerError } from '../translation-fault.js';

const maxDepth = 100;

/**
 * Counts the JSON values that a message will become, before any of them is made: two bytes can be a message of hundreds of fields, and
 * a few megabytes of them would be gigabytes.
 */
export class ValueCounter {
  private readonly fields = new WeakMap<DescMessage, ReadonlyMap<number, DescField>>();

  constructor(
    private readonly maxValues: number,
    private readonly registry: Registry,
    /** Every message has all of its fields. */
    private readonly emitsDefaults: boolean,
  ) {}

  /** @throws OversizedAnswerError for more values than may be; MalformedAnswerError or the reader's own for what is no message */
  check(message: DescMessage, bytes: Uint8Array): void {
    const { count } = this.within(message, bytes, { count: 0 }, 0);
    if (count > this.maxValues) this.refuse();
  }

  private within(message: DescMessage, bytes: Uint8Array, found: { count: number }, depth: number): { count: number } {
    if (depth > maxDepth) throw new MalformedAnswerError('a message of the server is nested too deep');
    found.count += 1 + (this.emitsDefaults ? message.fields.length : 0);
    const reader = new BinaryReader(bytes);
    let any: { type: string; value: Uint8Array } | null = null;
    while (reader.pos < reader.len) {
      if (found.count > this.maxValues) this.refuse();
      const [number, wireType] = reader.tag();
      const field = this.fieldsOf(message).get(number);
      if (wireType !== WireType.LengthDelimited) {
        const from = reader.pos;
        reader.skip(wireType, number);
        // What is in a group is not looked at: no more values than bytes.
        found.count += wireType === WireType.StartGroup ? reader.pos - from : 1;
        continue;
      }
      const part = reader.bytes();
      if (message.typeName === 'google.protobuf.Any') {
        any ??= { type: '', value: part };
        if (number === 1) any.type = Buffer.from(part).toString('utf8').replace(/^.*\//, '');
        else any.value = part;
      } else if (field?.message !== undefined && field.fieldKind !== 'map')
        this.within(field.message, part, found, depth + 1);
      else if (field?.fieldKind === 'map') this.entry(field, part, found, depth);
      // Packed: no more values than bytes.
      else found.count += field?.fieldKind === 'list' && field.scalar !== undefined ? Math.max(1, part.length) : 1;
    }
    const packed = any === null ? undefined : this.registry.getMessage(any.type);
    if (any !== null && packed !== undefined) this.within(packed, any.value, found, depth + 1);
    return found;
  }

  private entry(field: DescField, bytes: Uint8Array, found: { count: number }, depth: number): void {
    found.count++;
    if (field.message === undefined) return;
    const reader = new BinaryReader(bytes);
    while (reader.pos < reader.len) {
      const [number, wireType] = reader.tag();
      if (number === 2 && wireType === WireType.LengthDelimited)
        this.within(field.message, reader.bytes(), found, depth + 1);
      else reader.skip(wireType, number);
    }
  }

  private fieldsOf(message: DescMessage): ReadonlyMap<number, DescField> {
    const known = this.fields.get(message) ?? new Map(message.fields.map((field) => [field.number, field]));
    this.fields.set(message, known);
    return known;
  }

  private refuse(): never {
    throw new OversizedAnswerError(`a message of the server would be more than ${this.maxValues} values`);
  }
}

/** As many values as a byte can become: a message has at least two bytes, and all of its fields where defaults are written. */
export function valuesPerByte(registry: Iterable<{ readonly kind: string }>, emitsDefaults: boolean): number {
  if (!emitsDefaults) return 1;
  let most = 0;
  for (const type of registry) if (type.kind === 'message') most = Math.max(most, (type as DescMessage).fields.length);
  return 1 + most;
}
