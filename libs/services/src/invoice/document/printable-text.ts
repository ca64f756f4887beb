/** What the standard fonts of PDF can show beyond Latin-1 (Windows code page 1252). */
const EXTRAS = new Set('€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ');

/** Signs that do not decompose into one that the fonts have. */
const PLAIN: Readonly<Record<string, string>> = {
  '\u2010': '-',
  '\u2011': '-',
  '\u2212': '-',
  '\u202f': ' ',
  '\u2009': ' ',
};

/** What the embedded font has beyond the standard ones: these scripts, and signs of currencies. */
const EMBEDDED =
  /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Georgian}\p{Script=Hebrew}\p{Script=Arabic}\p{Sc}\u0300-\u036f]/u;
/** Written from right to left throughout. */
const RIGHT_TO_LEFT = /^[\p{Script=Hebrew}\p{Script=Arabic}\p{M}\s.,-]+$/u;

export interface PrintableText {
  readonly text: string;
  /** The standard fonts of PDF can show it, or only the one that is embedded for it. */
  readonly font: 'standard' | 'embedded';
}

/**
 * The text as one font can show it: a standard one of PDF where that has every letter, else the embedded one. What
 * neither has loses its marks, or becomes "?", one for each character. Control characters and line breaks become spaces.
 */
export function printable(text: string): PrintableText {
  const composed = text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();
  const characters = Array.from(composed);
  if (!characters.some((character) => !isStandard(character) && EMBEDDED.test(character))) {
    return { text: characters.map((character) => shown(character, isStandard)).join(''), font: 'standard' };
  }
  const isEmbedded = (character: string) => isStandard(character) || EMBEDDED.test(character);
  const line = characters.map((character) => shown(character, isEmbedded)).join('');
  // The font puts what is between two spaces in its order: words from right to left stay together.
  return { text: RIGHT_TO_LEFT.test(line) ? line.replaceAll(' ', '\u00a0') : line, font: 'embedded' };
}

function shown(character: string, isShowable: (character: string) => boolean): string {
  if (isShowable(character)) return character;
  const plain = PLAIN[character] ?? character.normalize('NFKD').replaceAll(/\p{M}/gu, '');
  if (plain !== '' && Array.from(plain).every(isShowable)) return plain;
  return /\p{C}|\p{M}/u.test(character) ? '' : '?';
}

function isStandard(character: string): boolean {
  const code = character.codePointAt(0)!;
  return (code >= 0x20 && code <= 0x7e) || (code >= 0xa1 && code <= 0xff && code !== 0xad) || EXTRAS.has(character);
}
