import { Button, Divider } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { settingsQuery } from '../../api/settings.js';
import { wayBackTo } from '../../router/safe-path.js';

/** The way to the identity provider; nothing where none is set up. It leads back to `target`. */
export function IdentityProviderButton({ target }: { readonly target: string | undefined }) {
  const { data: settings } = useQuery(settingsQuery);
  if (!settings?.identityProvider) return null;
  const query = new URLSearchParams({ callbackURL: wayBackTo(target) });
  return (
    <>
      <Divider label="or" />
      <Button component="a" href={`/api/auth/oidc/sign-in?${query.toString()}`} variant="default" size="md" fullWidth>
        Continue with {settings.identityProvider}
      </Button>
    </>
  );
}
