// People who sign in at a control plane without mail: they sign up, and what the link in the mail does is done in the database.
import { withClient } from '../../scripts/launcher/database.mjs';

const password = 'bench-control-plane';

/** Signs somebody up and in, with these rights (SQL that knows the user as `$1`), and returns the cookie. */
export async function signIn({ name, url, superuserUrl, rights }) {
  const email = `${name}@bench.example`;
  await post(`${url}/api/v1/sign-up`, { name, email, password, organizationName: name });
  await withClient(superuserUrl, async (client) => {
    const { rows } = await client.query(
      `UPDATE auth."user" SET "emailVerified" = true WHERE email = $1 RETURNING id::text AS id`,
      [email],
    );
    for (const sql of rights) await client.query(sql, [rows[0].id]);
  });
  const answer = await post(`${url}/api/auth/sign-in/email`, { email, password });
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(';', 1)[0])
    .join('; ');
}

async function post(url, body) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: new URL(url).origin },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}
