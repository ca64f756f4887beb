import { expect, it } from 'vitest';
import { settingsFor } from './plan.mjs';

const made = (environment) =>
  settingsFor({
    environment,
    ports: { MAIL_SMTP_PORT: 1, MAIL_HTTP_PORT: 2, SANDBOX_PORT: 3, API_PORT: 4, GATEWAY_PORT: 5 },
    secrets: { stripeSecretKey: 'sk_test_made' },
    home: '/home/tollgate',
    database: { appUrl: 'postgres://app', ownerUrl: 'postgres://owner' },
  });

it('passes on every documented setting that the environment has, before what is embedded, and nothing else', () => {
  const given = { OIDC_ISSUER: 'https://login.example', SIGN_UPS_PER_DAY: '3', DATABASE_URL: 'postgres://mine' };
  const settings = made({ ...given, TOLLGATE_TOKEN: 'tgp_1', PATH: '/bin', NODE_OPTIONS: '--inspect' });
  expect(settings).toMatchObject({
    ...given,
    STRIPE_SECRET_KEY: 'sk_test_made',
    STRIPE_API_BASE: 'http://127.0.0.1:3',
  });
  for (const name of ['TOLLGATE_TOKEN', 'PATH', 'NODE_OPTIONS']) expect(settings).not.toHaveProperty(name);
});

it('has no sandbox and no time machine with a key of Stripe', () => {
  const settings = made({ STRIPE_SECRET_KEY: 'sk_test_real' });
  expect(settings).toMatchObject({ STRIPE_SECRET_KEY: 'sk_test_real', TIME_MACHINE: 'false' });
  expect(settings).not.toHaveProperty('STRIPE_API_BASE');
});
