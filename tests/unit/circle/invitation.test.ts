/** The invitation: its keys, its link, and links that messengers have been at. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesToBase64Url, concatBytes, type Bytes } from '../../../src/lib/base/bytes.ts';
import { bytesToId, idToBytes, type CircleId } from '../../../src/lib/base/ids.ts';
import {
  deriveInvitationKeys,
  invitationToFragment,
  inviteMailboxKeys,
  readInvitation,
  type Invitation
} from '../../../src/lib/circle/invitation.ts';
import { deriveBytes, hmac, importHmacKey, importRootKey, sha256 } from '../../../src/lib/crypto/hash.ts';
import { encodeCbor } from '../../../src/lib/records/codec.ts';
import { deriveMailboxKeys } from '../../../src/lib/records/meeting-keys.ts';

const bytes16 = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Uint8Array.from(bytes));
const invitations: fc.Arbitrary<Invitation> = fc.record({
  secret: bytes16,
  circle: bytes16.map((bytes) => bytesToId<CircleId>(bytes)),
  untilMs: fc.maxSafeNat(),
  relays: fc.array(
    fc.webUrl({ validSchemes: ['ws', 'wss'] }).filter((url) => url.length <= 200),
    { maxLength: 3 }
  )
});
const sound: Invitation = {
  secret: new Uint8Array(16).fill(1),
  circle: bytesToId(new Uint8Array(16).fill(2)),
  untilMs: 1_772_000_000_000,
  relays: ['wss://relay.example/relay']
};

/** A fragment whose checksum is right, whatever its body says. */
const fragmentOf = async (body: unknown): Promise<string> => {
  const encoded = encodeCbor(body);
  return `#i=${bytesToBase64Url(concatBytes(encoded, (await sha256(encoded)).slice(0, 4)))}`;
};
const fields = (changes: Record<number, unknown> = {}): unknown[] => {
  const { secret, circle, untilMs, relays } = sound;
  return [2, secret, idToBytes(circle), untilMs, relays, null, false].map((value, i) =>
    i in changes ? changes[i] : value
  );
};
const mangled = { ok: false, error: { type: 'MangledInvite' } };

describe('[IN1] what comes from the secret', () => {
  test('an id, a topic and a key, each by its label', async () => {
    const secret: Bytes = new Uint8Array(16).fill(7);
    const keys = await deriveInvitationKeys(secret);
    const root = await importRootKey(secret);
    expect(idToBytes(keys.id)).toEqual(await deriveBytes(root, 'invite/id', 16));
    expect(idToBytes(keys.topic)).toEqual(await deriveBytes(root, 'invite/topic', 16));
    expect(keys.key.extractable).toBe(false);
    expect(keys.id as string).not.toBe(keys.topic);
  });
});

describe('[IN10] the mailbox of an invitation', () => {
  const secrets = [1, 2].map((byte) => new Uint8Array(16).fill(byte));
  const urls = ['wss://one.example', 'wss://two.example'];

  test('is another on each relay, for each invitation, and than any mailbox of a circle', async () => {
    const seeds = new Set<string>();
    for (const secret of secrets) {
      const keys = await deriveInvitationKeys(secret);
      for (const url of urls) {
        const mailboxes = [await inviteMailboxKeys(keys, url), await deriveMailboxKeys(keys.root, 'mailbox/', url)];
        for (const { seed } of mailboxes) seeds.add(bytesToBase64Url(seed));
      }
    }
    expect(seeds.size).toBe(8);
  });

  test('comes from the secret by its label and the address in its one form', async () => {
    const secret = new Uint8Array(16).fill(7);
    const { url, seed, seal, authors } = await inviteMailboxKeys(
      await deriveInvitationKeys(secret),
      'WSS://Relay.Example:443/relay/'
    );
    expect(url).toBe('wss://relay.example/relay');
    const bytes = await deriveBytes(await importRootKey(secret), `invite/mailbox/${url}`, 112);
    expect(seed).toEqual(bytes.slice(0, 48));
    expect(await hmac(authors, secret)).toEqual(await hmac(await importHmacKey(bytes.slice(80)), secret));
    expect(seal.extractable).toBe(false);
  });
});

