import { describe, expect, it } from 'vitest';
import { mergeMetrics } from './merge-metrics.js';

const text = (count: number) =>
  [
    '# HELP calls Calls.',
    '# TYPE calls counter',
    `calls{code="a b"} ${count}`,
    'calls{} 2',
    '',
    '# HELP age Age.',
    '# TYPE age gauge',
    'age NaN',
    '',
  ].join('\n');

describe('the metrics of several processes', () => {
  it('are told apart by a label, with each family described once', () => {
    const merged = mergeMetrics([
      { gateway: 'g-1', text: text(1) },
      { gateway: 'g-2', text: text(5) },
    ]);
    expect(merged.split('\n')).toEqual([
      '# HELP calls Calls.',
      '# TYPE calls counter',
      'calls{gateway="g-1",code="a b"} 1',
      'calls{gateway="g-1"} 2',
      'calls{gateway="g-2",code="a b"} 5',
      'calls{gateway="g-2"} 2',
      '',
      '# HELP age Age.',
      '# TYPE age gauge',
      'age{gateway="g-1"} NaN',
      'age{gateway="g-2"} NaN',
      '',
    ]);
  });
});
