/** The frame of documentation pages, in the portal's colours and type. */
export const REFERENCE_STYLE = `
@font-face {
  font-family: 'Inter Variable';
  src: url('/docs-files/inter.woff2') format('woff2');
  font-weight: 100 900;
  font-display: swap;
}
@font-face {
  font-family: 'JetBrains Mono Variable';
  src: url('/docs-files/jetbrains-mono.woff2') format('woff2');
  font-weight: 100 800;
  font-display: swap;
}
:root {
  color-scheme: light;
  --tg-body: #ffffff;
  --tg-text: #10181b;
  --tg-dimmed: #566469;
  --tg-line: #e4e9ea;
  --tg-sunken: #f7f9f9;
  --tg-accent: #17697e;
  --tg-warning: #8a4b08;
  --tg-warning-soft: #fdf3e1;
}
:root.dark {
  color-scheme: dark;
  --tg-body: #0e1315;
  --tg-text: #e6ecee;
  --tg-dimmed: #9dabb0;
  --tg-line: #222b2f;
  --tg-sunken: #0a0e10;
  --tg-accent: #6cc0d3;
  --tg-warning: #f0b860;
  --tg-warning-soft: #2d2110;
}
body {
  margin: 0;
  background: var(--tg-body);
  color: var(--tg-text);
  font: 15px/1.6 'Inter Variable', system-ui, sans-serif;
  -webkit-font-smoothing: antialiased;
}
.bar {
  position: sticky;
  top: 0;
  z-index: 100;
  display: flex;
  align-items: center;
  gap: 8px 20px;
  box-sizing: border-box;
  min-height: 61px;
  padding: 8px 24px;
  border-bottom: 1px solid var(--tg-line);
  background: var(--tg-body);
}
.bar a {
  color: var(--tg-dimmed);
  font-size: 14px;
  font-weight: 500;
  text-decoration: none;
}
.bar a:hover {
  color: var(--tg-text);
}
.bar .brand {
  display: flex;
  align-items: center;
  gap: 10px;
  color: var(--tg-text);
  font-size: 15px;
  font-weight: 600;
  letter-spacing: -0.01em;
}
.bar .end {
  display: flex;
  align-items: center;
  gap: 16px;
  margin-left: auto;
}
.bar label {
  display: flex;
  align-items: center;
  gap: 8px;
  color: var(--tg-dimmed);
  font-size: 14px;
  font-weight: 500;
}
.bar select,
.bar button {
  height: 34px;
  padding: 0 10px;
  border: 1px solid var(--tg-line);
  border-radius: 8px;
  background: var(--tg-body);
  color: var(--tg-text);
  font: inherit;
  cursor: pointer;
}
.bar button {
  width: 34px;
  padding: 0;
}
.bar button svg {
  display: block;
  margin: auto;
}
:root.dark .sun,
:root:not(.dark) .moon {
  display: none;
}
a:focus-visible,
select:focus-visible,
button:focus-visible {
  outline: 2px solid var(--tg-accent);
  outline-offset: 2px;
}
.banner {
  margin: 0;
  padding: 10px 24px;
  border-bottom: 1px solid var(--tg-line);
  background: var(--tg-warning-soft);
  color: var(--tg-warning);
  font-size: 14px;
}
.banner a {
  color: inherit;
  font-weight: 600;
}
.outline {
  max-width: 760px;
  margin: 0 auto;
  padding: 40px 24px 80px;
}
.outline h1 {
  font-size: 28px;
  line-height: 1.25;
  letter-spacing: -0.02em;
}
.outline p {
  color: var(--tg-dimmed);
}
.outline ul {
  padding: 0;
  list-style: none;
}
.outline li {
  padding: 8px 0;
  border-top: 1px solid var(--tg-line);
}
.outline code {
  font: 13px 'JetBrains Mono Variable', ui-monospace, monospace;
}
/* Redoc declares its own variables on :root, after this sheet. */
:root:root {
  --font-family-base: 'Inter Variable', system-ui, sans-serif;
  --font-family-monospaced: 'JetBrains Mono Variable', ui-monospace, 'SFMono-Regular', Menlo, monospace;
  --bg-color: var(--tg-body);
  --link-color-primary-palette: var(--tg-accent);
  --h1-font-size: 28px;
  --color-warm-grey-1: #f7f9f9;
  --color-warm-grey-2: #eff3f3;
  --color-warm-grey-3: #e4e9ea;
  --color-warm-grey-4: #d3dadc;
  --color-warm-grey-5: #8e9b9f;
  --color-warm-grey-6: #66747a;
  --color-warm-grey-7: #566469;
  --color-warm-grey-8: #414d52;
  --color-warm-grey-9: #2a3438;
  --color-warm-grey-10: #1a2225;
  --color-warm-grey-11: #10181b;
}
:root.dark:root {
  --color-warm-grey-1: #0a0e10;
  --color-warm-grey-2: #12181b;
  --color-warm-grey-3: #1a2225;
  --color-warm-grey-4: #273135;
  --color-warm-grey-5: #38444a;
  --color-warm-grey-6: #7a888d;
  --color-warm-grey-7: #9dabb0;
  --color-warm-grey-8: #c9d2d5;
  --color-warm-grey-9: #d8e0e3;
  --color-warm-grey-10: #e6ecee;
  --color-warm-grey-11: #f2f6f7;
}
/* The bar above has the switch; and Redoc's logo would come from elsewhere. */
[data-testid='color-mode-switcher'],
a[href^='https://redocly.com/redoc'] img {
  display: none !important;
}
code,
pre {
  font-variant-ligatures: none;
}
a[href^='https://redocly.com/redoc'] p::after {
  content: ' Redoc';
}
@media (max-width: 48em) {
  .bar {
    flex-wrap: wrap;
    padding: 8px 16px;
  }
  .bar .wide {
    display: none;
  }
}
@media print {
  .bar {
    display: none;
  }
}
`;
