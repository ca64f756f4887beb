/** The style of all hosted pages; `page` puts its hash into the content security policy. */
export const style = `
:root { --back: #f6f8fa; --panel: #fff; --text: #1a1f36; --soft: #55607a; --line: #d5dbe5; --accent: #4b45c6;
  --accent-text: #fff; --bad: #b3093c; --bad-back: #fdf0f3; --good: #0b6b43; --good-back: #e6f6ee; --banner: #fff3cd;
  --banner-text: #5c4400; }
@media (prefers-color-scheme: dark) { :root { --back: #10131a; --panel: #191e28; --text: #eceff6; --soft: #a3adc2;
  --line: #343c4c; --accent: #a8a4ff; --accent-text: #12122b; --bad: #ff8fa8; --bad-back: #35161f; --good: #6fdca7;
  --good-back: #11301f; --banner: #3a2f0b; --banner-text: #ffe08a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1rem; margin: 0 0 .75rem; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
a { color: var(--accent); }
.soft { color: var(--soft); }
.banner { margin: 0; padding: .5rem 1rem; text-align: center; font-size: .875rem; background: var(--banner);
  color: var(--banner-text); }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
.panel { background: var(--panel); border: 1px solid var(--line); border-radius: 12px; padding: 1.25rem; }
.checkout { display: grid; gap: 1.5rem; }
.notice { max-width: 34rem; padding-top: 4rem; text-align: center; }
label { display: block; font-size: .875rem; font-weight: 600; margin-bottom: .25rem; }
input { width: 100%; min-width: 0; min-height: 44px; padding: .5rem .75rem; font: inherit; color: inherit;
  background: var(--panel); border: 1px solid var(--line); border-radius: 8px; }
input:focus-visible, a:focus-visible, button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.field { margin-bottom: 1rem; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; }
button, .button { display: inline-block; min-height: 44px; padding: .6rem 1.25rem; font: inherit; font-weight: 600;
  color: var(--accent-text); background: var(--accent); border: 0; border-radius: 8px; text-decoration: none;
  cursor: pointer; }
button { width: 100%; }
input::placeholder { color: var(--soft); opacity: .75; }
.error { padding: .75rem; border-radius: 8px; color: var(--bad); background: var(--bad-back); }
.cards { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem; }
.cards a { display: block; padding: .5rem .75rem; min-height: 44px; border: 1px solid var(--line); border-radius: 8px;
  text-decoration: none; color: inherit; }
.cards a:hover { border-color: var(--accent); }
.cards code { font-size: .9375rem; white-space: nowrap; }
.cards span { display: block; font-size: .8125rem; color: var(--soft); }
.status { display: inline-block; padding: .1rem .6rem; border-radius: 99px; font-size: .8125rem; font-weight: 600;
  background: var(--back); color: var(--soft); border: 1px solid var(--line); }
.status.paid { color: var(--good); background: var(--good-back); border-color: transparent; }
.status.open { color: var(--banner-text); background: var(--banner); border-color: transparent; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0 0 1.25rem; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; margin-bottom: 1.25rem; }
th, td { padding: .5rem .25rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
td:last-child, th:last-child { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
tfoot th, tfoot td { border-bottom: 0; font-weight: 700; }
td small { display: block; color: var(--soft); }
button.plain { background: transparent; color: var(--accent); border: 1px solid var(--line); }
.decide { display: grid; gap: .75rem; }
.decide button { margin: 0; }
section + section, .panel + .panel, .panel + section { margin-top: 1.5rem; }
.rows { list-style: none; margin: 0; padding: 0; }
.rows li { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between;
  padding: .75rem 0; border-bottom: 1px solid var(--line); }
.rows li:last-child { border-bottom: 0; }
.rows form { margin: 0; }
.rows li > span { min-width: 0; overflow-wrap: anywhere; }
.rows .inline { align-items: center; }
.panel form + form, .rows + form { margin-top: 1rem; }
.rows .inline form + form { margin-top: 0; }
.brand { text-transform: capitalize; }
.rows button, .inline button { width: auto; min-height: 36px; margin: 0; padding: .25rem .75rem; font-size: .875rem; }
.rows small { display: block; color: var(--soft); }
.inline { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; }
.inline .field { margin: 0; min-width: 9rem; flex: 1 1 9rem; }
.check { display: flex; gap: .5rem; align-items: center; }
.check input { width: auto; min-height: 0; }
details summary { cursor: pointer; color: var(--accent); padding: .5rem 0; }
code { overflow-wrap: anywhere; }
@media (min-width: 48rem) { .checkout { grid: "intro form" auto "cards form" 1fr / 5fr 6fr; align-items: start;
  padding-top: 3rem; } details .checkout { grid: "cards form" / 5fr 6fr; padding-top: 1rem; } .intro { grid-area: intro; } .checkout form { grid-area: form; } .choice { grid-area: cards; } }
`;
