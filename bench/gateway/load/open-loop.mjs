// Sends requests at a fixed rate whatever the answers take, over connections that are kept, and prints the median and
// the 99th percentile of the time from the instant at which a request was due to its complete answer, in microseconds.
// Those of the first seconds do not count: what callers of such a rate have at hand is not there yet.
// Arguments: port, path, file of keys, requests per second, seconds that do not count, seconds that do.
import fs from 'node:fs';
import net from 'node:net';

const [port, target, keysFile, rate, warmUpSeconds, seconds] = process.argv.slice(2);
const intervalMs = 1_000 / Number(rate);
const requests = fs
  .readFileSync(keysFile, 'utf8')
  .trim()
  .split('\n')
  .map((line) => `GET ${target} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-api-key: ${line.split(' ')[0]}\r\n\r\n`);
const idle = [];
const times = [];
let failures = 0;
let countFrom = Infinity;

function connect() {
  return new Promise((resolve, reject) => {
    const connection = { socket: net.connect(Number(port), '127.0.0.1'), received: '', dueAt: 0 };
    connection.socket.setNoDelay(true);
    connection.socket.once('connect', () => resolve(connection));
    connection.socket.once('error', reject);
    connection.socket.on('data', (chunk) => take(connection, chunk.toString('latin1')));
  });
}

function take(connection, text) {
  connection.received += text;
  const headEnd = connection.received.indexOf('\r\n\r\n');
  if (headEnd === -1) return;
  const length = /content-length: (\d+)/i.exec(connection.received)?.[1];
  const isComplete =
    length === undefined
      ? connection.received.endsWith('0\r\n\r\n')
      : connection.received.length >= headEnd + 4 + Number(length);
  if (!isComplete) return;
  if (!connection.received.startsWith('HTTP/1.1 200')) failures++;
  if (connection.dueAt >= countFrom) times.push((performance.now() - connection.dueAt) * 1_000);
  connection.received = '';
  idle.push(connection);
}

for (let count = 0; count < 64; count++) idle.push(await connect());
const startedAt = performance.now();
countFrom = startedAt + Number(warmUpSeconds) * 1_000;
let sent = 0;
const isOver = () => performance.now() - countFrom > Number(seconds) * 1_000;
// A timer's resolution of a millisecond is too coarse: the loop spins.
while (!isOver()) {
  while (startedAt + sent * intervalMs <= performance.now()) {
    const connection = idle.shift() ?? (await connect());
    connection.dueAt = performance.now();
    connection.socket.write(requests[sent++ % requests.length]);
  }
  await new Promise(setImmediate);
}
times.sort((left, right) => left - right);
const at = (share) => Math.round(times[Math.floor(times.length * share)] ?? NaN);
process.stdout.write(`${JSON.stringify({ count: times.length, failures, p50Us: at(0.5), p99Us: at(0.99) })}\n`);
process.exit(0);