describe('[IN2] a link', () => {
  test('names the first three relays that fit, so that a reader takes it', async () => {
    const long = `wss://${'a'.repeat(200)}.example`;
    const relays = [long, 'https://no.example', ...[1, 2, 3, 4].map((n) => `wss://r${n}.example`)];
    const read = await readInvitation(await invitationToFragment({ ...sound, relays }));
    expect(read).toEqual({ ok: true, value: { ...sound, relays: relays.slice(2, 5) } });
  });

  test('says what the invitation says', async () => {
    await fc.assert(
      fc.asyncProperty(invitations, async (invitation) => {
        const fragment = await invitationToFragment(invitation);
        expect(fragment).toMatch(/^#i=[\w-]+$/);
        expect(await readInvitation(fragment)).toEqual({ ok: true, value: invitation });
      }),
      { numRuns: 50 }
    );
  });

  test('the control: fields that are sound are let through', async () => {
    expect(await readInvitation(await fragmentOf(fields()))).toEqual({ ok: true, value: sound });
  });

  test.each([
    ['a short secret', { 1: new Uint8Array(15) }],
    ['a long circle id', { 2: new Uint8Array(17) }],
    ['an end that is no time', { 3: -1 }],
    ['a relay that is a web page', { 4: ['https://relay.example'] }],
    ['a relay that is a script', { 4: ['javascript:alert(1)'] }],
    ['four relays', { 4: Array.from({ length: 4 }, () => 'wss://relay.example') }],
    ['a relay with an endless name', { 4: [`wss://${'x'.repeat(200)}`] }],
    ['version 0', { 0: 0 }],
    ['a version that is text', { 0: '1' }]
  ])('refuses %s', async (_, changes) => {
    expect(await readInvitation(await fragmentOf(fields(changes)))).toEqual(mangled);
  });
});

describe('[IN3] reading', () => {
  test('finds the link in a message', async () => {
    const fragment = await invitationToFragment(sound);
    const found = { ok: true, value: sound };
    expect(await readInvitation(`https://shoulder.example/join${fragment}`)).toEqual(found);
    expect(await readInvitation(`Come in! https://shoulder.example/app/join${fragment} See you there`)).toEqual(found);
    expect(await readInvitation(`<https://shoulder.example/join${fragment}>.`)).toEqual(found);
  });

  test('ignores white space that a messenger put in', async () => {
    const fragment = await invitationToFragment(sound);
    const wrapped = `${fragment.slice(0, 30)}\n  ${fragment.slice(30, 60)}\r\n${fragment.slice(60)}\n`;
    expect(await readInvitation(wrapped)).toEqual({ ok: true, value: sound });
  });

  test('a link with any letter changed, lost or doubled is mangled, and never another invitation', async () => {
    const fragment = await invitationToFragment(sound);
    for (let at = 3; at < fragment.length; at++) {
      const [before, letter, after] = [fragment.slice(0, at), fragment[at] ?? '', fragment.slice(at + 1)];
      const other = letter === 'A' ? 'B' : 'A';
      for (const text of [before + other + after, before + after, before + letter + letter + after]) {
        expect(text === fragment ? mangled : await readInvitation(text)).toEqual(mangled);
      }
    }
  });

  test.each(['', 'hello', '#i=', '#i=%%%', '#i=AAAA', 'https://shoulder.example/join', '#c=AAAA'])(
    '%j is mangled',
    async (text) => {
      expect(await readInvitation(text)).toEqual(mangled);
    }
  );

  test("a later version's link is named, not called mangled", async () => {
    const later = await fragmentOf([3, 'whatever', 'it', 'says']);
    expect(await readInvitation(later)).toEqual({ ok: false, error: { type: 'NewerInvite' } });
  });

  test('never throws, whatever is pasted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        expect((await readInvitation(`#i=${text}`)).ok).toBe(false);
      })
    );
  });
});
