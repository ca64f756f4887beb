import { describe, expect, it } from 'vitest';
import { readArguments } from './arguments.js';

describe('the command line', () => {
  it('has a port and an address without being asked', () => {
    expect(readArguments([])).toMatchObject({ port: 4090, host: '127.0.0.1', webhook: { url: undefined } });
  });

  it('takes all options', () => {
    const words = '--port 0 --host localhost --webhook-url http://127.0.0.1:1/w --webhook-secret s --webhook-duplicate';
    expect(readArguments([...words.split(' '), '--webhook-shuffle', '--state-file', '/x'])).toEqual({
      port: 0,
      host: 'localhost',
      webhook: { url: 'http://127.0.0.1:1/w', secret: 's', duplicate: true, shuffle: true },
      stateFile: '/x',
      usageDelay: 2,
    });
  });

  it.each([['--port', 'x'], ['--port', '70000'], ['--webhook-url', 'http://a'], ['--webhook-url', 'a'], ['--bogus']])(
    'refuses %s %s',
    (...words) => {
      expect(() => readArguments(words)).toThrow(words[0]);
    },
  );
});
