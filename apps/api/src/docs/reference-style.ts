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
  --tg-danger: #b42318;
  --tg-danger-soft: #fdeceb;
  --tg-positive: #0f6b45;
  --tg-positive-soft: #e7f6ee;
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
  --tg-danger: #ff9a8f;
  --tg-danger-soft: #341714;
  --tg-positive: #6ad5a0;
  --tg-positive-soft: #0e2a1e;
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
.bar a,
.narrow a {
  color: var(--tg-dimmed);
  font-size: 14px;
  font-weight: 500;
  text-decoration: none;
}
.links {
  display: flex;
  align-items: center;
  gap: 16px;
}
.narrow {
  display: none;
  padding: 4px 16px;
  border-bottom: 1px solid var(--tg-line);
}
.narrow a {
  padding: 6px 0;
}
.bar a:hover,
.narrow a:hover {
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
  min-width: 0;
}
.bar .brand span {
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}
.bar .logo {
  flex: none;
  max-width: 140px;
  border-radius: 6px;
  object-fit: contain;
}
.foot nav {
  display: flex;
  flex-wrap: wrap;
  gap: 8px 20px;
  padding: 20px 24px;
  border-top: 1px solid var(--tg-line);
}
.foot a {
  color: var(--tg-dimmed);
  font-size: 14px;
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
.changes {
  max-width: 920px;
  margin: 0 auto;
  padding: 40px 24px 80px;
}
.changes h1 {
  margin: 0;
  font-size: 28px;
  font-weight: 600;
  line-height: 1.25;
  letter-spacing: -0.02em;
}
.changes .lead {
  margin: 6px 0 24px;
  color: var(--tg-dimmed);
}
.changes .versions {
  display: flex;
  flex-wrap: wrap;
  gap: 12px 20px;
  margin-bottom: 20px;
}
.changes .versions label {
  display: flex;
  align-items: center;
  gap: 8px;
  color: var(--tg-dimmed);
  font-size: 14px;
  font-weight: 500;
}
.changes .versions select,
.changes .versions button {
  height: 34px;
  padding: 0 10px;
  border: 1px solid var(--tg-line);
  border-radius: 8px;
  background: var(--tg-body);
  color: var(--tg-text);
  font: inherit;
}
.changes .filter {
  display: flex;
  flex-wrap: wrap;
  gap: 8px;
  margin-bottom: 8px;
}
.changes .filter a {
  padding: 4px 12px;
  border: 1px solid var(--tg-line);
  border-radius: 99px;
  color: var(--tg-text);
  font-size: 14px;
  text-decoration: none;
}
.changes .filter a:hover {
  background: var(--tg-sunken);
}
.changes .filter a[aria-current] {
  border-color: var(--tg-accent);
  color: var(--tg-accent);
  font-weight: 550;
}
.changes .filter span {
  margin-left: 4px;
  color: var(--tg-dimmed);
  font-variant-numeric: tabular-nums;
}
.changes section {
  margin-top: 28px;
}
.changes h2 {
  margin: 0 0 8px;
  font-size: 15px;
  font-weight: 600;
  overflow-wrap: anywhere;
}
.changes h2 a {
  color: inherit;
  text-decoration: none;
}
.changes h2 a:hover code {
  text-decoration: underline;
}
.changes h2 b {
  color: var(--tg-accent);
  font-weight: 600;
}
.changes ul {
  margin: 0;
  padding: 0;
  overflow: hidden;
  border: 1px solid var(--tg-line);
  border-radius: 12px;
  list-style: none;
}
.changes li {
  display: flex;
  align-items: baseline;
  gap: 4px 12px;
  padding: 9px 16px;
  font-size: 14px;
}
.changes li + li {
  border-top: 1px solid var(--tg-line);
}
.changes code {
  font: 13px 'JetBrains Mono Variable', ui-monospace, monospace;
}
.changes li code {
  margin-right: 4px;
  color: var(--tg-dimmed);
}
.changes .words {
  min-width: 0;
  overflow-wrap: anywhere;
}
.changes .kind {
  flex: 0 0 92px;
  color: var(--tg-dimmed);
  font-size: 12px;
  font-weight: 600;
}
.changes .kind[data-kind='breaking'] {
  color: var(--tg-danger);
}
.changes .kind[data-kind='non_breaking'] {
  color: var(--tg-positive);
}
.changes .none,
.changes .more {
  margin: 28px 0 0;
  color: var(--tg-dimmed);
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
/* Redoc's own, dark enough to be read on a light ground. */
:root:not(.dark):root {
  --color-blue-7: #2558b8;
  --color-carrot-7: #934c1a;
  --color-green-7: #0f6b45;
  --color-magenta-7: #b6006a;
  --color-red-7: #af1631;
}
:root:not(.dark) #reference .tag-get,
:root:not(.dark) #reference .tag-query {
  --tag-color: #0f6b45;
}
:root:not(.dark) #reference .tag-post {
  --tag-color: #1b4fc4;
}
:root:not(.dark) #reference .tag-put {
  --tag-color: #8a4b08;
}
:root:not(.dark) #reference .tag-patch {
  --tag-color: #705700;
}
:root:not(.dark) #reference .tag-delete {
  --tag-color: #b42318;
}
#reference [data-testid='search-trigger'] *,
#reference a[href^='https://redocly.com/redoc'],
#reference a[href^='https://redocly.com/redoc'] * {
  color: var(--tg-dimmed);
}
.unseen {
  position: absolute;
  width: 1px;
  height: 1px;
  margin: -1px;
  overflow: hidden;
  clip-path: inset(50%);
}
/* Written into what the document says of each operation, see the script. */
#reference a[href^='?try='] {
  display: inline-flex;
  align-items: center;
  min-height: 34px;
  padding: 0 14px;
  border: 0;
  border-radius: 8px;
  background: var(--tg-accent);
  color: var(--tg-body);
  font-size: 14px;
  font-weight: 500;
  text-decoration: none;
}
#reference a[href^='?try=']:hover {
  filter: brightness(1.08);
}
#reference pre:focus-visible,
#reference [data-testid='search-trigger']:focus-visible,
#reference a[href^='?try=']:focus-visible {
  outline: 2px solid var(--tg-accent);
  outline-offset: 2px;
}
/* While the panel is open, what is under it stays where it is. */
html:has(dialog[open]) {
  overflow: hidden;
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
/* Each line of an example may have a button that folds it: fingers need them 24 px apart (WCAG 2.2, 2.5.8). */
#reference pre[data-component-name='CodeBlock/CodeBlockContainer'],
#reference pre[data-component-name='CodeBlock/CodeBlockContainer'] > div {
  line-height: 24px;
}
/* So do what is unfolded, and links that are a line of their own. */
#reference summary,
#reference li > a:only-child,
#reference a[href^='https://redocly.com/redoc'] {
  min-height: 24px;
  line-height: 24px;
}
#reference li > a:only-child {
  display: inline-block;
}
#reference [data-testid='floating-button'] path {
  fill: var(--tg-accent);
}
a[href^='https://redocly.com/redoc'] p::after {
  content: ' Redoc';
}
@media (max-width: 48em) {
  .bar {
    padding: 8px 16px;
  }
  .bar select {
    max-width: 36vw;
  }
  .bar .wide {
    display: none;
  }
  .narrow {
    display: flex;
  }
}
@media (max-width: 36em) {
  .changes {
    padding: 28px 16px 64px;
  }
  .changes li {
    flex-wrap: wrap;
  }
  .changes .kind {
    flex-basis: 100%;
  }
}
@media print {
  .bar,
  .foot,
  .narrow,
  #reference a[href^='?try='],
  .changes .versions,
  .changes .filter {
    display: none;
  }
}
`;
