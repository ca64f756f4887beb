import { type EntitledOperations, type PlanDefinition, type Route, includesOperation } from '#domain';

/**
 * The lists of operations that plan versions have, each list once, however many versions say the same. Requests are then decided
 * by one look-up, and where every plan has the operation by none.
 */
export class OperationLists {
  private readonly lists = new Map<string, EntitledOperations>();

  /** The list of a plan version, the same object for the same content; null when it has every operation. */
  of({ entitlements }: PlanDefinition): EntitledOperations | null {
    const operations = entitlements?.operations;
    if (operations === undefined) return null;
    const content = JSON.stringify([operations.allow ?? null, operations.deny ?? null]);
    const known = this.lists.get(content) ?? operations;
    this.lists.set(content, known);
    return known;
  }

  /** The lists that lack the operation; null for none. */
  without(route: Route): ReadonlySet<EntitledOperations> | null {
    const lists = [...this.lists.values()].filter((operations) => !includesOperation({ operations }, route));
    return lists.length === 0 ? null : new Set(lists);
  }
}
