import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sanitizeForDisplay } from './sanitize-for-display.js';

const ZWSP = '\u200B';

function shown(description: string): string {
  const text = sanitizeForDisplay({ description }).description;
  if (typeof text !== 'string') throw new TypeError('the description is no longer a text');
  return text;
}

describe('sanitizeForDisplay', () => {
  it('leaves Markdown and plain formatting as they are', () => {
    const markdown = [
      '# Countries\n\n**All** of `GET /countries`, [docs](https://example.com/a_(b)?x=1&y=2 "t"), <https://example.com>',
      '- a < b and 3 <4\n- <br/> <b>bold</b> <a href="https://example.com">x</a> [up](#top) [mail](mailto:a@example.com)',
      '| a | b |\n|---|---|\n| 1 | 2 |\n\n[ref]: ../guide.md\n\n![dot](data:image/png;base64,AAAA)',
    ].join('\n\n');
    expect(shown(markdown)).toBe(markdown);
  });

  it.each([
    '<script>alert(1)</script>',
    '<SCRIPT src=//evil.example></SCRIPT>',
    '<img src=x onerror=alert(1)>',
    '<svg/onload=alert(1)>',
    '<b onmouseover="alert(1)">x</b>',
    '<b/onclick=alert(1)>',
    '<iframe srcdoc="x">',
    '<style>*{display:none}</style>',
    '<!-- x --><base href="//evil.example">',
    '<?php ?>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="https://ok.example" onclick="alert(1)">x</a>',
    '<a href=" javascript:alert(1)">x</a>',
    '<redoc spec-url="https://evil.example"></redoc>',
    '<math><mtext></mtext></math>',
    '<details open ontoggle=alert(1)>',
    '\\<script>alert(1)</script>',
    '```\n<img src=x onerror=alert(1)>\n```',
    '<pre>',
    'see <javascript:alert(1)>',
    'see <https://onclick=alert(1)>',
  ])('turns the tag of %s into text', (markup) => {
    const text = shown(markup);
    expect(text).not.toMatch(/<(?!\/?(?:b|a|details)\s*>)[a-z/!?]/i);
    expect(text.replaceAll(ZWSP, '')).toBe(markup);
  });

  it.each([
    '[x](javascript:alert(1))',
    '[x]( javascript:alert(1))',
    '[x](\njavascript:alert(1))',
    '[x](<javascript:alert(1)>)',
    '[x](JaVaScRiPt:alert(1))',
    '[x](java&#115;cript:alert(1))',
    '[x](java&#x73;cript:alert(1))',
    '[x](javascript&colon;alert(1))',
    '[x](javascript\\:alert(1))',
    '[x](java&Tab;script:alert(1))',
    '[x](\u0001javascript:alert(1))',
    '[x](vbscript:msgbox)',
    '[x](data:text/html;base64,PHNjcmlwdD4=)',
    '![x](javascript:alert(1))',
    '[x][y]\n\n[y]: javascript:alert(1)',
    '[x][y]\n\n[y]:\n   <javascript:alert(1)> "t"',
    '[[a](b)]([x](javascript:alert(1)))',
    `[x](java${'&Tab;'.repeat(1000)}script:alert(1))`,
    `[x](<java${'&Tab; '.repeat(1000)}script:alert(1)>)`,
    `[x](${'&Tab;'.repeat(1000)}javascript:alert(1))`,
  ])('takes the target from %j', (markdown) => {
    const text = shown(markdown);
    expect(text).toContain('#blocked');
    expect(text.slice(0, text.indexOf('#blocked'))).not.toMatch(/script|data/i);
  });

  it('takes no more time than the length of the text warrants', () => {
    const text = '](<a href="](&#x6a;'.repeat(50_000);
    const startedMs = performance.now();
    shown(text);
    expect(performance.now() - startedMs).toBeLessThan(3_000);
  });

  it('keeps what stands around a link whose target it takes', () => {
    expect(shown('see [x](javascript:alert(1)) now')).toBe('see [x](#blocked) now');
    expect(shown('[x](javascript:a "title")')).toBe('[x](#blocked "title")');
  });

  it('takes script from every field that holds an address, however it is called', () => {
    const evil = 'javascript:alert(1)';
    const document = {
      info: {
        termsOfService: evil,
        contact: { url: ` ${evil}` },
        'x-logo': { url: evil, href: 'java\nscript:alert(1)' },
      },
      externalDocs: { url: 'data:text/html,x' },
      servers: [
        { url: evil },
        { url: 'https://api.example.com/{base}' },
        { url: '/atlas/v1' },
        { url: '{scheme}://x' },
      ],
      components: {
        securitySchemes: { a: { openIdConnectUrl: evil, flows: { implicit: { authorizationUrl: evil } } } },
      },
      'x-anything': evil,
    };
    const clean = JSON.stringify(sanitizeForDisplay(document));
    expect(clean).not.toMatch(/script:|text\/html/);
    expect(clean).toContain('https://api.example.com/{base}');
    expect(clean).toContain('/atlas/v1');
    expect(clean).toContain('{scheme}://x');
  });

  it('leaves examples, defaults, enums, patterns and code samples letter by letter', () => {
    const document = {
      example: '<?xml version="1.0"?><a b="c"/>',
      default: '<none>',
      pattern: '^(?<name>a)$',
      enum: ['<a b>', 'javascript:x'],
      'x-codeSamples': [{ lang: 'php', source: '<?php echo "<b x>"; ?>' }],
    };
    expect(sanitizeForDisplay(document)).toEqual(document);
  });

  it('does not take a Markdown text for an example because its name is one', () => {
    const text = '<img src=x onerror=alert(1)>';
    const clean = JSON.stringify(
      sanitizeForDisplay({
        scopes: { example: text, value: text, default: text },
        'x-enumDescriptions': { pattern: text, enum: [text] },
        properties: { example: { description: text }, value: { title: text }, examples: { a: { summary: text } } },
      }),
    );
    expect(clean).not.toContain('<img');
  });

  it('drops examples that a renderer would fetch', () => {
    expect(sanitizeForDisplay({ a: { externalValue: 'https://evil.example/x.json', summary: 's' } })).toEqual({
      a: { summary: 's' },
    });
  });

  it('does not change its argument', () => {
    const document = { info: { description: '<script>' } };
    sanitizeForDisplay(document);
    expect(document).toEqual({ info: { description: '<script>' } });
  });

  it('lets no attribute and no unknown tag through, whatever the pieces', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '/',
      'script',
      'img',
      'b',
      'a',
      ' ',
      'href=',
      '"',
      "'",
      'https://x',
      'javascript:',
      'onerror=x',
      '`',
      '\n',
      '!',
      '--',
      '?',
      '&lt;',
      '\\',
      '](',
      ')',
      '[',
      '<br',
      '\t',
      '\u200B',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = shown(pieces.join(''));
        for (const [tag] of text.matchAll(/<[a-z/!?][^<]*?(?:>|$)/gi)) {
          const isFormatting = /^<\/?(?:b|br|a)\s*\/?>$/i.test(tag);
          const isLink =
            /^<a\s+href=(["'])https:\/\/x[^<>]*\1\s*>$/i.test(tag) || /^<https:\/\/[^\s<>="'`]*>$/.test(tag);
          expect([tag, isFormatting || isLink]).toEqual([tag, true]);
        }
        expect(text).not.toMatch(/\]\(\s*javascript:/i);
      }),
      { numRuns: 1000 },
    );
  });
});
