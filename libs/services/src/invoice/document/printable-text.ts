/** What the standard fonts of PDF can show beyond Latin-1 (Windows code page 1252). */
const EXTRAS = new Set('€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ');

/** Letters that do not decompose into a base letter and marks. */
const PLAIN: Readonly<Record<string, string>> = {
  Ł: 'L',
  ł: 'l',
  Đ: 'D',
  đ: 'd',
  Ħ: 'H',
  ħ: 'h',
  ı: 'i',
  Ŧ: 'T',
  ŧ: 't',
  '\u2010': '-',
  '\u2011': '-',
  '\u2212': '-',
  '\u202f': ' ',
  '\u2009': ' ',
};

/**
 * The text as the standard fonts of PDF can show it. A letter that they lack loses its marks ("ő" becomes "o"); a
 * character of another script becomes "?", one for each. Control characters and line breaks become spaces.
 */
export function printable(text: string): string {
  const composed = text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();
  return Array.from(composed, printableCharacter).join('');
}

function printableCharacter(character: string): string {
  if (isShowable(character)) return character;
  const plain = PLAIN[character] ?? character.normalize('NFKD').replaceAll(/\p{M}/gu, '');
  if (plain !== '' && Array.from(plain).every(isShowable)) return plain;
  return /\p{C}|\p{M}/u.test(character) ? '' : '?';
}

function isShowable(character: string): boolean {
  const code = character.codePointAt(0)!;
  return (code >= 0x20 && code <= 0x7e) || (code >= 0xa1 && code <= 0xff && code !== 0xad) || EXTRAS.has(character);
}
