/** What XML 1.0 has no way to write: control characters but tab and line breaks, and two non-characters. */
const UNWRITABLE = /[\p{Cc}\ufffe\uffff]/gu;
const WRITABLE_CONTROLS = /[\t\n\r\x7f-\x9f]/;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

/**
 * Text for the content of an XML element, or for an attribute in double quotes. Characters that XML cannot hold become U+FFFD;
 * a carriage return is written so that it survives reading.
 */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(UNWRITABLE, (character) => (WRITABLE_CONTROLS.test(character) ? character : '\ufffd'))
    .replace(/[&<>"\r]/g, (character) => ENTITIES[character]!);
}
