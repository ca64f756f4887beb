/** The fewest characters a password may have; the API refuses shorter ones too. */
export const minPasswordLength = 10;

export type Faults<Field extends string> = Readonly<Partial<Record<Field, string>>>;

/** What is wrong with an e-mail address before it is sent anywhere; only a mail can prove that it is right. */
export function emailFault(email: string): string | undefined {
  if (email.trim() === '') return 'Enter your e-mail address.';
  return /^[^\s@]+@[^\s@]+$/.test(email.trim()) ? undefined : 'This is not a complete e-mail address.';
}

export function passwordFault(password: string): string | undefined {
  if (password === '') return 'Choose a password.';
  return password.length < minPasswordLength ? `Use at least ${minPasswordLength} characters.` : undefined;
}

export function requiredFault(value: string, message: string): string | undefined {
  return value.trim() === '' ? message : undefined;
}

/** Only the fields that have a fault. */
export function faultsOf<Field extends string>(checks: Record<Field, string | undefined>): Faults<Field> {
  const faults: Partial<Record<Field, string>> = {};
  for (const field of Object.keys(checks) as Field[]) {
    const fault = checks[field];
    if (fault !== undefined) faults[field] = fault;
  }
  return faults;
}

export function hasFaults(faults: Faults<string>): boolean {
  return Object.keys(faults).length > 0;
}
