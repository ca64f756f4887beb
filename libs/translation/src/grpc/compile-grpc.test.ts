import { describe, expect, it } from 'vitest';
import { LIBRARY_DESCRIPTORS, libraryPolicy, libraryRoutes } from '../../../../test/support/grpc-library.js';
import { compileGrpc } from './compile-grpc.js';
import { withoutSources } from './descriptors.js';

const route = (method: string, template: string, operation: string) => ({ method, template, operation, tags: [] });
const faultsOf = (...args: Parameters<typeof compileGrpc>) =>
  compileGrpc(...args).faults.map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('compileGrpc', () => {
  it('finds the method of each operation, by its annotation or by name', () => {
    const { operations, faults } = compileGrpc(libraryPolicy(), libraryRoutes);
    expect(faults).toEqual([]);
    expect([...operations.keys()]).toEqual(libraryRoutes.map(({ operation }) => operation));
    expect([...operations.values()].filter(({ isStream }) => isStream)).toEqual([operations.get('listBooks')]);
  });

  it.each([
    ['%%%', 'this is no FileDescriptorSet in base64'],
    [Buffer.from('no descriptors').toString('base64'), 'this is no FileDescriptorSet in base64'],
    ['', 'this is no FileDescriptorSet in base64'],
  ])('says of %j that it is no descriptor set, and how one is made', (descriptors, message) => {
    expect(faultsOf(libraryPolicy({ descriptors }), libraryRoutes)).toEqual([
      expect.stringMatching(new RegExp(`^descriptors: ${message}.*--include_imports`)),
    ]);
  });

  it('refuses what cannot be called by HTTP and JSON, and names that are not there', () => {
    const policy = libraryPolicy({
      operations: {
        importBooks: { method: 'library.v1.Library/ImportBooks' },
        discuss: { method: 'library.v1.Library/Discuss' },
        like: { method: 'library.v1.Library/ListBooks' },
        labels: { method: 'library.v1.Library/ListBooks' },
        wrong: { method: 'library.v1.Library/Get' },
        body: { method: 'library.v1.Library/CreateBook', body: 'bok' },
        response: { method: 'library.v1.Library/GetBook', responseBody: 'titel' },
        field: { method: 'library.v1.Library/GetBook', fields: { page: 'page_token' } },
        gone: { method: 'library.v1.Library/GetBook' },
      },
    });
    const routes = [
      route('POST', '/import', 'importBooks'),
      route('POST', '/discuss', 'discuss'),
      route('GET', '/like/{like}', 'like'),
      route('GET', '/labels/{labels}', 'labels'),
      route('GET', '/wrong', 'wrong'),
      route('POST', '/body', 'body'),
      route('GET', '/response', 'response'),
      route('GET', '/field', 'field'),
      route('GET', '/nowhere', 'nowhere'),
    ];
    const faults = faultsOf(policy, routes);
    expect(faults).toEqual([
      'operations.gone: the document has no such operation',
      expect.stringContaining('operations.importBooks: library.v1.Library/ImportBooks takes a stream of messages'),
      expect.stringContaining('operations.discuss: library.v1.Library/Discuss takes a stream of messages'),
      'operations.like.fields: the field "like" is a library.v1.Book, which a parameter cannot be: name a field of it',
      'operations.labels.fields: the field "labels" is a map, which a parameter cannot be',
      expect.stringContaining(
        'operations.wrong.method: there is no method "library.v1.Library/Get": there is library.v1.Library/GetBook',
      ),
      'operations.body.body: library.v1.CreateBookRequest has no field "bok"',
      'operations.response.responseBody: library.v1.Book has no field "titel"',
      'operations.field.fields.page: library.v1.GetBookRequest has no field "page_token"',
      expect.stringContaining('operations.nowhere: no method has google.api.http for GET /nowhere'),
    ]);
    expect(faultsOf(libraryPolicy({ service: 'library.v1.Books' }), libraryRoutes)).toEqual([
      'service: there is no service "library.v1.Books" among the descriptors: they have library.v1.Library',
    ]);
  });

  it('reads descriptors without their sources, and says what import is missing', () => {
    const short = withoutSources(LIBRARY_DESCRIPTORS);
    expect(faultsOf(libraryPolicy({ descriptors: short }), libraryRoutes)).toEqual([]);
    expect(withoutSources(short)).toBe(short);
    const alone = Buffer.from('0a1a0a07612e70726f746f1a07622e70726f746f620670726f746f33', 'hex').toString('base64');
    expect(faultsOf(libraryPolicy({ descriptors: alone }), libraryRoutes)[0]).toMatch(
      /a\.proto imports b\.proto, which is not/,
    );
  });
});
