import { type Oklch, contrastOf, hexOf, oklchOf } from './oklch.js';

/** The colours that one accent becomes, each `#rrggbb`. */
export interface AccentPalette {
  /** Ten, from the lightest. White words can be read on the seventh and all after it, and the eighth on the first. */
  readonly shades: readonly string[];
  /** Can be read on the dark scheme's grounds, and on its quiet one. */
  readonly onDark: string;
  /** The dark scheme's quiet ground, and the same under a pointer. */
  readonly quietOnDark: string;
  readonly quietOnDarkHover: string;
}

/** Enough for text of any size (WCAG 2.2, 1.4.3), with a little for the rounding of colours. */
const READABLE = 4.55;
const WHITE = '#ffffff';
/** The lightest ground of the dark scheme that the accent stands on. */
const DARK_GROUND = '#1a2225';
/** The portal's own accent has these, from the lightest. */
const LIGHTNESS = [0.975, 0.94, 0.87, 0.79, 0.71, 0.63, 0.56, 0.49, 0.42, 0.34];
/** Part of the accent's chroma that each has: pale ones are nearly white. */
const CHROMA = [0.12, 0.22, 0.5, 0.75, 0.95, 1, 1, 1, 0.9, 0.75];
/** The portal's own solid colours: what is filled in the dark scheme, then in the light one. */
const SOLID = { dark: 6, light: 7 };
const STEP = 0.005;

/**
 * The palette of an accent: the accent itself where something is filled with it in the light scheme, made darker where white words
 * could not be read on it, and lighter and darker ones of the same hue around it.
 */
export function accentPalette(accent: string): AccentPalette {
  const color = oklchOf(accent);
  const at = (lightness: number, chroma = 1) => hexOf({ ...color, lightness, chroma: color.chroma * chroma });
  const shades = LIGHTNESS.map((lightness, index) => at(lightness, CHROMA[index]));
  const pale = shades[0]!;
  const solid = darkened(color, (hex) => contrastOf(hex, pale) >= READABLE && contrastOf(hex, WHITE) >= READABLE);
  const inDark = darkened({ ...color, lightness: Math.max(color.lightness, LIGHTNESS[SOLID.dark]!) }, (hex) => {
    return contrastOf(hex, WHITE) >= READABLE;
  });
  shades[SOLID.dark] = inDark;
  shades[SOLID.light] = solid;
  // What is darker than the solid one stays darker, however dark that is.
  const { lightness: solidLightness } = oklchOf(solid);
  shades[8] = at(Math.min(LIGHTNESS[8]!, solidLightness * 0.86), CHROMA[8]);
  shades[9] = at(Math.min(LIGHTNESS[9]!, solidLightness * 0.7), CHROMA[9]);
  const quietOnDark = at(0.26, 0.3);
  const onDark = lightened({ ...color, lightness: 0.76 }, (hex) => {
    return contrastOf(hex, quietOnDark) >= READABLE && contrastOf(hex, DARK_GROUND) >= READABLE;
  });
  return { shades, onDark, quietOnDark, quietOnDarkHover: at(0.3, 0.35) };
}

/** The lightest colour of its hue, no lighter than it is, that is dark enough. */
function darkened(color: Oklch, isDarkEnough: (hex: string) => boolean): string {
  let { lightness } = color;
  while (lightness > 0 && !isDarkEnough(hexOf({ ...color, lightness }))) lightness -= STEP;
  return hexOf({ ...color, lightness });
}

/** The darkest colour of its hue, no darker than it is, that is light enough. */
function lightened(color: Oklch, isLightEnough: (hex: string) => boolean): string {
  let { lightness } = color;
  while (lightness < 1 && !isLightEnough(hexOf({ ...color, lightness }))) lightness += STEP;
  return hexOf({ ...color, lightness });
}
