import type { Route } from './api.js';

/**
 * True when the selector means the operation: its id, `tag:NAME`, `METHOD /template`, `/template` of any method, either of
 * the two with `/*` at its end for all that is beneath that path, or `*` for all.
 */
export function selectsOperation(selector: string, { method, template, operation, tags }: Route): boolean {
  if (selector === '*' || selector === operation) return true;
  if (selector.startsWith('tag:')) return tags.includes(selector.slice(4));
  const space = selector.indexOf(' ');
  if (space >= 0 && selector.slice(0, space) !== method) return false;
  const path = selector.slice(space + 1);
  if (!path.startsWith('/')) return false;
  return path.endsWith('/*') ? template.startsWith(path.slice(0, -1)) : path === template;
}
