import { describe, expect, it } from 'vitest';
import {
  asSent,
  atOnePlace,
  atTargets,
  isElsewhere,
  keptSections,
  secretHint,
  statusCodes,
  withBalancing,
} from './upstream-words.js';

const one = { url: 'https://one.example.com', tls: { verify: true } };

describe('an upstream that is edited', () => {
  it('can be at several targets, of which the first is where it was', () => {
    const several = atTargets(one);
    expect(several).toEqual({ tls: { verify: true }, targets: [{ url: 'https://one.example.com' }] });
    expect(atOnePlace(several)).toEqual(one);
  });

  it('loses what chooses among several with them', () => {
    const several = { ...atTargets(one), balancing: 'consistent-hash', hashBy: ['ip'], traffic: {} };
    expect(atOnePlace(several)).toEqual(one);
  });

  it('is hashed by something with its own way to share calls out only', () => {
    const hashed = { ...atTargets(one), balancing: 'consistent-hash', hashBy: ['ip'] };
    expect(withBalancing(hashed, 'consistent-hash')).toEqual(hashed);
    expect(withBalancing(hashed, 'least-requests')).toEqual({ ...atTargets(one), balancing: 'least-requests' });
    expect(withBalancing(hashed, 'round-robin')).toEqual(atTargets(one));
  });

  it('keeps what the page does not show', () => {
    expect(keptSections({ ...one, credential: { header: 'x' }, discovery: {} })).toEqual(['tls', 'discovery']);
  });

  it('has statuses that are numbers, and what is none as it was typed', () => {
    expect(statusCodes(['429', '4xx', ' 503', ''])).toEqual([429, '4xx', ' 503', '']);
  });

  it('sends no secret that nobody has typed', () => {
    expect(asSent({ ...one, credential: { header: 'x-key', value: '' } }).credential).toEqual({ header: 'x-key' });
    expect(asSent({ ...one, credential: { header: 'x-key', value: 's' } }).credential).toEqual({
      header: 'x-key',
      value: 's',
    });
    expect(asSent({ targets: [{ url: 'a', weight: 1 }, { url: 'b', weight: 2 }, { url: 'c' }] }).targets).toEqual([
      { url: 'a' },
      { url: 'b', weight: 2 },
      { url: 'c' },
    ]);
  });

  it('is elsewhere when any of its places is another', () => {
    expect(isElsewhere(one, { url: 'https://one.example.com/' })).toBe(false);
    expect(isElsewhere(one, { url: 'https://two.example.com' })).toBe(true);
    expect(
      isElsewhere(one, { targets: [{ url: 'https://one.example.com' }, { url: 'https://two.example.com' }] }),
    ).toBe(true);
    expect(isElsewhere(null, one)).toBe(true);
  });

  it('asks for a secret that is new, or goes elsewhere', () => {
    const before = { ...one, credential: { header: 'x-key' } };
    expect(secretHint(one, before)).toContain('Bearer');
    expect(secretHint(before, before)).toBe('Empty: it stays as it is.');
    expect(secretHint(before, { ...before, url: 'https://two.example.com' })).toContain('Needed again');
  });
});
