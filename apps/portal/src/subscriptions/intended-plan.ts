const storageKey = 'tollgate.intended-plan';

/** The plan version that an address of the subscription page asks for; null for any other address. */
export function planInPath(path: string | undefined): string | null {
  if (!path?.startsWith('/dashboard/subscribe?')) return null;
  return new URLSearchParams(path.slice(path.indexOf('?'))).get('plan');
}

/** Kept while someone signs up: the link of the verification mail leads to the dashboard, maybe in another tab. */
export function rememberIntendedPlan(planVersionId: string): void {
  try {
    localStorage.setItem(storageKey, planVersionId);
  } catch {
    // Storage can be switched off. The plan is then chosen again.
  }
}

export function intendedPlan(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

export function forgetIntendedPlan(): void {
  try {
    localStorage.removeItem(storageKey);
  } catch {
    // As above.
  }
}
