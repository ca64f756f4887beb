import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommandLine } from '../../support/command-line.js';
import { type TestDatabase, createTestDatabase } from '../../support/database.js';

const good = { id: 'a', model: 'unit', currency: 'USD', params: { unit_amount: '0.001' }, quantity: '333' };

describe('tollgate rate', () => {
  let database: TestDatabase;
  let commandLine: CommandLine;
  beforeAll(async () => {
    database = await createTestDatabase();
    commandLine = new CommandLine(database);
  });
  afterAll(async () => {
    commandLine.dispose();
    await database.dispose();
  });

  function rate(text: string) {
    const file = path.join(commandLine.folder, 'cases.json');
    fs.writeFileSync(file, text);
    return commandLine.run('rate', '--cases', file);
  }

  it('prints one line for each case, in their order', async () => {
    const { code, output } = await rate(JSON.stringify({ cases: [good, { ...good, id: 'b', quantity: '1' }] }));
    expect({ code, output }).toEqual({ code: 0, output: '{"id":"a","amount":"0.333"}\n{"id":"b","amount":"0.001"}\n' });
  });

  it('answers the cases that it can, names what is wrong with the others, and ends with 1', async () => {
    const { code, output } = await rate(JSON.stringify([{ ...good, id: 'bad', model: 'stairs' }, good]));
    const [first, second] = output.trim().split('\n');
    expect(code).toBe(1);
    expect(JSON.parse(first!)).toEqual({ id: 'bad', error: expect.stringContaining('model') });
    expect(second).toBe('{"id":"a","amount":"0.333"}');
  });

  it.each(['no JSON', '{"case": []}'])('says what it expects in the place of %s', async (text) => {
    await expect(rate(text)).rejects.toThrow('expected JSON with a list of cases');
  });
});
