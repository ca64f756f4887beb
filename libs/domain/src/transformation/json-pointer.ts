/**
 * The tokens of a JSON pointer (RFC 6901), or what is wrong with it. The root ("") has none. `__proto__` is no token: it
 * would mean something else than a member in some places.
 */
export function parseJsonPointer(pointer: string): readonly string[] | string {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) return 'a JSON pointer begins with "/"';
  if (/~(?![01])/.test(pointer)) return 'a "~" in a JSON pointer is written "~0"';
  const tokens = pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  return tokens.includes('__proto__') ? 'the name "__proto__" cannot be used' : tokens;
}
