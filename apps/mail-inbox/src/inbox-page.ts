import type { Message } from './message.js';

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.3rem; }
article { border: 1px solid #8884; border-radius: 10px; padding: 1rem 1.2rem; margin: 1rem 0; }
h2 { font-size: 1rem; margin: 0 0 .2rem; }
p { margin: .2rem 0; }
small { opacity: .75; }
li { overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }
`;

/** A page to read the inbox in a browser, newest mail first. It holds no script. */
export function inboxPage(messages: readonly Message[]): string {
  const mails = messages.map(mailArticle).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mail inbox</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Mail inbox</h1>
${mails === '' ? '<p>No mail yet. Whatever Tollgate sends arrives here; reload to see it.</p>' : mails}
</body>
</html>
`;
}

function mailArticle({ id, from, to, subject, receivedAt, text, html, links }: Message): string {
  const addresses = links.map((url) => `<li><a href="${escape(url)}">${escape(url)}</a></li>`).join('');
  const asSent = html === null ? '' : ` · <a href="/messages/${id}/html">as sent</a>`;
  return `<article>
<h2>${escape(subject === '' ? '(no subject)' : subject)}</h2>
<p><small>${escape(from)} → ${escape(to.join(', '))} · <time datetime="${receivedAt}">${receivedAt}</time>${asSent}</small></p>
<ul>${addresses}</ul>
<details><summary>Text</summary><pre>${escape(text)}</pre></details>
</article>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
