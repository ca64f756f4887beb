import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accentPalette } from './accent-palette.js';
import { contrastOf, hexOf, oklchOf } from './oklch.js';

const anyColor = fc.integer({ min: 0, max: 0xff_ff_ff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);
const READABLE = 4.5;

describe('accent palette', () => {
  it('has an accent that white words can be read on as it is, where things are filled with it', () => {
    for (const accent of ['#17697e', '#6d28d9', '#b91c1c', '#1d4ed8', '#0f172a'])
      expect(accentPalette(accent).shades[7]).toBe(accent);
  });

  it('makes a light accent darker, of the same hue', () => {
    for (const accent of ['#ffcc00', '#00ff88', '#ff7f50', '#7dd3fc']) {
      const solid = accentPalette(accent).shades[7]!;
      const turned = Math.abs(oklchOf(solid).hue - oklchOf(accent).hue);
      expect({ accent, turned: Math.min(turned, 360 - turned) < 8 }).toEqual({ accent, turned: true });
      expect(oklchOf(solid).lightness).toBeLessThan(oklchOf(accent).lightness);
    }
  });

  it('can be read wherever it is used, whatever the accent', () => {
    fc.assert(
      fc.property(anyColor, (accent) => {
        const { shades, onDark, quietOnDark, quietOnDarkHover } = accentPalette(accent);
        const pairs = {
          'white on filled, light scheme': contrastOf('#ffffff', shades[7]!),
          'white on filled under a pointer': contrastOf('#ffffff', shades[8]!),
          'white on filled, dark scheme': contrastOf('#ffffff', shades[6]!),
          'accent on its quiet ground': contrastOf(shades[7]!, shades[0]!),
          'quiet words on the quiet ground': contrastOf(shades[8]!, shades[0]!),
          'accent on the dark page': contrastOf(onDark, '#0e1315'),
          'accent on raised ground of the dark scheme': contrastOf(onDark, '#12181b'),
          'accent on the quiet ground of the dark scheme': contrastOf(onDark, quietOnDark),
        };
        const unreadable = Object.entries(pairs).filter(([, contrast]) => contrast < READABLE);
        expect({ accent, unreadable }).toEqual({ accent, unreadable: [] });
        const all = [...shades, onDark, quietOnDark, quietOnDarkHover];
        expect(all.filter((hex) => !/^#[0-9a-f]{6}$/.test(hex))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('OKLCH', () => {
  it('goes there and back for every colour that a screen shows', () => {
    fc.assert(
      fc.property(anyColor, (hex) => {
        expect(hexOf(oklchOf(hex))).toBe(hex);
      }),
      { numRuns: 2_000 },
    );
  });

  it('has the figures of CSS Color 4 for pure red', () => {
    const { lightness, chroma, hue } = oklchOf('#ff0000');
    expect([lightness.toFixed(3), chroma.toFixed(4), hue.toFixed(2)]).toEqual(['0.628', '0.2577', '29.23']);
  });

  it('measures contrast as WCAG does', () => {
    expect(contrastOf('#000000', '#ffffff')).toBeCloseTo(21, 6);
    expect(contrastOf('#777777', '#ffffff')).toBeCloseTo(4.478, 3);
  });
});
