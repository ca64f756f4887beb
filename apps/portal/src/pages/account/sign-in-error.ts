interface ErrorWords {
  readonly title: string;
  readonly words: string;
}

const expiredLink: ErrorWords = {
  title: 'That link does not work any more',
  words: 'It has expired or was used already. Sign in; if the address is not confirmed yet, we send a new link.',
};

const providerErrors: Readonly<Record<string, ErrorWords>> = {
  oidc_unavailable: {
    title: 'The identity provider does not answer',
    words: 'Try again in a moment, or sign in with your password.',
  },
  oidc_lapsed: {
    title: 'That took too long',
    words: 'Begin again: a sign-in with the identity provider lasts ten minutes.',
  },
  oidc_refused: { title: 'The identity provider did not sign you in', words: 'Try again.' },
  oidc_email_unverified: {
    title: 'Your address is not verified there',
    words: 'Verify your e-mail address at the identity provider, then try again.',
  },
  oidc_account_not_linked: {
    title: 'Confirm your e-mail address first',
    words:
      'There is an account with it that was never confirmed. Ask for a new password, sign in with it, and open the link that we send.',
  },
};

/** Why somebody was sent to the sign-in page, from the code in its address. */
export function signInErrorWords(code: string): ErrorWords {
  return providerErrors[code] ?? expiredLink;
}
