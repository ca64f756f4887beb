import { type Upstream, keepChangedShares, sharesInWords } from '#domain';

/**
 * An upstream as a file says it, with the shares of subsets that somebody has changed since the file was applied last, while the file
 * says the same of them as then; with a remark on each.
 */
export function keepShares(
  desired: Upstream | null,
  current: Upstream | null,
): { readonly upstream: Upstream | null; readonly remarks: readonly string[] } {
  if (!desired?.traffic) return { upstream: desired, remarks: [] };
  const subsets = new Set((desired.targets ?? []).flatMap(({ subset }) => subset ?? []));
  const { traffic, kept } = keepChangedShares(desired.traffic, current?.traffic, subsets);
  const remarks = kept.map(({ rule, shares, writtenShares }) => {
    const place = rule === null ? 'upstream.traffic.default' : `upstream.traffic.rules.${rule}`;
    return (
      `${place}: ${sharesInWords(shares)} was set since the file was applied, and stays; the file says ${sharesInWords(writtenShares!)}. ` +
      'Write into the file what is to hold, or take it back with "tollgate canary reset".'
    );
  });
  return { upstream: { ...desired, traffic }, remarks };
}
