import { expect, it } from 'vitest';
import { withoutMarks, wordsOf } from './search-documentation.js';

it('takes a search for its words, so that no mark of it can be an operator', () => {
  expect(wordsOf(`GET /countries/{countryCode}`)).toEqual(['get', 'countries', 'country', 'code']);
  expect(wordsOf(`'); DROP -- | & ! :* <-> \\`)).toEqual(['drop']);
  expect(wordsOf('grüße 東京')).toEqual(['grüße', '東京']);
  expect(wordsOf('/ - …')).toEqual([]);
});

it.each([
  ['# Title\n\n> quoted **bold** and *slanted* _too_', 'Title quoted bold and slanted too'],
  ['- one\n- two\n+ three', 'one two three'],
  ['see [the \u0002guide\u0003](https://x.example/a) and ![shot](b.png)', 'see the \u0002guide\u0003 and shot'],
  ['cut](https://x.example/a) here, and [there](https://x.exam', 'here, and there'],
  ['`code` **\u0002match\u0003** ```json {"a":1} ```', 'code \u0002match\u0003 {"a":1}'],
  ['| a | b |\n|---|---|\n| 1 | 2 |', 'a b 1 2'],
  ['snake_case 2*3 a|b x-y -1 C#', 'snake_case 2*3 a|b x-y -1 C#'],
  ['<b>bold</b> 1 < 2', 'bold 1 < 2'],
])('shows of the Markdown %j the text alone', (markdown, text) => {
  expect(withoutMarks(markdown)).toBe(text);
});
