/** What a person sees when everything runs; with `json`, one line for a program. */
export function panel({ settings, demo, json, seconds, logFolder }) {
  const call = `curl -H 'x-api-key: ${demo.key}' ${settings.GATEWAY_URL}/atlas/v1/countries/NZ`;
  if (json) {
    return `${JSON.stringify({
      ready: true,
      seconds: Number(seconds.toFixed(1)),
      portalUrl: settings.PORTAL_URL,
      gatewayUrl: settings.GATEWAY_URL,
      apiUrl: `${settings.PORTAL_URL}/api/v1`,
      inboxUrl: settings.MAIL_INBOX_URL ? `${settings.PORTAL_URL}/inbox` : null,
      signIns: demo.signIns,
      key: demo.key,
      curl: call,
    })}\n`;
  }
  const rows = [
    ['Portal', settings.PORTAL_URL],
    ['Gateway', settings.GATEWAY_URL],
    ...(settings.MAIL_INBOX_URL ? [['Mail inbox', `${settings.PORTAL_URL}/inbox`]] : []),
    ['Payments', settings.STRIPE_API_BASE ? 'simulated (no Stripe account needed)' : 'Stripe'],
    ['Logs', logFolder],
  ];
  const people = demo.signIns.map(
    ({ role, email, password }) => `    ${role.padEnd(10)} ${email.padEnd(24)} ${password}`,
  );
  return [
    '',
    `  Tollgate is ready (${seconds.toFixed(1)} s). Ctrl-C stops everything.`,
    '',
    ...rows.map(([name, value]) => `  ${name.padEnd(11)} ${value}`),
    '',
    ...(people.length > 0 ? ['  Sign in as', ...people, ''] : []),
    '  Make a call:',
    `    ${call}`,
    '',
    '',
  ].join('\n');
}
