/** What an amount of a line is limited by. */
interface CreditableLine {
  readonly description: string;
  readonly amountMinor: bigint;
}

/**
 * Lines of which late ones give back no more than the others charge, as an invoice is never below zero: the last ones
 * that would give too much are cut, and say so. What is cut is for a credit note.
 */
export function limitCredits<Line extends CreditableLine>(lines: readonly Line[]): Line[] {
  let room = lines.reduce((sum, { amountMinor }) => (amountMinor > 0n ? sum + amountMinor : sum), 0n);
  return lines.map((line) => {
    if (line.amountMinor >= 0n) return line;
    const given = -line.amountMinor <= room ? line.amountMinor : -room;
    room += given;
    if (given === line.amountMinor) return line;
    return { ...line, amountMinor: given, description: `${line.description} (as far as this invoice goes)` };
  });
}
