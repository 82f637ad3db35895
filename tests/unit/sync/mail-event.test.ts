/** Mail as events: what is sealed, what a relay can tell, and what is let in. */
import { describe, expect, test } from 'vitest';
import {
  base64UrlToBytes,
  bytesToBase64Url,
  bytesToHex,
  utf8ToBytes,
  type Bytes
} from '../../../src/lib/base/bytes.ts';
import { bytesToId, type CircleId, type EpochId } from '../../../src/lib/base/ids.ts';
import { envelopeBytesMax } from '../../../src/lib/base/limits.ts';
import { systemRandom } from '../../../src/lib/base/random.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { seal } from '../../../src/lib/crypto/aead.ts';
import { encodeCbor } from '../../../src/lib/records/codec.ts';
import { mailboxKeys, type MailboxKeys } from '../../../src/lib/records/meeting-keys.ts';
import { addPadding } from '../../../src/lib/records/padding.ts';
import { normalRelayUrl } from '../../../src/lib/records/relay-url.ts';
import {
  authorOfMail,
  eventIdOf,
  makeDeletion,
  makeMailEvent,
  openMail,
  readMailEvent
} from '../../../src/lib/sync/mail-event.ts';
import { createNostrKey, type SignedEvent } from '../../../src/lib/sync/nostr-key.ts';
import { verifyEvent } from '../../../src/relay/event.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { foundingKeys } from '../records/founding-keys.ts';

const url = 'wss://relay.example';
const dates = { createdS: 1_700_000_000, expiresS: 1_700_003_600 };
const envelopes = [Uint8Array.of(1, 2, 3), new Uint8Array(285).fill(7)];

const epoch = (secret = 1) =>
  foundingKeys(
    bytesToId<CircleId>(new Uint8Array(16)),
    bytesToId<EpochId>(new Uint8Array(16)),
    new Uint8Array(32).fill(secret)
  );
const keysOf = async (address = url, secret = 1) => mailboxKeys((await epoch(secret)).lighthouse, address);
const addressOf = async (keys: MailboxKeys) => (await createNostrKey(keys.seed, systemRandom)).pubkey;
const make = async (keys: MailboxKeys, what: readonly Bytes[] = envelopes) =>
  makeMailEvent(keys, await addressOf(keys), what, dates, systemRandom);
const read = async (event: SignedEvent, keys: MailboxKeys) => {
  const mail = readMailEvent(event, await addressOf(keys));
  expect(mail).toBeDefined();
  return openMail(keys, mail ?? { eventId: '', createdS: 0, content: '' });
};

describe('[MB1] an address has one form', () => {
  test.each([
    ['WSS://Relay.Example', 'wss://relay.example'],
    ['wss://relay.example/', 'wss://relay.example'],
    ['wss://relay.example:443//', 'wss://relay.example'],
    ['ws://127.0.0.1:80/relay/', 'ws://127.0.0.1/relay'],
    ['wss://relay.example:7000/Path?key=A#there', 'wss://relay.example:7000/Path?key=A'],
    ['wss://b\u00fccher.example', 'wss://xn--bcher-kva.example']
  ])('%s', (given, normal) => {
    expect(normalRelayUrl(given)).toBe(normal);
    expect(normalRelayUrl(normal)).toBe(normal);
  });

  test.each(['', 'relay.example', 'https://relay.example', 'ws://', 'wss://ana:secret@relay.example'])(
    '"%s" is none',
    (given) => {
      expect(normalRelayUrl(given)).toBeUndefined();
    }
  );

  test('and makes the same keys, written in any way', async () => {
    const [one, other] = [await keysOf('WSS://relay.example:443/'), await keysOf(url)];
    expect([one.url, one.seed]).toEqual([other.url, other.seed]);
    expect(unwrap(await read((await make(one)).event, other)).envelopes).toEqual(envelopes);
    await expect(keysOf('https://relay.example')).rejects.toThrow('address');
  });
});

test('[KD1] [MB1] the keys of a known epoch, byte for byte', async () => {
  const keys = await keysOf();
  expect(bytesToHex(keys.seed)).toBe(
    'bca09e1b0844f0b3e79b918b63457934556e97564257f44b2be5683d9655c2bc17fc244e914627c4a49a49d89bad5814'
  );
  expect(await addressOf(keys)).toBe('3639adafe19ae3661f4057fc72d267406e5296a508dc3516fec333ddfbec3803');
  const { event } = await makeMailEvent(keys, await addressOf(keys), envelopes, dates, seededRandom(1));
  expect(event.id).toBe('6f212e1fe31d375d819911260b0417b39ae26510476f98d99aed677266d8bc36');
});

