/** The command line of `npm start`. */
import { describe, expect, test } from 'vitest';
import { parseArguments } from '../../../src/relay/arguments.ts';

const plain = { host: '127.0.0.1', port: 4173, dir: 'build', isProxied: false, isHelp: false };
const tls = { certPath: 'c.pem', keyPath: 'k.pem' };
const withTls = ['--cert', 'c.pem', '--key', 'k.pem'];

test.each<[string[], object]>([
  [[], plain],
  [['--port', '0'], { ...plain, port: 0 }],
  [['--dir', 'elsewhere', '--proxied'], { ...plain, dir: 'elsewhere', isProxied: true }],
  [['--host', '::1'], { ...plain, host: '::1' }],
  [['--host', ...withTls], { ...plain, host: '::', tls }],
  [['--host', '192.168.1.20', ...withTls], { ...plain, host: '192.168.1.20', tls }],
  [[...withTls, '--host'], { ...plain, host: '::', tls }],
  [withTls, { ...plain, tls }],
  [['--help'], { ...plain, isHelp: true }]
])('understands %j', (words, expected) => {
  expect(parseArguments(words)).toEqual({ ok: true, value: expected });
});

describe('says in one sentence what is wrong with', () => {
  test.each<[string[], RegExp]>([
    [['--host'], /needs https/],
    [['--host', '0.0.0.0'], /needs https/],
    [['--host', '192.168.1.20', '--proxied'], /needs https/],
    [['--cert', 'c.pem'], /belong together/],
    [['--key', 'k.pem'], /belong together/],
    [['--cert', '--key', 'k.pem'], /--cert needs a file/],
    [['--dir'], /--dir needs a folder/],
    [['--port'], /--port needs a number/],
    [['--port', '65536'], /--port needs a number/],
    [['--port', 'http'], /--port needs a number/],
    [['--prot', '80'], /"--prot" is not something/],
    [['build'], /"build" is not something/]
  ])('%j', (words, sentence) => {
    const parsed = parseArguments(words);
    expect(parsed).toEqual({ ok: false, error: expect.stringMatching(sentence) as string });
    expect(!parsed.ok && parsed.error).toMatch(/^[^\n]+[.]$/);
  });
});
