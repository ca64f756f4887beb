import type { StaticFile } from '../static/static-files.js';
import { toStaticFile } from '../static/static-files.js';
import { Recent } from '../static/recent.js';
import type { PageParts } from './public-page.js';

/** Marks in the application's page, between which and in whose place the parts of a public one stand. */
const HEAD = /<!--head-->[^]*?<!--\/head-->/;
const CONTENT = '<!--content-->';
const SIZE = 50;

/** The application's page with the parts of public ones in it; each is compressed once, as long as it is asked for. */
export class PortalPageFiles {
  private readonly made = new Recent<Promise<StaticFile>>(SIZE);
  private readonly page: string;

  constructor({ bytes }: StaticFile) {
    this.page = bytes.toString('utf8');
  }

  /** Ready to be sent. Where the page has no such marks, as it is. */
  fill({ head, content }: PageParts): Promise<StaticFile> {
    // Functions: in a text, `$&` would be taken for a pattern.
    const html = this.page.replace(HEAD, () => head).replace(CONTENT, () => content);
    return this.made.get(html, () => toStaticFile(Buffer.from(html), '.html'));
  }
}
