interface OpenLabel {
  readonly scheme: string;
  /** From the dot before the second label on. */
  readonly rest: string;
}

/** Origins as a policy names them, made once: any, exact ones, and those with one open label. */
export class OriginMatcher {
  readonly isAny: boolean;
  private readonly exact: ReadonlySet<string>;
  private readonly openLabels: readonly OpenLabel[];

  constructor(origins: readonly string[]) {
    this.isAny = origins.includes('*');
    this.exact = new Set(origins.map((origin) => origin.toLowerCase()));
    this.openLabels = origins.flatMap((origin) => {
      const at = origin.indexOf('://*.');
      const scheme = origin.slice(0, at + 3).toLowerCase();
      return at === -1 ? [] : [{ scheme, rest: origin.slice(at + 4).toLowerCase() }];
    });
  }

  matches(origin: string): boolean {
    if (this.isAny) return true;
    const lower = origin.toLowerCase();
    return this.exact.has(lower) || this.openLabels.some((open) => fills(open, lower));
  }
}

/** True when one label, and nothing else, is in the open place. */
function fills({ scheme, rest }: OpenLabel, origin: string): boolean {
  if (!origin.startsWith(scheme) || !origin.endsWith(rest)) return false;
  const label = origin.slice(scheme.length, origin.length - rest.length);
  return /^[a-z0-9-]+$/.test(label);
}
