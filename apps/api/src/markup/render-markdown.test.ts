import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderMarkdown } from './render-markdown.js';

/** The value of an attribute as a browser has it. */
const decode = (value: string): string =>
  value
    .replace(/&(lt|gt|quot);/g, (_, name: string) => ({ lt: '<', gt: '>', quot: '"' })[name]!)
    .replace(/&#(\d+);/g, (_, digits: string) => String.fromCodePoint(Number(digits)))
    .replaceAll('&amp;', '&');

describe('Markdown as HTML', () => {
  it('has paragraphs, lists, tables that scroll, code letter by letter, and line breaks', () => {
    const html = renderMarkdown(
      'One **two**\n\n- a\n- b\n\n| x | y |\n|---|---|\n| 1<br>2 | 3 |\n\n```js\nif (a < b && "c") {}\n```',
    );
    expect(html).toContain('<p>One <strong>two</strong></p>');
    expect(html).toContain('<li>a</li>');
    expect(html).toMatch(/<div class="scrolls" tabindex="0"><table>[^]*<td>1<br>\n2<\/td>[^]*<\/table><\/div>/);
    expect(html).toContain('<code>if (a &#60; b &#38;&#38; &#34;c&#34;) {}\n</code>');
  });

  it.each([
    ['## A\n\n#### B\n\n## C', ['h3 A', 'h4 B', 'h3 C']],
    ['# A\n\n# B', ['h3 A', 'h3 B']],
    ['### A\n\n# B\n\nC\n---', ['h3 A', 'h3 B', 'h4 C']],
    ['# A\n## B\n### C\n#### D\n##### E\n###### F', ['h3 A', 'h4 B', 'h5 C', 'h6 D', 'h6 E', 'h6 F']],
  ])('has headings below those of the page, none left out: %j', (markdown, headings) => {
    const found = renderMarkdown(markdown).matchAll(/<(h\d)>(.*)<\/\1>/g);
    expect([...found].map(([, tag, words]) => `${tag} ${words}`)).toEqual(headings);
  });

  it('has images that the page may load, and links to others, which are never within a link', () => {
    expect(renderMarkdown('![a "b"](/logo.svg)')).toContain('<img src="/logo.svg" alt="a &#34;b&#34;" loading="lazy">');
    expect(renderMarkdown('![dot](data:image/png;base64,AAAA)')).toContain('<img src="data:image/png;base64,AAAA"');
    expect(renderMarkdown('![map](https://example.com/a.png)')).toBe(
      '<p><a href="https://example.com/a.png">map</a></p>\n',
    );
    expect(renderMarkdown('![](//example.com/a.png)')).toContain('<a href="//example.com/a.png">Image</a>');
    expect(renderMarkdown('[![build](https://ci.example/b.svg)](https://ci.example)')).toBe(
      '<p><a href="https://ci.example">build</a></p>\n',
    );
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<b onmouseover="alert(1)">x</b>',
    '</div></main><style>*{display:none}</style>',
    '<br onclick=alert(1)>',
    '<!-- x --><base href="//evil.example">',
    '<a href="https://ok.example">x</a>',
    '```"><script>\n</code></pre><script>alert(1)</script>\n```',
    '| <script> |\n|---|\n| <svg/onload=alert(1)> |',
    '![<script>](x)',
  ])('shows %j as text', (markup) => {
    const tags = renderMarkdown(markup).matchAll(/<\/?([a-z]+)/g);
    const own = ['p', 'pre', 'code', 'div', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'a'];
    expect([...tags].map(([, name]) => name).filter((name) => !own.includes(name!))).toEqual([]);
    expect(renderMarkdown(markup)).not.toMatch(/<[^>]*\son\w+=/);
  });

  it.each([
    '[x](javascript:alert(1))',
    '[x](java&#115;cript:alert(1))',
    '[x](JAVASCRIPT&colon;alert(1))',
    '[x][y]\n\n[y]: javascript:alert(1)',
    '![x](javascript:alert(1))',
    '[x](data:text/html;base64,PHNjcmlwdD4=)',
    '![x](data:image/svg+xml;base64,PHN2Zz4=)',
    '<javascript:alert(1)>',
    '[x](vbscript:a)',
  ])('has no address that runs anything: %j', (markdown) => {
    const html = renderMarkdown(markdown);
    expect(html).not.toMatch(/(?:href|src)="(?!#blocked")/);
  });

  it('has no tag, attribute or address but its own, whatever the pieces', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '/',
      'script',
      'img',
      'br',
      ' ',
      'src=',
      '"',
      "'",
      'https://x',
      'javascript:',
      'onerror=x',
      '`',
      '\n',
      '\n\n',
      '!',
      '--',
      '&lt;',
      '&#34;',
      '\\',
      '](',
      ')',
      '[',
      ']: ',
      '|',
      '|-|',
      '# ',
      '> ',
      '- ',
      '```',
      '~~',
    );
    const tag =
      /^<(?:\/?(?:p|h[3-6]|ul|ol|li|blockquote|em|strong|s|code|pre|hr|br|a|div|table|thead|tbody|tr|th|td)|pre tabindex="0"|ol start="\d+"|div class="scrolls" tabindex="0"|t[hd] style="text-align:\w+"|a href="[^"<>]*"(?: title="[^"<>]*")?|img src="\/[^"<>]*" alt="[^"<>]*" loading="lazy")>$/;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const html = renderMarkdown(pieces.join(''));
        for (const [found] of html.matchAll(/<[^>]*>?/g)) expect([found, tag.test(found)]).toEqual([found, true]);
        expect(html).not.toMatch(/(?:href|src)="\s*javascript:/i);
        for (const [, address] of html.matchAll(/ (?:href|src)="([^"]*)"/g)) {
          // What is no address leads nowhere.
          const url = URL.parse(decode(address!), 'https://portal.example/products/x');
          if (url)
            expect([address, url.protocol]).toEqual([address, expect.stringMatching(/^(?:https?|mailto|tel):$/)]);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
