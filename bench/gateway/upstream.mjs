import fs from 'node:fs';
import path from 'node:path';
import { freePort } from '../../scripts/launcher/ports.mjs';
import { requests } from './plan.mjs';
import { nginxArguments, writeConfiguration } from './processes.mjs';

/** Starts nginx that answers with a constant, on these cores; resolves to its port. */
export async function startUpstream({ folder, processes }, cpu) {
  const port = await freePort();
  const home = path.join(folder, 'upstream');
  fs.mkdirSync(home);
  fs.writeFileSync(path.join(home, 'large.json'), jsonOf(requests.large.answerBytes));
  const values = { folder: home, port, small: jsonOf(requests.small.answerBytes) };
  const template = path.join(import.meta.dirname, 'upstream.conf');
  const file = writeConfiguration(template, path.join(home, 'nginx.conf'), values);
  const child = processes.start('upstream', 'nginx', nginxArguments(home, file), { cpu });
  await processes.ready('upstream', child, `http://127.0.0.1:${port}/`);
  return port;
}

function jsonOf(bytes) {
  return `{"text":"${'x'.repeat(bytes - 11)}"}`;
}
