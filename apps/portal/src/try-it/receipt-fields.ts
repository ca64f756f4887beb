/** What a call counted into a meter, by the `Usage` field of its answer. */
export interface ReceiptRow {
  readonly meter: string;
  /** Null where it is not known before the end of the answer. */
  readonly cost: string | null;
  readonly isBilled: boolean;
  readonly reason: string;
}

/** What is left of a limit, by the `RateLimit` field. */
export interface LimitState {
  readonly name: string;
  readonly remaining: number;
  /** Until more comes back; null where the field does not say. */
  readonly seconds: number | null;
}

/** The receipt of an answer: a row for each meter; empty for a field that is no receipt. */
export function readReceipt(field: string): ReceiptRow[] {
  return membersOf(field).map(({ name, parameters }) => ({
    meter: name,
    cost: parameters.get('cost') ?? null,
    isBilled: parameters.get('billable') === '?1',
    reason: parameters.get('reason') ?? parameters.get('state') ?? '',
  }));
}

export function readLimits(field: string): LimitState[] {
  return membersOf(field).flatMap(({ name, parameters }) => {
    const remaining = Number(parameters.get('r') ?? NaN);
    const seconds = Number(parameters.get('t') ?? NaN);
    return Number.isFinite(remaining) ? [{ name, remaining, seconds: Number.isFinite(seconds) ? seconds : null }] : [];
  });
}

/** A span of time for people: "45 s", "12 min", "2 h 30 min"; rounded up. */
export function spanWords(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest === 0 ? '' : ` ${rest} min`}`;
}

interface Member {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Members of a list of strings with parameters (RFC 9651), as the gateway writes them. */
function membersOf(field: string): Member[] {
  const members = field.slice(0, 8_000).matchAll(/"((?:[^"\\]|\\.)*)"((?:;[a-z]+=(?:"(?:[^"\\]|\\.)*"|[^;,\s]+))+)/g);
  return [...members].map(([, name = '', rest = '']) => ({
    name,
    parameters: new Map(
      [...rest.matchAll(/;([a-z]+)=(?:"((?:[^"\\]|\\.)*)"|([^;,\s]+))/g)].map(([, key = '', quoted, plain]) => [
        key,
        quoted ?? plain ?? '',
      ]),
    ),
  }));
}
