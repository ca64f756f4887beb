/** The directives of `Cache-Control` fields (RFC 9111 §5.2): names in lower case, arguments without quotes. */
export class CacheDirectives {
  private readonly arguments = new Map<string, string | null>();

  constructor(field: string | readonly string[] | null | undefined) {
    for (const [name, argument] of parse(typeof field === 'object' ? (field?.join(',') ?? '') : (field ?? ''))) {
      const known = this.arguments.get(name);
      // Of one that comes twice the stricter number counts.
      if (known && argument !== null && toSeconds(known) <= toSeconds(argument)) continue;
      this.arguments.set(name, argument);
    }
  }

  has(name: string): boolean {
    return this.arguments.has(name);
  }

  /** The argument in seconds; null without the directive, 0 for what is no number: nothing is fresh by mistake. */
  seconds(name: string): number | null {
    const argument = this.arguments.get(name);
    return argument === undefined ? null : toSeconds(argument ?? '');
  }

  /** True for a directive that stands there without an argument. */
  isBare(name: string): boolean {
    return this.arguments.get(name) === null;
  }
}

/** More seconds than any answer is kept. */
const mostSeconds = 2_147_483_648;

function toSeconds(text: string): number {
  return /^\d+$/.test(text) ? Math.min(Number(text), mostSeconds) : 0;
}

/** Commas between quotes separate nothing. */
function* parse(field: string): Generator<[string, string | null]> {
  for (const [, name, quoted, token] of field.matchAll(/([^\s,=]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]*)))?/g)) {
    const argument = quoted ?? token ?? null;
    yield [name!.toLowerCase(), argument];
  }
}
