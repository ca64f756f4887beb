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
  const paragraphs = content.paragraphs.map((text) => `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${escapeHtml(content.subject)}</title>
</head>
<body style="margin:0;padding:0;background:#f4f5f7">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f5f7">
<tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;${FONT};color:#1a1f2b">
<tr><td style="padding:0 8px 16px;font-size:15px;font-weight:600">${escapeHtml(content.brand)}</td></tr>
<tr><td style="background:#ffffff;border:1px solid #e3e6eb;border-radius:12px;padding:32px;font-size:15px;line-height:1.55">
<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3;font-weight:650">${escapeHtml(content.heading)}</h1>
${paragraphs}
${factsTable(content.facts ?? [])}
<p style="margin:24px 0"><a href="${url}" style="display:inline-block;background:#2f54eb;color:#ffffff;text-decoration:none;font-weight:600;padding:12px 22px;border-radius:8px">${escapeHtml(content.action.label)}</a></p>
<p style="margin:0;font-size:13px;color:#5b6475">If the button does not work, open this address:<br><a href="${url}" style="color:#2f54eb;word-break:break-all">${url}</a></p>
</td></tr>
<tr><td style="padding:16px 8px 0;font-size:12px;line-height:1.5;color:#5b6475">${escapeHtml(content.footer)}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
}

function factsTable(facts: readonly (readonly [string, string])[]): string {
  if (facts.length === 0) return '';
  const rows = facts.map(
    ([label, value]) =>
      `<tr><td style="padding:8px 0;border-top:1px solid #e3e6eb;color:#5b6475">${escapeHtml(label)}</td>` +
      `<td align="right" style="padding:8px 0;border-top:1px solid #e3e6eb;font-weight:600">${escapeHtml(value)}</td></tr>`,
  );
  return `<table width="100%" cellpadding="0" cellspacing="0" style="font-size:15px;border-bottom:1px solid #e3e6eb">\n${rows.join('\n')}\n</table>`;
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
