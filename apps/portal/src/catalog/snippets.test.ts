import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { baseUrlOf, keyPlaceholder, snippetLanguages, snippetOf } from './snippets.js';

const get = (url: string) => ({ method: 'GET', url, headers: [], body: null });
const post = {
  method: 'POST',
  url: 'http://h/notes',
  headers: [{ name: 'content-type', value: 'application/json' }],
  body: `{"text":"it's @home $HOME"}`,
};

it('joins gateway and base path with exactly one slash, at the host of a version that is bound to one', () => {
  expect(baseUrlOf('http://127.0.0.1:4080/', { host: null, basePath: '/forecast/v2/' })).toBe(
    'http://127.0.0.1:4080/forecast/v2',
  );
  expect(baseUrlOf('https://api.example.com', { host: null, basePath: '/' })).toBe('https://api.example.com');
  expect(baseUrlOf('http://127.0.0.1:4080', { host: 'sky.example', basePath: '/v2' })).toBe(
    'http://sky.example:4080/v2',
  );
});

it('makes a command that a shell takes as one', () => {
  expect(snippetOf('curl', get('http://h/a?q=1&r=2'), 'tg_live_a_b_c')).toBe(
    "curl 'http://h/a?q=1&r=2' \\\n  --header 'x-api-key: tg_live_a_b_c' \\\n  --include",
  );
  expect(snippetOf('curl', get("http://h/a'b"))).toContain("'http://h/a%27b'");
  const words = execFileSync('sh', ['-c', `curl() { printf '%s\\n' "$@"; }\n${snippetOf('curl', post, 'tg_test_k')}`]);
  expect(words.toString().trimEnd().split('\n')).toEqual([
    '--request',
    'POST',
    'http://h/notes',
    '--header',
    'x-api-key: tg_test_k',
    '--header',
    'content-type: application/json',
    '--data-raw',
    post.body,
    '--include',
  ]);
});

it('names the address and the key in every language, and what is sent', () => {
  for (const language of snippetLanguages) {
    expect(snippetOf(language, get('http://h/a'), 'tg_test_k')).toMatch(/http:\/\/h\/a[^]*tg_test_k/);
    expect(snippetOf(language, get('http://h/a'))).toContain(keyPlaceholder);
    expect(snippetOf(language, post)).toMatch(/post[^]*application\/json[^]*\$HOME/i);
  }
});