describe('[MB3] sealing and opening', () => {
  test('what is sealed opens, and everything fits a small event', async () => {
    const keys = await keysOf();
    for (const what of [[], envelopes, [systemRandom.bytes(envelopeBytesMax)]]) {
      const { event, id } = await make(keys, what);
      expect(verifyEvent(event).ok).toBe(true);
      expect(event.content.length).toBeLessThanOrEqual(24 * 1024);
      const opened = unwrap(await read(event, keys));
      expect(opened).toEqual({ id, envelopes: what });
      expect(eventIdOf(id)).toBe(event.id);
    }
  });

  test('lengths go in steps of 1 KiB', async () => {
    const keys = await keysOf();
    const lengthOf = async (bytes: number) => (await make(keys, [new Uint8Array(bytes)])).event.content.length;
    expect(await lengthOf(29)).toBe(await lengthOf(1000));
    expect(base64UrlToBytes((await make(keys)).event.content)).toHaveLength(12 + 1024 + 16);
  });

  test('what another key sealed does not open', async () => {
    const [keys, later] = [await keysOf(), await keysOf(url, 2)];
    const { event } = await make(keys);
    expect(await openMail(later, { eventId: event.id, createdS: 0, content: event.content })).toEqual({
      ok: false,
      error: 'NotOpened'
    });
  });

  const sealed = async (keys: MailboxKeys, plaintext: Bytes, aad = 'shoulder/1 mail') => ({
    eventId: '0'.repeat(64),
    createdS: 0,
    content: bytesToBase64Url(await seal(keys.seal, plaintext, utf8ToBytes(aad), systemRandom))
  });

  test.each([
    ['no list', addPadding(encodeCbor({ a: 1 }), 1024)],
    ['a list of something else', addPadding(encodeCbor(['text']), 1024)],
    ['an empty envelope', addPadding(encodeCbor([new Uint8Array(0)]), 1024)],
    ['an envelope that is too large', addPadding(encodeCbor([new Uint8Array(envelopeBytesMax + 1)]), 1024)],
    ['other padding', addPadding(encodeCbor(envelopes))],
    ['no padding', encodeCbor(envelopes)],
    ['no CBOR', addPadding(Uint8Array.of(0xff), 1024)]
  ])('refuses what the key opens and is no mail: %s', async (_, plaintext) => {
    const keys = await keysOf();
    expect(await openMail(keys, await sealed(keys, plaintext))).toEqual({ ok: false, error: 'Malformed' });
  });

  test('refuses what was sealed for something else, and what is no box', async () => {
    const keys = await keysOf();
    const box = await sealed(keys, addPadding(encodeCbor(envelopes), 1024), 'shoulder/1 other');
    expect(await openMail(keys, box)).toEqual({ ok: false, error: 'NotOpened' });
    for (const [content, error] of [
      ['A', 'NotMail'],
      ['', 'NotOpened'],
      ['A'.repeat(40 * 1024 + 1), 'TooLarge']
    ] as const)
      expect(await openMail(keys, { ...box, content })).toEqual({ ok: false, error });
  });
});

describe('[MB2] nothing connects', () => {
  test('two relays, two epochs, two letters: no tag, key or content in common', async () => {
    const events = await Promise.all(
      [await keysOf(), await keysOf('wss://other.example'), await keysOf(url, 2)].map(
        async (keys) => (await make(keys)).event
      )
    );
    const strings = events.flatMap(({ id, pubkey, sig, content, tags }) => [id, pubkey, sig, content, tags[0]?.[1]]);
    expect(new Set(strings).size).toBe(15);
    const [one, two] = [await make(await keysOf()), await make(await keysOf())];
    expect(one.event.pubkey).not.toBe(two.event.pubkey);
    expect(one.event.content).not.toBe(two.event.content);
  });
});

describe('[MB4] deleting', () => {
  test('anyone with the keys has the key that wrote a letter, and nobody else', async () => {
    const [keys, later] = [await keysOf(), await keysOf(url, 2)];
    const { event } = await make(keys);
    const { id } = unwrap(await read(event, keys));
    const author = await authorOfMail(keys, id, systemRandom);
    expect(author.pubkey).toBe(event.pubkey);
    expect((await authorOfMail(later, id, systemRandom)).pubkey).not.toBe(event.pubkey);
    const deletion = await makeDeletion(author, id, dates);
    expect(verifyEvent(deletion).ok).toBe(true);
    expect(deletion).toMatchObject({
      kind: 5,
      pubkey: event.pubkey,
      tags: [
        ['e', event.id],
        ['k', '1059'],
        ['expiration', '1700003600']
      ]
    });
  });
});
