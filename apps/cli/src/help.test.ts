import { describe, expect, it } from 'vitest';
import { commands } from './commands.js';
import { helpFor } from './help.js';

const help = (line: string) => helpFor(commands, line === '' ? [] : line.split(' '));
/** The first word of each command that a text lists. */
const listed = (text: string) =>
  new Set(text.split('\n').flatMap((line) => /^ {2}([a-z-]+)/.exec(line)?.slice(1) ?? []));

describe('help', () => {
  it.each(['', 'help', '--help', '-h'])('has every command, for "%s"', (line) => {
    const { text, exitCode } = help(line);
    expect(exitCode).toBe(0);
    expect(listed(text)).toEqual(new Set(commands.map(({ words }) => words[0])));
  });

  it.each(['keys --help', 'help keys', 'keys -h', '--help keys'])('has those of a group, for "%s"', (line) => {
    const { text, exitCode } = help(line);
    expect(exitCode).toBe(0);
    expect(listed(text)).toEqual(new Set(['keys']));
    expect(text).toContain('keys rotate --key');
  });

  it.each([
    ['keys', 'There is no command "keys". There are:'],
    ['keys invent --name A', 'There is no command "keys invent". There are:'],
  ])('names what there is besides, for "%s"', (line, sentence) => {
    const { text, exitCode } = help(line);
    expect(exitCode).toBe(2);
    expect(text.startsWith(sentence)).toBe(true);
    expect(listed(text)).toEqual(new Set(['keys']));
  });

  it('goes by as many words as are known', () => {
    expect(help('tax rates invent').text.match(/^ {2}tax rates /gm)).toHaveLength(3);
    expect(help('tax rates invent').text).not.toContain('tax exempt');
  });

  it('leads to the list of all for a word that begins no command', () => {
    expect(help('kyes list')).toEqual({
      text: 'There is no command "kyes list". `tollgate help` lists all there are.\n',
      exitCode: 2,
    });
  });
});

describe('the commands', () => {
  it('are each found by their own words, and not hidden by a shorter one before', () => {
    const found = commands.filter(
      (command) => commands.find(({ words }) => words.every((word, at) => command.words[at] === word)) === command,
    );
    expect(found).toHaveLength(commands.length);
  });
});
