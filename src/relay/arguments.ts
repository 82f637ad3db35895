/**
 * The command line of `npm start`.
 */
import { dayMs } from '../lib/base/clock.ts';
import { err, ok, type Result } from '../lib/base/result.ts';
import { everyInterface, isLoopback } from './address.ts';
import type { RelayLimits } from './limits.ts';
import { hostOf } from './sign-in.ts';

export interface Arguments {
  readonly host: string;
  readonly port: number;
  readonly dir: string;
  /** Paths of PEM files. */
  readonly tls?: { readonly certPath: string; readonly keyPath: string };
  readonly isProxied: boolean;
  /** `default`: the person's own folder for data, where the port is one that friends find again. */
  readonly mail: 'default' | 'memory' | 'nowhere' | { readonly folder: string };
  /** The host of `--relay-url`. */
  readonly relayHost?: string;
  /** STUN and TURN servers to hand out, where any were named. */
  readonly ice?: {
    readonly stunUrls: readonly string[];
    readonly turnUrls: readonly string[];
    /** Path of the file with the secret that is shared with the TURN server. */
    readonly turnSecretPath?: string;
    readonly isRelayedOnly: boolean;
  };
  /** Those that were named. */
  readonly limits: Partial<RelayLimits>;
  readonly isVerbose: boolean;
  readonly isHelp: boolean;
}

export const usage = `How to start Shoulder:

  npm start                                        for this computer alone
  npm start -- --host --cert FILE --key FILE       for other phones too, over https

  --host [ADDRESS]   listen on the network: on every address, or on this one
  --port NUMBER      another port than 4173; 0 picks a free one
  --cert FILE        a TLS certificate (PEM) that the phones trust
  --key FILE         its key (PEM)
  --proxied          a proxy on this computer stands in front: count connections by the address it names
  --dir FOLDER       the built app, if it is not in ./build

Sealed mail, kept until a friend's phone wakes:

  --data FOLDER      where to keep it, if not in your own data folder (with --port 0: in memory)
  --memory           in memory only: a restart forgets it
  --no-mail          keep none; phones then have to be awake together
  --relay-url URL    the address that phones reach the relay at, such as wss://example.org/relay

How phones reach each other across networks:

  --stun-url URL           a STUN server, such as stun:example.org:3478; may be said more than once
  --turn-url URL           a TURN server, such as turn:example.org:3478; may be said more than once
  --turn-secret-file FILE  holds the secret that is shared with it (coturn: static-auth-secret)
  --relayed-only           friends' phones speak to each other through TURN only

Limits, with what they are otherwise:

  --mail-mb NUMBER              all mail together (1024)
  --mailbox-mb NUMBER           one mailbox (64)
  --mailbox-events NUMBER       pieces of mail in one mailbox (20000)
  --mail-days NUMBER            how long mail may be kept (200)
  --address-mb NUMBER           mail that one address may leave in a day (64)
  --messages NUMBER             messages from one connection in a second (60)
  --address-connections NUMBER  connections from one address (64)
  --connections NUMBER          connections altogether (2000)

  --verbose          also write who was refused or cut off, with their addresses
  --help             this

docs/hosting.md has it step by step.
`;

/** What was asked for, with the defaults filled in. The error is one sentence for the person at the keyboard. */
export const parseArguments = (words: readonly string[]): Result<Arguments, string> => {
  const left = [...words];
  const asked: Asked = { ...nothingAsked, limits: {}, stunUrls: [], turnUrls: [] };
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const read = readFlag(word, asked) ? undefined : readOption(word, left, asked);
    if (read !== undefined) return err(read);
  }
  const { cert, key, data, relayUrl, isMemory, isMailless, stunUrls, turnUrls, turnSecret, isRelayedOnly, ...rest } =
    asked;
  if ((cert === '') !== (key === '')) return err('--cert and --key belong together: a certificate and its key.');
  if (cert === '' && !isLoopback(rest.host) && !rest.isHelp) return err(noCertificate);
  if ([data !== '', isMemory, isMailless].filter(Boolean).length > 1) {
    return err('--data, --memory and --no-mail rule each other out: mail is kept in one place, or in none.');
  }
  const relayHost = relayUrl === '' ? undefined : hostOf(relayUrl);
  if (relayUrl !== '' && relayHost === undefined) return err('--relay-url is an address that starts with wss:// .');
  if (turnUrls.length > 0 !== (turnSecret !== '')) {
    return err('--turn-url and --turn-secret-file belong together: a TURN server and the secret shared with it.');
  }
  const ice = { stunUrls, turnUrls, isRelayedOnly, ...(turnSecret === '' ? {} : { turnSecretPath: turnSecret }) };
  return ok({
    ...rest,
    ...(stunUrls.length + turnUrls.length > 0 || isRelayedOnly ? { ice } : {}),
    mail: data !== '' ? { folder: data } : isMemory ? 'memory' : isMailless ? 'nowhere' : 'default',
    ...(relayHost === undefined ? {} : { relayHost }),
    ...(cert === '' ? {} : { tls: { certPath: cert, keyPath: key } })
  });
};

