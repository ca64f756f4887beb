import { expect, it } from 'vitest';
import { faultPlaceWords, placeWords, valueWords } from './place-words.js';

it('says where in a plan something is', () => {
  expect(placeWords('prices[requests].price.tiers[1].unitAmount')).toBe('Price of requests, tier 2, unit amount');
  expect(placeWords('prices[requests].price.model')).toBe('Price of requests, model');
  expect(placeWords('quotas[per.month].limit')).toBe('Quota per.month, limit');
  expect(placeWords('requiresApproval')).toBe('Approval needed');
});

it('says where a fault is, by the name of what is counted', () => {
  const terms = { prices: [{ meter: 'requests' }], quotas: [], rateLimits: [] } as never;
  expect(faultPlaceWords('prices.0.price.tiers.1.upTo', terms)).toBe('Price of requests, tier 2, up to');
  expect(faultPlaceWords('trial.quotas.0.limit', terms)).toBe('Trial, quota 1, limit');
  expect(faultPlaceWords('fixedFee', terms)).toBe('Fixed fee');
});

it('calls price models by their names, and says which values are money', () => {
  expect(valueWords('prices[a].price.model', 'per_unit', 'EUR')).toBe('Per unit');
  expect(valueWords('fixedFee', '1.00', 'EUR')).toBe('EUR 1.00');
  expect(valueWords('prices[a].price.tiers[0].unitAmount', '0.0015', 'USD')).toBe('$0.0015');
  expect(valueWords('prices[a].price.minimumPerEvent', '0.1', 'USD')).toBe('$0.10');
  expect(valueWords('rateLimits[burst].limit', '6000', 'USD')).toBe('6,000');
  expect(valueWords('prices[a].price.ratePercent', '2.9', 'USD')).toBe('2.9');
  expect(valueWords('billingInterval', 'year', 'USD')).toBe('year');
  expect(valueWords('fixedFee', null, 'USD')).toBe('–');
});
