import { describe, expect, it } from 'vitest';
import { escapeHtml, plainText } from './html.js';

describe('escapeHtml', () => {
  it('leaves nothing that could end an element or an attribute', () => {
    expect(escapeHtml(`<a href="x" title='y'>&</a>`)).not.toMatch(/[<>"']|&(?!#\d+;)/);
  });
});

describe('plainText', () => {
  it('keeps the words of Markdown and nothing of its marks', () => {
    expect(
      plainText('# Title\n\nSome **bold** `code`, a [link](https://x.example).\n\n```sh\ncurl\n```\n- item', 200),
    ).toBe('Title Some bold code, a link. item');
  });

  it('cuts at a word', () => {
    expect(plainText('one two three four', 12)).toBe('one two…');
  });
});
