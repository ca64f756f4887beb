import { expect, it } from 'vitest';
import type { DocumentChange } from '../api/types.js';
import { groupChanges } from './change-groups.js';

function change(severity: DocumentChange['severity'], template: string | null, message = 'changed'): DocumentChange {
  const operation = template === null ? null : { method: 'GET', template, operationId: null };
  return { rule: 'words_changed', severity, operation, place: '', message };
}

it('puts what breaks callers first, among operations and within each', () => {
  const groups = groupChanges([
    change('docs', null),
    change('non_breaking', '/cities'),
    change('docs', '/countries', 'words'),
    change('breaking', '/countries', 'removed'),
    change('non_breaking', '/countries', 'added'),
  ]);
  expect(groups.map(({ operation, isBreaking }) => [operation, isBreaking])).toEqual([
    ['GET /countries', true],
    ['GET /cities', false],
    [null, false],
  ]);
  expect(groups[0]!.changes.map(({ message }) => message)).toEqual(['removed', 'added', 'words']);
});

it('keeps the order of the document among equals', () => {
  const groups = groupChanges([change('breaking', '/b'), change('breaking', '/a'), change('breaking', '/b', 'again')]);
  expect(groups.map(({ operation, changes }) => [operation, changes.length])).toEqual([
    ['GET /b', 2],
    ['GET /a', 1],
  ]);
});

it('makes no groups of nothing', () => {
  expect(groupChanges([])).toEqual([]);
});
