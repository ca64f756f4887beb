import { SaxesParser } from 'saxes';

/** An element as it was read. */
export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  readonly uri: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  /** All text directly in it. */
  readonly text: string;
}

export interface XmlAttribute {
  /** Without its prefix. */
  readonly name: string;
  readonly uri: string;
  readonly value: string;
}

/** Thrown at what is not well-formed, or has what is not read: a document type, and with it entities of its own. */
export class XmlError extends Error {}

const maxDepth = 100;
/** Elements and attributes: each is hundreds of bytes in memory, and a few in a document. */
const maxParts = 200_000;

/** What a reader may be told beside the elements. */
export interface XmlWatcher {
  /** Parts that are neither elements nor text. */
  onOther?(text: string): void;
}

/** The root element of a document. @throws XmlError */
export function parseXml(text: string, watcher: XmlWatcher = {}): XmlElement {
  const parser = new SaxesParser({ xmlns: true });
  const root = { name: '', uri: '', attributes: [], children: [] as XmlElement[], text: '' };
  const open: { readonly children: XmlElement[]; text: string }[] = [root];
  const refuse = (message: string): never => {
    throw new XmlError(message);
  };
  parser.on('error', ({ message }) => refuse(message));
  // What a document type declares would be expanded, or fetched: bombs and files of the machine.
  parser.on('doctype', () => refuse('a document type is not read'));
  let parts = 0;
  parser.on('opentag', ({ local, uri, attributes }) => {
    if (open.length > maxDepth) refuse(`elements are nested more than ${maxDepth} levels deep`);
    const all = Object.values(attributes).filter((one) => one.prefix !== 'xmlns' && one.name !== 'xmlns');
    parts += 1 + all.length;
    if (parts > maxParts) refuse(`there are more than ${maxParts} elements and attributes`);
    const element = {
      name: local,
      uri,
      attributes: all.map((one) => ({ name: one.local, uri: one.uri, value: one.value })),
      children: [],
      text: '',
    };
    open.at(-1)!.children.push(element);
    open.push(element);
  });
  parser.on('text', (part) => void (open.at(-1)!.text += part));
  parser.on('cdata', (part) => {
    watcher.onOther?.(part);
    open.at(-1)!.text += part;
  });
  parser.on('comment', (part) => watcher.onOther?.(part));
  parser.on('processinginstruction', ({ target, body }) => watcher.onOther?.(`${target} ${body}`));
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  return root.children[0] ?? refuse('there is no element');
}

/** What XML 1.0 has no way to write. */
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const IMPOSSIBLE = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** A text as it stands in element content or in an attribute value; null where it has a character that XML cannot have. */
export function escapeXml(text: string): string | null {
  if (IMPOSSIBLE.test(text) || !text.isWellFormed()) return null;
  return text.replace(/[&<>"'\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The text of a document by the charset of its content type, or what it says itself (RFC 7303). @throws XmlError */
export function decodeXml(bytes: Buffer, contentType: string): string {
  const declared = /^(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding=["']([A-Za-z0-9._-]{1,40})["']/.exec(
    bytes.subarray(0, 200).toString('latin1'),
  );
  const charset = /;\s*charset="?([A-Za-z0-9._-]{1,40})/i.exec(contentType)?.[1] ?? declared?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch (error) {
    throw new XmlError(`the document is not in ${charset}`, { cause: error });
  }
}
