import { createTheme, type CSSVariablesResolver } from '@mantine/core';
import { componentDefaults } from './component-defaults.js';
import { dark, gray, green, petrol, red, yellow } from './palette.js';

const sans = "'Inter Variable', 'Inter Fallback', system-ui, sans-serif";
const mono = "'JetBrains Mono Variable', ui-monospace, 'SFMono-Regular', Menlo, monospace";

export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 6 },
  colors: { accent: petrol, gray, dark, red, yellow, green },
  white: '#ffffff',
  black: '#10181b',
  fontFamily: sans,
  fontFamilyMonospace: mono,
  fontSizes: { xs: '0.75rem', sm: '0.875rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  lineHeights: { xs: '1.4', sm: '1.5', md: '1.6', lg: '1.6', xl: '1.5' },
  headings: {
    fontFamily: sans,
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.75rem', lineHeight: '1.25' },
      h2: { fontSize: '1.25rem', lineHeight: '1.35' },
      h3: { fontSize: '1rem', lineHeight: '1.45' },
      h4: { fontSize: '0.875rem', lineHeight: '1.5' },
    },
  },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '16px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  shadows: {
    sm: '0 1px 2px rgb(16 24 27 / 6%)',
    md: '0 1px 2px rgb(16 24 27 / 6%), 0 8px 24px -8px rgb(16 24 27 / 14%)',
    lg: '0 2px 4px rgb(16 24 27 / 6%), 0 24px 48px -16px rgb(16 24 27 / 22%)',
  },
  components: componentDefaults,
});

/** Mantine's own text, border and surface variables, so that each of its components follows the palette. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#10181b',
    '--mantine-color-dimmed': gray[6],
    '--mantine-color-placeholder': '#66747a',
    '--mantine-color-default-border': gray[3],
    '--mantine-color-error': red[7],
    ...quiet('accent', petrol[0], petrol[1], petrol[8]),
    ...quiet('red', red[0], red[1], red[7]),
    ...quiet('yellow', yellow[0], yellow[1], yellow[7]),
    ...quiet('green', green[0], green[1], green[7]),
    ...quiet('gray', gray[1], gray[2], gray[8]),
  },
  dark: {
    '--mantine-color-body': dark[7],
    '--mantine-color-text': dark[0],
    '--mantine-color-dimmed': dark[2],
    '--mantine-color-placeholder': '#8a989d',
    '--mantine-color-default-border': dark[4],
    '--mantine-color-error': '#ff9a8f',
    ...quiet('accent', '#10272e', '#15323b', petrol[3]),
    ...quiet('red', '#341714', '#421d19', '#ff9a8f'),
    ...quiet('yellow', '#2d2110', '#3a2b15', '#f0b860'),
    ...quiet('green', '#0e2a1e', '#123626', '#6ad5a0'),
    ...quiet('gray', dark[6], dark[5], dark[1]),
  },
});

/** The colours of light and subtle variants: alerts, avatars, quiet buttons. */
function quiet(color: string, background: string, hover: string, text: string): Record<string, string> {
  return {
    [`--mantine-color-${color}-light`]: background,
    [`--mantine-color-${color}-light-hover`]: hover,
    [`--mantine-color-${color}-light-color`]: text,
  };
}