interface Asked {
  host: string;
  port: number;
  dir: string;
  cert: string;
  key: string;
  data: string;
  relayUrl: string;
  stunUrls: string[];
  turnUrls: string[];
  turnSecret: string;
  isRelayedOnly: boolean;
  isProxied: boolean;
  isMemory: boolean;
  isMailless: boolean;
  isVerbose: boolean;
  isHelp: boolean;
  limits: Partial<Record<keyof RelayLimits, number>>;
}

const nothingAsked: Asked = {
  host: '127.0.0.1',
  port: 4173,
  dir: 'build',
  cert: '',
  key: '',
  data: '',
  relayUrl: '',
  stunUrls: [],
  turnUrls: [],
  turnSecret: '',
  isRelayedOnly: false,
  isProxied: false,
  isMemory: false,
  isMailless: false,
  isVerbose: false,
  isHelp: false,
  limits: {}
};

type Flag = 'isProxied' | 'isRelayedOnly' | 'isMemory' | 'isMailless' | 'isVerbose' | 'isHelp';

const flags: ReadonlyMap<string, Flag> = new Map([
  ['--proxied', 'isProxied'],
  ['--relayed-only', 'isRelayedOnly'],
  ['--memory', 'isMemory'],
  ['--no-mail', 'isMailless'],
  ['--verbose', 'isVerbose'],
  ['--help', 'isHelp'],
  ['-h', 'isHelp']
]);

type Text = 'dir' | 'cert' | 'key' | 'data' | 'relayUrl' | 'turnSecret';

/** Options that take a word, and what that word is called. */
const texts: ReadonlyMap<string, readonly [field: Text, what: string]> = new Map([
  ['--dir', ['dir', 'a folder']],
  ['--cert', ['cert', 'a file']],
  ['--key', ['key', 'a file']],
  ['--data', ['data', 'a folder']],
  ['--relay-url', ['relayUrl', 'an address']],
  ['--turn-secret-file', ['turnSecret', 'a file']]
]);

/** Options that take an address and may be said again, and how such an address begins. RFC 7064, 7065. */
const addresses: ReadonlyMap<string, readonly [field: 'stunUrls' | 'turnUrls', pattern: RegExp, example: string]> =
  new Map([
    ['--stun-url', ['stunUrls', /^stuns?:[^/?@\s]+$/, 'stun:example.org:3478']],
    ['--turn-url', ['turnUrls', /^turns?:[^/?@\s]+(\?transport=(udp|tcp))?$/, 'turn:example.org:3478']]
  ]);

const megabyte = 1024 * 1024;

/** Options that take a number, and how much one of it is. */
const numbers: ReadonlyMap<string, readonly [limit: keyof RelayLimits, unit: number]> = new Map([
  ['--mail-mb', ['mailBytesMax', megabyte]],
  ['--mailbox-mb', ['mailboxBytesMax', megabyte]],
  ['--mailbox-events', ['mailboxEventsMax', 1]],
  ['--mail-days', ['mailLifetimeMaxMs', dayMs]],
  ['--address-mb', ['addressBytesPerDay', megabyte]],
  ['--messages', ['messagesPerSecond', 1]],
  ['--address-connections', ['connectionsPerAddressMax', 1]],
  ['--connections', ['connectionsMax', 1]]
]);

const readFlag = (word: string, asked: Asked): boolean => {
  const flag = flags.get(word);
  if (flag !== undefined) asked[flag] = true;
  return flag !== undefined;
};

/** Reads an option and the word it takes. The answer is what is wrong with it, if anything. */
const readOption = (word: string, left: string[], asked: Asked): string | undefined => {
  const text = texts.get(word);
  const number = numbers.get(word);
  const address = addresses.get(word);
  if (word === '--host') asked.host = takeValue(left) ?? everyInterface;
  else if (word === '--port') {
    const port = takeValue(left) ?? '';
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return '--port needs a number from 0 to 65535.';
    asked.port = Number(port);
  } else if (text !== undefined) {
    const value = takeValue(left);
    if (value === undefined) return `${word} needs ${text[1]} after it.`;
    asked[text[0]] = value;
  } else if (address !== undefined) {
    const [field, pattern, example] = address;
    const value = takeValue(left) ?? '';
    if (!pattern.test(value)) return `${word} needs an address after it, such as ${example} .`;
    asked[field].push(value);
  } else if (number !== undefined) {
    const value = takeValue(left) ?? '';
    if (!/^[1-9]\d{0,8}$/.test(value)) return `${word} needs a whole number after it, at least 1.`;
    asked.limits[number[0]] = Number(value) * number[1];
  } else return `"${word}" is not something npm start knows; npm start -- --help lists what it does.`;
  return undefined;
};

const noCertificate =
  'On a network address Shoulder needs https: over plain http a browser gives no encryption, no offline app and no ' +
  'install, so add --cert and --key (docs/hosting.md says where to get them).';

/** The next word, unless it is an option itself. */
const takeValue = (left: string[]): string | undefined =>
  left[0] === undefined || left[0].startsWith('--') || left[0] === '' ? undefined : left.shift();
