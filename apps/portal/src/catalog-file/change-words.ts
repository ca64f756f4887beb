import type { AppliedCatalog, AppliedCatalogChange } from '../api/types.js';
import type { Tone } from '../components/status-badge.js';
import { formatQuantity } from '../format/number.js';

type Kind = 'new' | 'changed' | 'retired' | 'deleted' | 'stays';

/** What becomes of a thing, in a word. */
export const kinds: Readonly<Record<Kind, { readonly label: string; readonly tone: Tone }>> = {
  new: { label: 'New', tone: 'positive' },
  changed: { label: 'Changed', tone: 'info' },
  retired: { label: 'Retired', tone: 'warning' },
  deleted: { label: 'Deleted', tone: 'danger' },
  stays: { label: 'Stays as it is', tone: 'neutral' },
};

/** What becomes of what a change is of. A version of a plan that takes the place of another is a change. */
export function kindOf({ action, differences }: Pick<AppliedCatalogChange, 'action' | 'differences'>): Kind {
  switch (action) {
    case 'create':
      return 'new';
    case 'publish':
      return differences.length === 0 ? 'new' : 'changed';
    case 'update':
      return 'changed';
    case 'retire':
      return 'retired';
    case 'delete':
      return 'deleted';
    case 'keep':
      return 'stays';
  }
}

/** How much there is of each kind, the unchanged last: "2 new", "1 changed", "12 unchanged". */
export function countWords({ changes, unchanged }: Pick<AppliedCatalog, 'changes' | 'unchanged'>): readonly string[] {
  const counts = Map.groupBy(changes, kindOf);
  const words = (Object.keys(kinds) as Kind[]).flatMap((kind) => {
    const count = counts.get(kind)?.length ?? 0;
    return count === 0 ? [] : [`${formatQuantity(count)} ${kinds[kind].label.toLowerCase()}`];
  });
  return [...words, `${formatQuantity(unchanged)} unchanged`];
}

/** What applying does: things that stay as they are do not count. */
export function madeCount(changes: AppliedCatalog['changes']): number {
  return changes.filter(({ action }) => action !== 'keep').length;
}

/** Where a thing is on the pages of the publisher: a kind of page, and what stands in its address. */
export type ChangePlace =
  | { readonly page: 'apis' | 'coupons' }
  | { readonly page: 'version'; readonly api: string; readonly version: string }
  | { readonly page: 'product'; readonly product: string }
  | { readonly page: 'plan'; readonly product: string; readonly plan: string };

/** Where what a change is of can be looked at; null for what has no page of its own. */
export function placeOfChange({ noun, name }: Pick<AppliedCatalogChange, 'noun' | 'name'>): ChangePlace | null {
  const [first = '', second = ''] = name.replace(/@.*/, '').split('/');
  switch (noun) {
    case 'API':
      return { page: 'apis' };
    case 'API version':
      return { page: 'version', api: first, version: name.slice(first.length + 1) };
    case 'API product':
    case 'meter':
    case 'terms':
      return { page: 'product', product: first };
    case 'plan':
    case 'plan draft':
    case 'plan version':
      return { page: 'plan', product: first, plan: second };
    case 'coupon':
      return { page: 'coupons' };
    default:
      return null;
  }
}
