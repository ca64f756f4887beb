/** A request id out of what was typed or pasted, maybe with its header's name; null when there is none in it. */
export function requestIdIn(text: string): string | null {
  return /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i.exec(text)?.[0].toLowerCase() ?? null;
}
