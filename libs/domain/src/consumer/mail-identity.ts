/** Providers that deliver `name+anything` to `name`. */
const PLUS_TAGS = new Set([
  'gmail.com',
  'outlook.com',
  'hotmail.com',
  'live.com',
  'msn.com',
  'icloud.com',
  'me.com',
  'mac.com',
  'fastmail.com',
  'proton.me',
  'protonmail.com',
  'pm.me',
]);
/** Providers that deliver `n.ame` to `name`. */
const DOTS = new Set(['gmail.com']);
const ALIASES: Readonly<Record<string, string>> = {
  'googlemail.com': 'gmail.com',
  'protonmail.com': 'proton.me',
  'pm.me': 'proton.me',
};

/**
 * One spelling for all the addresses that surely lead to one mailbox: lower case, and without tags and dots where the provider is
 * known to ignore them. Other addresses are only put into lower case: two people may differ by a dot there.
 */
export function mailIdentity(email: string): string {
  const address = email.trim().toLowerCase();
  const at = address.lastIndexOf('@');
  if (at < 1) return address;
  const [given, host] = [address.slice(0, at), address.slice(at + 1)];
  const domain = ALIASES[host] ?? host;
  const untagged = PLUS_TAGS.has(domain) ? given.replace(/\+.*$/, '') : given;
  const name = DOTS.has(domain) ? untagged.replaceAll('.', '') : untagged;
  // A local part of nothing but a tag is one of its own.
  return `${name === '' ? given : name}@${domain}`;
}
