/** A colour by lightness (0 black to 1 white), chroma (0 grey) and hue in degrees: OKLCH, as CSS Color 4 §9.3 has it. */
export interface Oklch {
  readonly lightness: number;
  readonly chroma: number;
  readonly hue: number;
}

/** Red, green and blue with linear light, each 0 to 1 where a screen can show it. */
type Linear = readonly [red: number, green: number, blue: number];

const EPSILON = 1e-6;

/** The colour of a `#rrggbb`. */
export function oklchOf(hex: string): Oklch {
  const [red, green, blue] = linearOf(hex);
  // The matrices of CSS Color 4, from linear sRGB to OKLab.
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const middle = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  const a = 1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short;
  const b = 0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short;
  return {
    lightness: 0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short,
    chroma: Math.hypot(a, b),
    hue: (Math.atan2(b, a) * 180) / Math.PI,
  };
}

/** The colour as `#rrggbb`, with as much of its chroma as a screen can show at that lightness. */
export function hexOf({ lightness, chroma, hue }: Oklch): string {
  let most = chroma;
  if (!isShown(linearAt({ lightness, chroma, hue }))) {
    let least = 0;
    while (most - least > EPSILON) {
      const between = (least + most) / 2;
      if (isShown(linearAt({ lightness, chroma: between, hue }))) least = between;
      else most = between;
    }
    most = least;
  }
  const channels = linearAt({ lightness, chroma: most, hue }).map((channel) => {
    const light = Math.min(1, Math.max(0, channel));
    const value = light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, '0');
  });
  return `#${channels.join('')}`;
}

/** How well one colour can be read on the other, 1 to 21 (WCAG 2.2, contrast ratio); 4.5 is enough for text. */
export function contrastOf(hex: string, other: string): number {
  const [darker, lighter] = [luminanceOf(hex), luminanceOf(other)].sort((one, two) => one - two) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

function luminanceOf(hex: string): number {
  const [red, green, blue] = linearOf(hex);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linearOf(hex: string): Linear {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function linearAt({ lightness, chroma, hue }: Oklch): Linear {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short,
  ];
}

function isShown(channels: Linear): boolean {
  return channels.every((channel) => channel >= -EPSILON && channel <= 1 + EPSILON);
}
