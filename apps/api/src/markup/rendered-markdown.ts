import { Injectable } from '@nestjs/common';
import { Recent } from '../static/recent.js';
import { renderMarkdown } from './render-markdown.js';

const SIZE = 100;

/** Markdown as HTML (`renderMarkdown`), each text once as long as it is asked for. */
@Injectable()
export class RenderedMarkdown {
  private readonly rendered = new Recent<string>(SIZE);

  /** HTML that can stand in a page of this origin. */
  render(markdown: string): string {
    return this.rendered.get(markdown, () => renderMarkdown(markdown));
  }
}
