import { expect, it } from 'vitest';
import { hiddenLinks, segmentsOf } from './message-text.js';

it('sets addresses apart and leaves punctuation to the sentence', () => {
  expect(segmentsOf('Open http://h/a?b=1&c=2. Thanks')).toEqual([
    { text: 'Open ', href: null },
    { text: 'http://h/a?b=1&c=2', href: 'http://h/a?b=1&c=2' },
    { text: '. Thanks', href: null },
  ]);
});

it('never makes a link of anything but http', () => {
  const text = 'javascript:alert(1) <a href="data:text/html,x">x</a>';
  expect(segmentsOf(text)).toEqual([{ text, href: null }]);
  expect(hiddenLinks('text', ['javascript:alert(1)', 'https://h/x'])).toEqual(['https://h/x']);
});

it('keeps the whole text', () => {
  const text = 'a http://x b https://y\nc';
  expect(
    segmentsOf(text)
      .map((segment) => segment.text)
      .join(''),
  ).toBe(text);
  expect(segmentsOf('')).toEqual([]);
});
