import { expect, it } from 'vitest';
import { quotaPercent, quotaView, type Quota } from './quota.js';

const quota = (used: string, enforcement: Quota['enforcement'] = 'hard') =>
  quotaView({ name: 'monthly', limit: 1000, used, enforcement });

it('warns from four fifths on, and says when a hard quota refuses', () => {
  expect(quota('799')).toEqual({ percent: 79.9, tone: 'info', share: '80%', left: '201 left' });
  expect(quota('800').tone).toBe('warning');
  expect(quota('1000')).toMatchObject({ percent: 100, tone: 'danger', left: 'Used up: requests are refused' });
});

it('does not alarm for a soft quota, which serves on', () => {
  expect(quota('4000', 'soft')).toMatchObject({ percent: 100, tone: 'warning' });
  expect(quota('4000', 'soft').left).toMatch(/still served/);
});

it('takes a quota of nothing for used up', () => {
  expect(quotaPercent({ used: '0', limit: 0 })).toBe(100);
});
