import { rawText } from '../raw-json.js';

/**
 * JSON with long numbers in a form that protobuf's JSON takes: whole ones as text, which 64-bit fields want, others as the doubles that
 * they become anyway.
 */
export function withPlainNumbers(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const text = rawText(value);
  if (text !== null) return /^-?\d+$/.test(text) ? text : Number(text);
  if (Array.isArray(value)) return value.map(withPlainNumbers);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withPlainNumbers(part)]));
}
