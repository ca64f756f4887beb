import { describe, expect, it } from 'vitest';
import { countryChoices, countryName } from './country.js';

describe('countries', () => {
  it('are there once each, by name, without unions and old codes', () => {
    const choices = countryChoices();
    const codes = choices.map(({ value }) => value);
    expect(codes).toEqual(expect.arrayContaining(['DE', 'FR', 'GB', 'US', 'CH']));
    expect(codes.filter((code) => ['EU', 'UN', 'ZZ', 'UK', 'DD', 'SU'].includes(code))).toEqual([]);
    expect(new Set(choices.map(({ label }) => label)).size).toBe(choices.length);
    expect(choices[0]!.label < choices.at(-1)!.label).toBe(true);
  });

  it('are called by name, or by their code', () => {
    expect([countryName('DE'), countryName('QX')]).toEqual(['Germany', 'QX']);
  });
});
