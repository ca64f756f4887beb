/** Numbers for strings that many records share: from 0, in the order in which they are first seen. */
export class StringTable {
  private readonly texts: string[] = [];
  private readonly numbers = new Map<string, number>();

  get all(): readonly string[] {
    return this.texts;
  }

  numberOf(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    this.numbers.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }

  text(number: number): string {
    return this.texts[number]!;
  }
}
