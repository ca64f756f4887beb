import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DecisionLog, readLeftDecisions } from './decision-log.js';

let folder: string;
let errors: Error[];
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-decisions-'));
  errors = [];
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const open = (epoch = 1, maxBytes?: number) => new DecisionLog(folder, epoch, (error) => errors.push(error), maxBytes);
const left = () => Object.fromEntries(readLeftDecisions(folder).records);

describe('the record of admitted calls on disk', () => {
  it('has what was begun and not ended', () => {
    const log = open();
    log.begin('a', '{"of": "a"}');
    log.begin('b', '{"of": "b"}');
    log.end('a');
    expect(left()).toEqual({ b: '{"of": "b"}' });
  });

  it('leaves no file where nothing is open, and writes none before there is something', () => {
    const log = open();
    expect(fs.readdirSync(folder)).toEqual([]);
    log.begin('a', '{}');
    log.end('a');
    log.close();
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('keeps what is open across a clean end', () => {
    const log = open();
    log.begin('a', '{}');
    log.close();
    expect(left()).toEqual({ a: '{}' });
  });

  it('stays small, whatever passes through it', () => {
    const log = open(1, 2_000);
    log.begin('first', '{"stays":true}');
    for (let index = 0; index < 1_000; index++) {
      log.begin(`call-${index}`, '{"of":"a call"}');
      log.end(`call-${index}`);
    }
    const names = fs.readdirSync(folder);
    expect(names).toHaveLength(1);
    expect(fs.statSync(path.join(folder, names[0]!)).size).toBeLessThan(2_100);
    expect(left()).toEqual({ first: '{"stays":true}' });
  });

  it('forgets a line that a crash has torn', () => {
    const log = open();
    log.begin('a', '{}');
    log.begin('b', '{"long":"record"}');
    const [name] = fs.readdirSync(folder);
    const file = path.join(folder, name!);
    fs.truncateSync(file, fs.statSync(file).size - 5);
    expect(left()).toEqual({ a: '{}' });
  });

  it('counts an end wherever it is written, as a start may end between two files', () => {
    const before = open(1);
    before.begin('a', '{}');
    before.begin('b', '{}');
    const after = open(2);
    after.begin('a', '{}');
    after.begin('b', '{}');
    after.end('a');
    expect(left()).toEqual({ b: '{}' });
    expect(readLeftDecisions(folder).files).toHaveLength(2);
  });

  it('refuses what the disk does not take, and tells of an end that it could not note', () => {
    const log = open();
    log.begin('a', '{}');
    log.close();
    fs.rmSync(folder, { recursive: true });
    expect(() => log.begin('b', '{}')).toThrow('ENOENT');
    expect(errors).toEqual([]);
  });
});
