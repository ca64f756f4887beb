import { MailError } from '../mail-error.js';
import type { Mail } from '../mail.js';
import { escapeHtml } from './escape-html.js';

/** What a mail says; all of it plain text. */
export interface MailContent {
  readonly subject: string;
  /** Shown at the top, and as the sender of the footer. */
  readonly brand: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  /** Pairs of label and value, as a small table. */
  readonly facts?: readonly (readonly [label: string, value: string])[];
  readonly action: { readonly label: string; readonly url: string };
  /** Why the reader got this mail and what to do if it was a mistake. */
  readonly footer: string;
}

const FONT = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
/** Long names without a space must not make a phone scroll sideways. */
const WRAP = 'overflow-wrap:anywhere;word-break:break-word';

/**
 * For programs that know it: the dark, and phones. All others take the styles that stand in the tags. The tones are
 * neutral, so that a mail fits whatever the portal looks like.
 */
const STYLE = `:root{color-scheme:light dark}
@media (max-width:480px){.card{padding:24px 20px!important}.button{display:block!important;text-align:center!important}}
@media (prefers-color-scheme:dark){
body,.page{background:#0e1315!important}
.card{background:#1a2225!important;border-color:#38444a!important}
.text,.value,h1{color:#e6ecee!important}
.muted,.label{color:#9dabb0!important}
.row{border-color:#38444a!important}
.link{color:#c9d2d5!important}
.button{background:#c9d2d5!important;color:#06090a!important}
}`;

/**
 * The mail in both forms, without its recipient. Everything in `content` is escaped; line breaks and control characters
 * in one-line texts become spaces, so that no text can add a header or a line of its own.
 * @throws MailError `mail_refused` if the address of the action is not an absolute http or https URL.
 */
export function layOutMail(content: MailContent): Omit<Mail, 'to'> {
  const url = webAddress(content.action.url);
  const clean: MailContent = {
    subject: oneLine(content.subject),
    brand: oneLine(content.brand),
    heading: oneLine(content.heading),
    paragraphs: content.paragraphs.map(oneLine),
    facts: (content.facts ?? []).map(([label, value]) => [oneLine(label), oneLine(value)]),
    action: { label: oneLine(content.action.label), url },
    footer: oneLine(content.footer),
  };
  return { subject: clean.subject, text: asText(clean), html: asHtml(clean) };
}

function asText(content: MailContent): string {
  const facts = (content.facts ?? []).map(([label, value]) => `${label}: ${value}`).join('\n');
  const action = `${content.action.label}:\n${content.action.url}`;
  const blocks = [content.heading, ...content.paragraphs, facts, action, `-- \n${content.footer}`];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function asHtml(content: MailContent): string {
  const url = escapeHtml(content.action.url);
  const paragraphs = content.paragraphs
    .map((text) => `<p class="text" style="margin:0 0 16px;color:#141c1f">${escapeHtml(text)}</p>`)
    .join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(content.subject)}</title>
<style>${STYLE}</style>
</head>
<body style="margin:0;padding:0;background:#f7f9f9">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" class="page" style="background:#f7f9f9">
<tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;${FONT};${WRAP}">
<tr><td class="text" style="padding:0 8px 16px;font-size:15px;font-weight:600;color:#141c1f">${escapeHtml(content.brand)}</td></tr>
<tr><td class="card" style="background:#ffffff;border:1px solid #e4e9ea;border-top:3px solid #2a3438;border-radius:12px;padding:32px;font-size:15px;line-height:1.55">
<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3;font-weight:600;color:#141c1f">${escapeHtml(content.heading)}</h1>
${paragraphs}
${factsTable(content.facts ?? [])}
<p style="margin:24px 0"><a href="${url}" class="button" style="display:inline-block;background:#2a3438;color:#ffffff;text-decoration:none;font-weight:600;padding:12px 22px;border-radius:8px">${escapeHtml(content.action.label)}</a></p>
<p class="muted" style="margin:0;font-size:13px;color:#566469">If the button does not work, open this address:<br><a href="${url}" class="link" style="color:#2a3438;word-break:break-all">${url}</a></p>
</td></tr>
<tr><td class="muted" style="padding:16px 8px 0;font-size:12px;line-height:1.5;color:#566469">${escapeHtml(content.footer)}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
}

/** A value may be in a script that is written from right to left. */
function factsTable(facts: readonly (readonly [string, string])[]): string {
  if (facts.length === 0) return '';
  const cell = 'padding:8px 0;border-top:1px solid #e4e9ea;vertical-align:top';
  const rows = facts.map(
    ([label, value]) =>
      `<tr><td class="label row" style="${cell};padding-right:16px;overflow-wrap:normal;word-break:normal;color:#566469">${escapeHtml(label)}</td>` +
      `<td class="value row" align="right" dir="auto" style="${cell};font-weight:600;text-align:right;color:#141c1f">${escapeHtml(value)}</td></tr>`,
  );
  return `<table width="100%" cellpadding="0" cellspacing="0" class="row" style="font-size:15px;border-bottom:1px solid #e4e9ea">\n${rows.join('\n')}\n</table>`;
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

function webAddress(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed?.protocol !== 'https:' && parsed?.protocol !== 'http:') {
    throw new MailError('mail_refused', 'A mail can only link to an absolute http or https address. Check PORTAL_URL.');
  }
  return parsed.href;
}
