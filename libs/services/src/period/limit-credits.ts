/** What an amount of a line is limited by. */
interface CreditableLine {
  readonly description: string;
  readonly amountMinor: bigint;
}

/** Lines that add up to nothing at least, and what was cut of them for that. */
export interface LimitedCredits<Line> {
  readonly lines: Line[];
  /** For the balance; minor units, not negative. */
  readonly excessCreditMinor: bigint;
}

/**
 * Lines that together give back no more than they charge, as an invoice is never below zero: the last ones that would
 * give too much are cut, and say so. What is cut goes to the balance.
 */
export function limitCredits<Line extends CreditableLine>(lines: readonly Line[]): LimitedCredits<Line> {
  let room = lines.reduce((sum, { amountMinor }) => (amountMinor > 0n ? sum + amountMinor : sum), 0n);
  let excessCreditMinor = 0n;
  const limited = lines.map((line) => {
    if (line.amountMinor >= 0n) return line;
    const given = -line.amountMinor <= room ? line.amountMinor : -room;
    room += given;
    if (given === line.amountMinor) return line;
    excessCreditMinor += given - line.amountMinor;
    return { ...line, amountMinor: given, description: `${line.description} (the rest goes to the balance)` };
  });
  return { lines: limited, excessCreditMinor };
}
