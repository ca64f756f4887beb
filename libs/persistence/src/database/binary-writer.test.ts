import { describe, expect, it } from 'vitest';
import { BinaryWriter, binaryArray } from './binary-writer.js';

const written = (write: (writer: BinaryWriter) => void) => {
  const writer = new BinaryWriter(1);
  write(writer);
  return writer.take().toString('hex');
};

describe('a binary writer', () => {
  it.each<[string, (writer: BinaryWriter) => void, string]>([
    ['null', (writer) => writer.null(), 'ffffffff'],
    ['a boolean', (writer) => writer.boolean(true), '0000000101'],
    ['a small number', (writer) => writer.smallint(-2), '00000002fffe'],
    ['a number', (writer) => writer.integer(0x01020304), '0000000401020304'],
    ['a negative number', (writer) => writer.bigint(-1), '00000008ffffffffffffffff'],
    ['the largest number', (writer) => writer.bigint(Number.MAX_SAFE_INTEGER), '00000008001fffffffffffff'],
    ['the first instant of Postgres', (writer) => writer.timestamptz(946_684_800_000), '000000080000000000000000'],
    ['the millisecond before it', (writer) => writer.timestamptz(946_684_799_999), '00000008fffffffffffffc18'],
    ['the end of 9999', (writer) => writer.timestamptz(253_402_300_799_999), '000000080380e70b913b7c18'],
    [
      'a UUID',
      (writer) => writer.uuid('0190aaaa-0b1c-7def-8000-00000000000f'),
      '000000100190aaaa0b1c7def800000000000000f',
    ],
    ['text', (writer) => writer.text('a\\b'), '00000003615c62'],
    ['no text', (writer) => writer.text(''), '00000000'],
    ['text that is not ASCII', (writer) => writer.text('aö🦊'), '0000000761c3b6f09fa68a'],
    ['long text', (writer) => writer.text('a'.repeat(40)), `00000028${'61'.repeat(40)}`],
    ['JSON', (writer) => writer.jsonb('{}'), '00000003017b7d'],
  ])('writes %s as Postgres has it', (_, write, bytes) => {
    expect(written(write)).toBe(bytes);
  });

  it('begins anew when what it holds was taken', () => {
    const writer = new BinaryWriter();
    writer.text('one');
    const first = writer.take();
    writer.text('two');
    expect(writer.length).toBe(7);
    expect([first, writer.take()].map((bytes) => bytes.toString('latin1', 4))).toEqual(['one', 'two']);
  });

  it('writes arrays with their nulls, and empty ones', () => {
    const head = (dimensions: number) => `0000000${dimensions}0000000100000017`;
    expect(binaryArray('integer', [7, null]).toString('hex')).toBe(
      `${head(1)}00000002000000010000000400000007ffffffff`,
    );
    expect(binaryArray('integer', []).toString('hex')).toBe(head(0));
  });
});
