/** Pairs of a query without its question mark, as a form reader sees them; null where it is wrongly encoded. */
export function queryPairs(query: string): (readonly [string, string])[] | null {
  const pairs: (readonly [string, string])[] = [];
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const [name, value] = equals === -1 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
    try {
      pairs.push([decodeURIComponent(name.replaceAll('+', ' ')), decodeURIComponent(value.replaceAll('+', ' '))]);
    } catch {
      return null;
    }
  }
  return pairs;
}
