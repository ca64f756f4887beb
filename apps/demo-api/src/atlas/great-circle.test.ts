import { describe, expect, it } from 'vitest';
import { distanceKm, initialBearingDegrees } from './great-circle.js';

const EQUATOR = { latitude: 0, longitude: 0 };
const NORTH_POLE = { latitude: 90, longitude: 0 };

describe('the great circle', () => {
  it('is a quarter of the circumference from the equator to the pole, and half of it to the other side', () => {
    expect(distanceKm(EQUATOR, NORTH_POLE)).toBe(10_007.6);
    expect(distanceKm(EQUATOR, { latitude: 0, longitude: 180 })).toBe(20_015.1);
    expect(distanceKm(EQUATOR, EQUATOR)).toBe(0);
  });

  it('is as long there as back, also across the date line', () => {
    const fiji = { latitude: -18, longitude: 175 };
    const samoa = { latitude: -13.58, longitude: -172.33 };
    expect(distanceKm(fiji, samoa)).toBe(distanceKm(samoa, fiji));
    expect(distanceKm(fiji, samoa)).toBeLessThan(1_500);
  });

  it('sets out in the direction of the compass', () => {
    expect(initialBearingDegrees(EQUATOR, NORTH_POLE)).toBe(0);
    expect(initialBearingDegrees(EQUATOR, { latitude: 0, longitude: 10 })).toBe(90);
    expect(initialBearingDegrees(EQUATOR, { latitude: 0, longitude: -10 })).toBe(270);
  });
});
