/**
 * What an entry of the audit log says beside its action, as "name: value, name: value". Nested values are JSON; what is empty is left
 * out. An id that `nameOf` knows is told by its name: "application: Checkout" for "applicationId".
 */
export function detailWords(
  details: Readonly<Record<string, unknown>>,
  nameOf: (id: string) => string | undefined = () => undefined,
): string {
  return Object.entries(details)
    .filter(([, value]) => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => {
      if (typeof value !== 'string') return `${spaced(name)}: ${JSON.stringify(value)}`;
      const named = nameOf(value);
      return named === undefined ? `${spaced(name)}: ${value}` : `${spaced(name.replace(/Id$/, ''))}: ${named}`;
    })
    .join(', ');
}

/** Names as the database has them, in words: "billing_period closed" → "billing period closed". */
export function plainWords(text: string): string {
  return text.replaceAll('_', ' ');
}

/** What was acted on, as developers call it: they have keys, not credentials. */
export function nounWords(noun: string): string {
  return noun === 'credential' ? 'key' : plainWords(noun);
}

function spaced(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
