import type { Route } from '#domain';
import type { DocumentChange } from '#openapi';

/**
 * The operations of a version that a correct caller may fail with in another one, as usage names them, in the order of its document.
 * The changes are from that version to the other; two operations are the same by method and template, whatever parameters are called.
 */
export function breakingOperations(routes: readonly Route[], changes: readonly DocumentChange[]): string[] {
  const broken = new Set(
    changes.flatMap(({ severity, operation }) => (severity === 'breaking' && operation ? [placeOf(operation)] : [])),
  );
  return routes.filter((route) => broken.has(placeOf(route))).map(({ operation }) => operation);
}

function placeOf({ method, template }: { readonly method: string; readonly template: string }): string {
  return `${method} ${template.replaceAll(/\{[^}]*\}/g, '{}')}`;
}
