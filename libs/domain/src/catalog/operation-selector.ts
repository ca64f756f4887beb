import type { Route } from './api.js';

/** True when the selector means the operation: its id, `tag:NAME`, `METHOD /template`, or `*` for all. */
export function selectsOperation(selector: string, { method, template, operation, tags }: Route): boolean {
  if (selector === '*' || selector === operation) return true;
  if (selector.startsWith('tag:')) return tags.includes(selector.slice(4));
  return selector === `${method} ${template}`;
}
