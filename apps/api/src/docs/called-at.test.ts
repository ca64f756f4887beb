import { expect, it } from 'vitest';
import { calledAt } from './called-at.js';

it('is the gateway, and the base path of the version', () => {
  expect(calledAt('http://gateway.example:4080', { host: null, basePath: '/weather/v1' })).toBe(
    'http://gateway.example:4080/weather/v1',
  );
});

it('is the host of a version that is bound to one, with scheme and port of the gateway', () => {
  const bound = { host: 'api.example.com', basePath: '/weather/v1' };
  expect(calledAt('http://gateway.example:4080', bound)).toBe('http://api.example.com:4080/weather/v1');
  expect(calledAt('https://gateway.example', bound)).toBe('https://api.example.com/weather/v1');
  expect(calledAt('https://gateway.example/in', { ...bound, basePath: '/' })).toBe('https://api.example.com/in/');
});
