import { describe, expect, it } from 'vitest';
import { ArgumentsError, readListenArguments } from './listen-arguments.js';

describe('readListenArguments', () => {
  it('listens on the loopback address unless told otherwise', () => {
    expect(readListenArguments([])).toEqual({ host: '127.0.0.1', port: 4070 });
    expect(readListenArguments(['--host', '::1', '--port=0'])).toEqual({ host: '::1', port: 0 });
  });

  it.each([
    [['--port', '65536']],
    [['--port', '-1']],
    [['--port']],
    [['--port', '1e3']],
    [['--host', '']],
    [['--x']],
    [['x']],
  ])('refuses %j', (args) => {
    expect(() => readListenArguments(args)).toThrow(ArgumentsError);
  });
});
