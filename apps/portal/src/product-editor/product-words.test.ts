import { describe, expect, it } from 'vitest';
import {
  emptyWords,
  newMeter,
  removedApis,
  selectorsOf,
  tagsIn,
  withAggregation,
  withDistinctSource,
  withSource,
} from './product-words.js';

const [meter] = emptyWords.meters;

describe('a meter of a product that is edited', () => {
  it('counts something once with "unique" only', () => {
    const unique = withAggregation(meter!, 'unique');
    expect(unique.distinctValue).toEqual({ from: 'credential' });
    expect(withAggregation(withDistinctSource(unique, 'report'), 'unique').distinctValue).toEqual({
      from: 'report',
      pointer: '',
    });
    expect(withAggregation(unique, 'max').distinctValue).toBeNull();
  });

  it('loses what belongs to another source of its values', () => {
    const header = withDistinctSource(meter!, 'request_header');
    expect(header.distinctValue).toEqual({ from: 'request_header', header: '' });
    expect(withDistinctSource(header, 'application').distinctValue).toEqual({ from: 'application' });
  });

  it('has a short name that no other has', () => {
    const second = newMeter([meter!]);
    expect(second.slug).toBe('meter-2');
    expect(newMeter([{ ...meter!, slug: 'meter-2' }]).slug).toBe('meter-3');
  });
});

describe('a binding that gets another source', () => {
  const binding = {
    selector: '*',
    weight: '2',
    value: { from: 'response_json', pointer: '/used', header: 'X-Used', maximum: '9' },
  } as const;

  it('keeps what the new source can have', () => {
    expect(withSource(binding, 'response_header').value).toEqual({
      from: 'response_header',
      header: 'X-Used',
      maximum: '9',
    });
    expect(withSource(binding, 'response_bytes').value).toEqual({ from: 'response_bytes', maximum: '9' });
    expect(withSource(binding, 'seconds').value).toEqual({ from: 'seconds' });
  });

  it('counts as many for every call without one', () => {
    expect(withSource(binding, 'none')).toEqual({ selector: '*', weight: '2' });
    expect(withSource({ selector: '*', weight: '1' }, 'response_json').value).toEqual({
      from: 'response_json',
      pointer: '',
    });
  });
});

it('reads tags as people write them', () => {
  expect(tagsIn(' maps, geo ,,maps')).toEqual(['maps', 'geo']);
});

it('says which APIs are taken out', () => {
  expect(removedApis({ ...emptyWords, apis: ['a', 'b'] }, { ...emptyWords, apis: ['b', 'c'] })).toEqual(['a']);
});

it('offers all, tags and single operations, each once', () => {
  expect(
    selectorsOf([
      { operation: 'getNow', tags: ['now'] },
      { operation: 'GET /then', tags: ['now', 'archive'] },
      { operation: 'getNow', tags: [] },
    ]),
  ).toEqual(['*', 'tag:archive', 'tag:now', 'getNow', 'GET /then']);
});
