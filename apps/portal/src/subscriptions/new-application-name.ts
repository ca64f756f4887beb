const storageKey = 'tollgate.new-application';

/** Kept in this tab while someone is on the hosted card page: the application is made when they come back with a card, not before. */
export function rememberNewApplication(name: string): void {
  try {
    sessionStorage.setItem(storageKey, name);
  } catch {
    // Storage can be switched off. The name is then typed again.
  }
}

/** The name that was kept; empty for none. */
export function newApplicationName(): string {
  try {
    return sessionStorage.getItem(storageKey) ?? '';
  } catch {
    return '';
  }
}

export function forgetNewApplication(): void {
  try {
    sessionStorage.removeItem(storageKey);
  } catch {
    // As above.
  }
}
