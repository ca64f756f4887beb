import { describe, expect, it } from 'vitest';
import { canonicalPath } from './canonical-path.js';
import { RequestHead } from '../request-head.js';
import { RouteTable } from './route-table.js';

const sound =
  '/ / / / . .. %2e %2E%2e %2f %5c %25 %252f ; {id} ~ %7E + * @ : things things thin%67s Things admin %61dmin caf%c3%a9'.split(
    ' ',
  );
const unsound = ['%', '%0', '%00', '%0a', '%zz', '\\', '%ff', '%C3'];

/** xorshift: the same paths in every run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    yield state >>> 0;
  }
}

/** How a server that takes a path as RFC 3986 says reads it: dot segments first, each segment decoded once. */
function readByUpstream(path: string): readonly string[] {
  return new URL(`http://upstream.test${path}`).pathname.slice(1).split('/').map(decodeURIComponent);
}

const asker = { request: { method: 'GET' }, head: new RequestHead([]) };
const table = new RouteTable<string>();
const places = { public: '/v1', admin: '/v1/admin' };
for (const [name, basePath] of Object.entries(places)) {
  for (const template of ['/', '/things', '/things/{id}', '/admin', '/{first}/{second}', '/{first}'])
    table.add({ host: null, basePath }, 'GET', template, `${name} ${template}`);
}
const find = (path: string) => table.find('', path, asker)?.operations.get('GET') ?? null;

describe('100,000 paths', () => {
  it('mean to the upstream what they meant when access was decided', () => {
    const random = numbers(20_261_125);
    let matched = 0;
    for (let round = 0; round < 100_000; round++) {
      let raw = '/v1';
      for (let count = random.next().value % 7; count >= 0; count--) {
        const parts = random.next().value % 20 === 0 ? unsound : sound;
        raw += parts[random.next().value % parts.length];
      }
      const path = canonicalPath(raw);
      if (path === null) continue;
      const operation = find(path);
      // What is sent is what was matched: nobody who normalizes it again comes to another place or label.
      if (canonicalPath(path) !== path || find(canonicalPath(path)!) !== operation) expect.fail(raw);
      if (operation === null) continue;
      matched++;
      const segments = path.slice(1).split('/');
      const read = readByUpstream(path);
      if (read.length !== segments.length || segments.some((segment, at) => decodeURIComponent(segment) !== read[at]))
        expect.fail(`${raw} is sent as ${path}, and read as ${read.join(' / ')}`);
      if (operation.startsWith('public') && read[1] === 'admin') expect.fail(`${raw} gets round the longer prefix`);
    }
    expect(matched).toBeGreaterThan(5_000);
  });
});
