import { InvalidError } from '#domain';
import { type DescMessage, create, fromBinary, fromJson, toBinary, toJson } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { otlpMessage } from './otlp-schema.js';

export const PROTOBUF = 'application/x-protobuf';
export const JSON_TYPE = 'application/json';

/** The two forms of OTLP/HTTP; an answer has that of its request. */
export type OtlpEncoding = typeof PROTOBUF | typeof JSON_TYPE;

/** As much as ten thousand records with two dozen attributes each have. */
const MAX_VALUES = 500_000;
const MAX_DEPTH = 64;
/** Integers of 64 bits whose digits count for money; in JSON they are texts, as a number would have lost some by now. */
const EXACT_FIELDS = new Set(['intValue', 'int_value', 'asInt', 'as_int']);

/** The encoding of a request by its Content-Type; JSON for any other. */
export function encodingOf(contentType: string | undefined): OtlpEncoding {
  return contentType?.split(';')[0]!.trim().toLowerCase() === PROTOBUF ? PROTOBUF : JSON_TYPE;
}

/**
 * Reads a message of OTLP: bytes, or JSON that is parsed already. Its values are counted before any of them is made, as two bytes can be a
 * message of its own.
 * @throws InvalidError `otlp_malformed` for what is no such message, `otlp_too_many_values` for more than 500,000 values
 */
export function readOtlp(name: string, body: unknown): unknown {
  const message = otlpMessage(name);
  try {
    if (Buffer.isBuffer(body)) {
      countBinary(message, body, { count: 0 }, 0);
      return fromBinary(message, body, { readUnknownFields: false, recursionLimit: MAX_DEPTH });
    }
    countJson(body);
    return fromJson(message, (body ?? {}) as Parameters<typeof fromJson>[1], {
      ignoreUnknownFields: true,
      recursionLimit: MAX_DEPTH,
    });
  } catch (error) {
    if (error instanceof InvalidError) throw error;
    const words = error instanceof Error ? error.message : String(error);
    throw new InvalidError('otlp_malformed', `The body is no ${name} of OTLP: ${words}.`, { cause: error });
  }
}

/** Writes a message of OTLP in an encoding. */
export function writeOtlp(name: string, value: Readonly<Record<string, unknown>>, encoding: OtlpEncoding): Buffer {
  const schema = otlpMessage(name);
  const message = create(schema, { ...value });
  if (encoding === PROTOBUF) return Buffer.from(toBinary(schema, message));
  return Buffer.from(JSON.stringify(toJson(schema, message)));
}

function countBinary(message: DescMessage, bytes: Uint8Array, found: { count: number }, depth: number): void {
  if (depth > MAX_DEPTH) throw new Error('it is nested too deep');
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    countOne(found);
    const [number, wireType] = reader.tag();
    const inner = message.fields.find((field) => field.number === number)?.message;
    if (wireType === WireType.LengthDelimited && inner) countBinary(inner, reader.bytes(), found, depth + 1);
    else reader.skip(wireType, number, MAX_DEPTH);
  }
}

function countJson(body: unknown): void {
  const found = { count: 0 };
  const open = [body];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, each] of Object.entries(value)) {
      countOne(found);
      if (EXACT_FIELDS.has(key) && typeof each === 'number' && !Number.isSafeInteger(each))
        throw new Error(`${key} has lost digits: 64-bit integers are texts`);
      if (typeof each === 'object' && each !== null) open.push(each);
    }
  }
}

function countOne(found: { count: number }): void {
  if (++found.count <= MAX_VALUES) return;
  throw new InvalidError(
    'otlp_too_many_values',
    `The body has more than ${MAX_VALUES} values. Send fewer records at a time: set send_batch_max_size where they are batched.`,
  );
}
