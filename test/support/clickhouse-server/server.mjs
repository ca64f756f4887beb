// The engine of ClickHouse (chDB) behind as much of its HTTP interface as its client uses. Takes the folder of its data, a
// new one or one that it made; says on its first line of output at which port of the loopback address it listens.
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { Session } from 'chdb';

const folder = process.argv[2];
const session = new Session(path.join(folder, 'data'));
const incoming = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-clickhouse-'));
session.query('CREATE DATABASE IF NOT EXISTS tollgate');

/** One statement at a time: a session is one connection. */
let turn = Promise.resolve();
let bodies = 0;

/** What the server does with `param_NAME` of a query: {NAME: Type} stands for the value, read as that type. */
function bind(query, parameters) {
  return query.replace(/\{(\w+): ?([\w()]+)\}/g, (_, name, type) => {
    const text = parameters.get(`param_${name}`);
    const literal = type.startsWith('Array') ? text : `'${text}'`;
    return `CAST(${literal}, '${type}')`;
  });
}

async function answer(request, response) {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname === '/ping') return response.end('Ok.\n');
  const inUrl = url.searchParams.get('query');
  session.query(`USE ${url.searchParams.get('database') ?? 'default'}`);
  if (inUrl === null) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const query = bind(Buffer.concat(chunks).toString('utf8'), url.searchParams);
    const format = /FORMAT (\w+)\s*$/.exec(query)?.[1] ?? 'TabSeparated';
    if (!query.trim().startsWith('SELECT')) {
      await session.queryAsync(query);
      return response.end();
    }
    const stream = session.queryStream(query.replace(/FORMAT \w+\s*$/, ''), { format });
    for await (const chunk of stream) {
      if (!response.write(chunk.raw())) await once(response, 'drain');
    }
    return response.end();
  }
  // An insert: the query is in the URL, and the rows are the body. A body that breaks off is inserted as far as it came, as a
  // server does that has read whole blocks of it.
  const file = path.join(incoming, `${++bodies}`);
  const isWhole = await pipeline(request, fs.createWriteStream(file)).then(
    () => true,
    () => false,
  );
  const [, insert, format] = /^(INSERT INTO .*) FORMAT (\w+)\s*$/s.exec(inUrl);
  if (!isWhole) fs.truncateSync(file, fs.readFileSync(file).lastIndexOf('\n') + 1);
  if (fs.statSync(file).size > 0) await session.queryAsync(`${insert} FROM INFILE '${file}' FORMAT ${format}`);
  fs.rmSync(file);
  response.end();
}

const server = http.createServer({ maxHeaderSize: 1 << 20 }, (request, response) => {
  turn = turn
    .then(() => answer(request, response))
    .catch((error) => {
      if (!response.headersSent) response.writeHead(500, { 'x-clickhouse-exception-code': '1' });
      response.end(`Code: 1. DB::Exception: ${error.message} (ENGINE)`);
    });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
// It goes when whoever started it is gone, however that went.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
process.once('SIGTERM', () => {
  fs.rmSync(incoming, { recursive: true, force: true });
  process.exit(0);
});
