import type { ParamReader } from './params.js';
import { leaf } from './params.js';
import { invalidRequest } from './stripe-fault.js';

export type Metadata = Readonly<Record<string, string>>;
/** What a request does to metadata: null for everything cleared, an empty value for a key removed. */
export type MetadataChange = Readonly<Record<string, string>> | null;

/** Stripe's limits: 50 keys, 40 characters a key, 500 a value. */
export const metadata: ParamReader<MetadataChange> = (node, path) => {
  if (node === '') return null;
  if (typeof node === 'string') throw invalidRequest('Invalid object', path);
  const entries = Object.entries(node).map(([key, value]) => [key, leaf(value, `${path}[${key}]`)] as const);
  for (const [key, value] of entries) {
    if (key.length > 40) {
      throw invalidRequest(`Invalid metadata key: '${key.slice(0, 50)}'; must be at most 40 characters`, path);
    }
    if (value.length > 500) {
      throw invalidRequest(
        `Metadata values can have up to 500 characters, but you passed in a value that is ${value.length} characters.`,
        `${path}[${key}]`,
      );
    }
  }
  return Object.fromEntries(entries);
};

/** Keys of `change` replace those of `current`, an empty value deletes its key, null deletes all. */
export function mergeMetadata(current: Metadata, change: MetadataChange | undefined): Metadata {
  if (change === undefined) return current;
  if (change === null) return {};
  const merged = Object.fromEntries(Object.entries({ ...current, ...change }).filter(([, value]) => value !== ''));
  if (Object.keys(merged).length > 50) {
    throw invalidRequest(`Metadata can have at most 50 keys; you passed ${Object.keys(merged).length}.`, 'metadata');
  }
  return merged;
}
