import Bowser from 'bowser';

/** What a session runs on, for people: "Firefox on Linux"; what cannot be told is left out. */
export function deviceWords(userAgent: string | null): string {
  if (!userAgent) return 'Unknown device';
  const { browser, os } = Bowser.parse(userAgent);
  if (!browser.name) return os.name ?? 'Unknown device';
  return os.name ? `${browser.name} on ${os.name}` : browser.name;
}
