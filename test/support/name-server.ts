import dgram from 'node:dgram';
import { once } from 'node:events';

/** A record as the name server has it; `ttl` in seconds. */
export type NameRecord =
  | { readonly type: 'A' | 'AAAA'; readonly address: Buffer; readonly ttl?: number }
  | {
      readonly type: 'SRV';
      readonly priority: number;
      readonly weight: number;
      readonly port: number;
      readonly target: string;
      readonly ttl?: number;
    };

export interface TestNameServer {
  /** `address:port`. */
  readonly address: string;
  /** By name; a name that is not there has no records. */
  readonly records: Map<string, readonly NameRecord[]>;
  /** With this code (RFC 1035: 2 is SERVFAIL, 3 NXDOMAIN) it answers everything while it is not 0. */
  fault: number;
  /** Names that were asked for, each with the type. */
  readonly questions: string[];
  close(): void;
}

const TYPES = { 1: 'A', 28: 'AAAA', 33: 'SRV' } as const;
const CODES = { A: 1, AAAA: 28, SRV: 33 } as const;

/** A real name server on this machine. */
export async function startNameServer(): Promise<TestNameServer> {
  const socket = dgram.createSocket('udp4');
  const server: Omit<TestNameServer, 'address'> & { address: string } = {
    address: '',
    records: new Map(),
    fault: 0,
    questions: [],
    close: () => socket.close(),
  };
  socket.on('message', (query, { port, address }) => {
    const end = query.indexOf(0, 12) + 5;
    const name = readName(query);
    const type = TYPES[query.readUInt16BE(end - 4) as keyof typeof TYPES];
    server.questions.push(`${type} ${name}`);
    const records = server.fault === 0 ? (server.records.get(name) ?? []).filter((one) => one.type === type) : [];
    const head = Buffer.from(query.subarray(0, 12));
    head.writeUInt16BE(0x8180 | server.fault, 2);
    head.writeUInt16BE(records.length, 6);
    head.writeUInt32BE(0, 8);
    socket.send(Buffer.concat([head, query.subarray(12, end), ...records.map(encode)]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  server.address = `127.0.0.1:${socket.address().port}`;
  return server;
}

/** Records of type A for addresses of IPv4. */
export const addressRecords = (...addresses: readonly string[]): NameRecord[] =>
  addresses.map((address) => ({ type: 'A', address: Buffer.from(address.split('.').map(Number)) }));

function readName(query: Buffer): string {
  const labels: string[] = [];
  for (let at = 12; query[at] !== 0; at += query[at]! + 1)
    labels.push(query.subarray(at + 1, at + 1 + query[at]!).toString('latin1'));
  return labels.join('.');
}

function encode(record: NameRecord): Buffer {
  const data = record.type === 'SRV' ? encodeService(record) : record.address;
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(CODES[record.type], 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(record.ttl ?? 0, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function encodeService({ priority, weight, port, target }: Extract<NameRecord, { type: 'SRV' }>): Buffer {
  const numbers = Buffer.alloc(6);
  for (const [index, value] of [priority, weight, port].entries()) numbers.writeUInt16BE(value, index * 2);
  const labels = target.split('.').filter((label) => label !== '');
  return Buffer.concat([
    numbers,
    ...labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')])),
    Buffer.from([0]),
  ]);
}
