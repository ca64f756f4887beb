import { expect, it } from 'vitest';
import { baseUrlOf, keyPlaceholder, snippetLanguages, snippetOf } from './snippets.js';

it('joins gateway and base path with exactly one slash', () => {
  expect(baseUrlOf('http://127.0.0.1:4080/', '/forecast/v2/')).toBe('http://127.0.0.1:4080/forecast/v2');
  expect(baseUrlOf('https://api.example.com', '/')).toBe('https://api.example.com');
});

it('makes a command that a shell takes as one', () => {
  expect(snippetOf('curl', 'http://h/a?q=1&r=2', 'tg_live_a_b_c')).toBe(
    "curl 'http://h/a?q=1&r=2' \\\n  --header 'x-api-key: tg_live_a_b_c' \\\n  --include",
  );
  expect(snippetOf('curl', "http://h/a'b")).toContain("'http://h/a%27b'");
});

it('names the address and the key in every language', () => {
  for (const language of snippetLanguages) {
    expect(snippetOf(language, 'http://h/a', 'tg_test_k')).toMatch(/http:\/\/h\/a[^]*tg_test_k/);
    expect(snippetOf(language, 'http://h/a')).toContain(keyPlaceholder);
  }
});
