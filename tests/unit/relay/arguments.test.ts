/** The command line of `npm start`. */
import { describe, expect, test } from 'vitest';
import { parseArguments } from '../../../src/relay/arguments.ts';

const plain = {
  ...{ host: '127.0.0.1', port: 4173, dir: 'build', mail: 'default', limits: {} },
  ...{ isProxied: false, isVerbose: false, isHelp: false }
};
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
  [['--help'], { ...plain, isHelp: true }],
  [['--verbose'], { ...plain, isVerbose: true }],
  [['--data', 'mail'], { ...plain, mail: { folder: 'mail' } }],
  [['--memory'], { ...plain, mail: 'memory' }],
  [['--no-mail'], { ...plain, mail: 'nowhere' }],
  [['--relay-url', 'wss://relay.example/relay'], { ...plain, relayHost: 'relay.example' }],
  [
    ['--stun-url', 'stun:a.example:3478', '--stun-url', 'stuns:b.example'],
    {
      ...plain,
      ice: { stunUrls: ['stun:a.example:3478', 'stuns:b.example'], turnUrls: [], isRelayedOnly: false }
    }
  ],
  [
    ['--turn-url', 'turn:a.example:3478?transport=tcp', '--turn-secret-file', 'secret', '--relayed-only'],
    {
      ...plain,
      ice: {
        stunUrls: [],
        turnUrls: ['turn:a.example:3478?transport=tcp'],
        turnSecretPath: 'secret',
        isRelayedOnly: true
      }
    }
  ],
  [['--mail-mb', '2', '--mailbox-mb', '1'], { ...plain, limits: { mailBytesMax: 2 ** 21, mailboxBytesMax: 2 ** 20 } }],
  [['--mailbox-events', '10'], { ...plain, limits: { mailboxEventsMax: 10 } }],
  [['--mail-days', '30'], { ...plain, limits: { mailLifetimeMaxMs: 30 * 86_400_000 } }],
  [
    ['--address-mb', '3', '--messages', '5'],
    { ...plain, limits: { addressBytesPerDay: 3 * 2 ** 20, messagesPerSecond: 5 } }
  ],
  [
    ['--address-connections', '4', '--connections', '9'],
    { ...plain, limits: { connectionsPerAddressMax: 4, connectionsMax: 9 } }
  ]
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
    [['--data'], /--data needs a folder/],
    [['--relay-url', 'https://relay.example'], /--relay-url is an address that starts with wss:/],
    [['--stun-url', 'turn:a.example'], /--stun-url needs an address after it, such as stun:/],
    [['--turn-url', 'https://a.example'], /--turn-url needs an address after it, such as turn:/],
    [['--turn-url', 'turn:a.example'], /--turn-url and --turn-secret-file belong together/],
    [['--turn-secret-file', 'secret'], /--turn-url and --turn-secret-file belong together/],
    [['--mail-days', '0'], /--mail-days needs a whole number/],
    [['--mail-mb', 'lots'], /--mail-mb needs a whole number/],
    [['--data', 'x', '--memory'], /rule each other out/],
    [['--no-mail', '--memory'], /rule each other out/],
    [['build'], /"build" is not something/]
  ])('%j', (words, sentence) => {
    const parsed = parseArguments(words);
    expect(parsed).toEqual({ ok: false, error: expect.stringMatching(sentence) as string });
    expect(!parsed.ok && parsed.error).toMatch(/^[^\n]+[.]$/);
  });
});
