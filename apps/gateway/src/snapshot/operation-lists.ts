import { type EntitledOperations, type PlanDefinition, type Route, includesOperation } from '#domain';

/**
 * The lists of operations that plan versions have, each list once, however many versions say the same. Requests are then decided
 * by one look-up, and where every plan has the operation by none. A list goes by its content, so that terms which were made
 * under one catalogue are told apart under the next one too.
 */
export class OperationLists {
  private readonly lists = new Map<string, EntitledOperations>();

  /** The content of a plan version's list; null when it has every operation. */
  of({ entitlements }: PlanDefinition): string | null {
    const operations = entitlements?.operations;
    if (operations === undefined) return null;
    const content = JSON.stringify([operations.allow ?? null, operations.deny ?? null]);
    this.lists.set(content, operations);
    return content;
  }

  /** The content of the lists that lack the operation; null for none. */
  without(route: Route): ReadonlySet<string> | null {
    const lacking = [...this.lists].filter(([, operations]) => !includesOperation({ operations }, route));
    return lacking.length === 0 ? null : new Set(lacking.map(([content]) => content));
  }
}
