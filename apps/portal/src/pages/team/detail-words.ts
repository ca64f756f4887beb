/** What an entry of the audit log says beside its action, as "name: value, name: value". Nested values are JSON; what is empty is left out. */
export function detailWords(details: Readonly<Record<string, unknown>>): string {
  return Object.entries(details)
    .filter(([, value]) => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => `${spaced(name)}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

/** Names as the database has them, in words: "billing_period closed" → "billing period closed". */
export function plainWords(text: string): string {
  return text.replaceAll('_', ' ');
}

function spaced(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
