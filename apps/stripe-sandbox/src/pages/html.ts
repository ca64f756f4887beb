import { createHash } from 'node:crypto';
import { style } from './style.js';

/** What a page answers with. */
export interface PageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** What a person does on a page comes from no request of the API. */
export const byHand = { id: null, idempotencyKey: null };

const styleHash = createHash('sha256').update(style).digest('base64');

export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character]!);
}

/**
 * A page without scripts. `formTargets` are the origins that a form may end at: browsers check them along the redirect
 * that follows the form, too.
 */
export function page(status: number, title: string, main: string, formTargets: readonly string[] = []): PageAnswer {
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    `form-action ${["'self'", ...formTargets].join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
  const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<p class="banner"><strong>Simulated payments</strong> – test cards only, no money moves</p>
${main}
</body>
</html>
`;
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
    body,
  };
}

/** A page that says one thing. */
export function notice(
  status: number,
  title: string,
  text: string,
  link?: { href: string; label: string },
): PageAnswer {
  const anchor = link ? `<p><a class="button" href="${escapeHtml(link.href)}">${escapeHtml(link.label)}</a></p>` : '';
  const main = `<main class="notice"><h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p>${anchor}</main>`;
  return page(status, title, main);
}

/** Sends the browser on, with GET. */
export function redirect(location: string): PageAnswer {
  return { status: 303, headers: { location, 'cache-control': 'no-store' }, body: '' };
}
