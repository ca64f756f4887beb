import type { DocumentChange } from '#openapi';
import { expect, it } from 'vitest';
import { breakingOperations } from './breaking-operations.js';

const route = (method: string, template: string, operation: string) => ({ method, template, operation, tags: [] });
const change = (severity: DocumentChange['severity'], operation: DocumentChange['operation']): DocumentChange => ({
  rule: 'x',
  severity,
  operation,
  place: '',
  message: '',
});

it('names what breaks as the older version names it, by method and template', () => {
  const routes = [
    route('GET', '/cities/{id}', 'getCity'),
    route('PUT', '/cities/{id}', 'putCity'),
    route('GET', '/now', 'GET /now'),
    route('GET', '/soon', 'getSoon'),
  ];
  const changes = [
    change('breaking', { method: 'GET', template: '/now', operationId: null }),
    change('breaking', { method: 'GET', template: '/cities/{code}', operationId: 'readCity' }),
    change('non_breaking', { method: 'GET', template: '/soon', operationId: 'getSoon' }),
    change('docs', { method: 'PUT', template: '/cities/{code}', operationId: 'putCity' }),
    change('breaking', { method: 'WEBHOOK', template: '/soon', operationId: null }),
    change('breaking', null),
  ];
  expect(breakingOperations(routes, changes)).toEqual(['getCity', 'GET /now']);
});
