/** Records: map keys, which version stands, kinds, bodies, and hybrid time. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes, utf8ToBytes } from '../../../src/lib/base/bytes.ts';
import { bytesToId, idToBytes, type CircleId, type RecordHash } from '../../../src/lib/base/ids.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { deriveBytes, hmac, importHmacKey, importRootKey, sha256 } from '../../../src/lib/crypto/hash.ts';
import { fitsSchema } from '../../../src/lib/records/schema.ts';
import { sealEnvelope } from '../../../src/lib/records/envelope.ts';
import { lighthouseSecretOf, mapKeyOf } from '../../../src/lib/records/epoch-keys.ts';
import { roomTopic } from '../../../src/lib/records/meeting-keys.ts';
import { compareHybridTime, laterOf, tick } from '../../../src/lib/records/hybrid-time.ts';
import { isBookkeepingKind, isStatementKind, kinds } from '../../../src/lib/records/kinds.ts';
import { payloadToBytes } from '../../../src/lib/records/payload.ts';
import { sealRecord } from '../../../src/lib/records/record.ts';
import { isSignedBy, openRecord, supersedes } from '../../../src/lib/records/opened-record.ts';
import { signSign1 } from '../../../src/lib/records/sign1.ts';
import { checkInBody, FoundedCircle, friend, random } from '../circle/friends.ts';
import { foundingKeys } from './founding-keys.ts';

describe('records', () => {
  test('open to what was said, by whom it was said, under the hash of what was signed', async () => {
    const circle = await FoundedCircle.by();
    const said = await circle.say(circle.founder, { body: checkInBody('not fine', { feelings: ['sad'] }) });
    const opened = await circle.open(said);
    expect(opened.payload).toMatchObject({ slot: 'now', kind: kinds.checkIn, device: circle.founder.device.id });
    expect({ ...opened.payload.body }).toEqual(said.payload.body);
    expect([opened.hash, opened.key]).toEqual([said.hash, said.key]);
    expect(await isSignedBy(opened, circle.founder.secrets.publicKeys.sign)).toBe(true);
    expect(await isSignedBy(opened, (await friend(1)).secrets.publicKeys.sign)).toBe(false);
    const sign1 = await signSign1(circle.founder.device.signKey, payloadToBytes(said.payload));
    expect(idToBytes(said.hash)).toEqual(await sha256(sign1));
  });

  test('[IB4] [EN5] refuses a record that was said in another circle', async () => {
    const circle = await FoundedCircle.by();
    const said = await circle.say(circle.founder, { circle: bytesToId<CircleId>(new Uint8Array(16)) });
    expect(await openRecord(said.envelope, [circle.keys])).toEqual({ ok: false, error: { type: 'Malformed' } });
  });

  test('[IB4] [EN6] refuses an envelope with something else in it', async () => {
    const circle = await FoundedCircle.by();
    const garbage = unwrap(await sealEnvelope(circle.keys, utf8ToBytes('no record'), random));
    expect(await openRecord(garbage, [circle.keys])).toEqual({ ok: false, error: { type: 'Malformed' } });
    const unfit = await signSign1(circle.founder.device.signKey, utf8ToBytes('no payload'));
    const sealed = unwrap(await sealEnvelope(circle.keys, unfit, random));
    expect(await openRecord(sealed, [circle.keys])).toEqual({ ok: false, error: { type: 'Malformed' } });
  });

  test('[EN2] a record that is too large is not made', async () => {
    const circle = await FoundedCircle.by();
    const { payload } = await circle.say(circle.founder);
    const large = { ...payload, body: checkInBody('x'.repeat(17_000)) };
    const sealed = await sealRecord(circle.keys, circle.founder.device, large, random);
    expect(sealed).toMatchObject({ ok: false, error: { type: 'TooLarge' } });
  });
});

describe('[EN8] a map key', () => {
  test('is the first 16 bytes of HMAC(slot key, device ‖ slot)', async () => {
    const { keys, founder, epochSecret } = await FoundedCircle.by();
    const slotKey = await importHmacKey(await deriveBytes(await importRootKey(epochSecret), 'slot', 32));
    const mac = await hmac(slotKey, concatBytes(idToBytes(founder.device.id), utf8ToBytes('now')));
    expect(idToBytes(await mapKeyOf(keys, founder.device.id, 'now'))).toEqual(mac.slice(0, 16));
  });

  test('differs by device, by slot and by epoch', async () => {
    const { keys, founder, id } = await FoundedCircle.by();
    const other = await foundingKeys(id, keys.epoch, new Uint8Array(32));
    const found = await Promise.all([
      mapKeyOf(keys, founder.device.id, 'now'),
      mapKeyOf(keys, founder.device.id, 'then'),
      mapKeyOf(keys, (await friend(1)).device.id, 'now'),
      mapKeyOf(other, founder.device.id, 'now')
    ]);
    expect(new Set(found).size).toBe(4);
  });

  test('[KD1] and so does the room of each generation', async () => {
    const { keys, epochSecret } = await FoundedCircle.by();
    expect(await roomTopic(keys.lighthouse, 0)).not.toBe(await roomTopic(keys.lighthouse, 1));
    const root = await importRootKey(await lighthouseSecretOf(epochSecret));
    expect(idToBytes(await roomTopic(keys.lighthouse, 3))).toEqual(await deriveBytes(root, 'room/3', 16));
  });
});

describe('[EN7] which version stands', () => {
  const version = fc.record({
    ver: fc.integer({ min: 1, max: 4 }),
    hash: fc.constantFrom('A', 'B', 'a', '-', '_').map((text) => text as RecordHash)
  });

  test('one and only one of two different versions, in every order', () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        const same = a.ver === b.ver && a.hash === b.hash;
        expect(Number(supersedes(a, b)) + Number(supersedes(b, a))).toBe(same ? 0 : 1);
      })
    );
  });

  test('the same one of many, in every order', () => {
    fc.assert(
      fc.property(fc.array(version, { minLength: 1 }), fc.nat(), (versions, turn) => {
        const last = (list: typeof versions) => list.reduce((held, next) => (supersedes(next, held) ? next : held));
        const turned = [...versions.slice(turn % versions.length), ...versions.slice(0, turn % versions.length)];
        expect(last(turned)).toEqual(last(versions));
        expect(last(versions.toReversed())).toEqual(last(versions));
      })
    );
  });

  test('the higher number; of equals the lower hash, compared as text', () => {
    const hashes = { lower: 'B' as RecordHash, higher: 'a' as RecordHash };
    expect(supersedes({ ver: 2, hash: hashes.higher }, { ver: 1, hash: hashes.lower })).toBe(true);
    expect(supersedes({ ver: 1, hash: hashes.lower }, { ver: 1, hash: hashes.higher })).toBe(true);
  });
});

describe('kinds and bodies', () => {
  test('[ST1] statements are manifest, add-person, add-device, vote, rebind and leave', () => {
    expect(Object.values(kinds).filter(isStatementKind)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(Object.values(kinds).filter(isBookkeepingKind)).toEqual([10, 11]);
  });

  test('numbers are never used twice', () => {
    expect(new Set(Object.values(kinds)).size).toBe(Object.values(kinds).length);
  });

  const id = new Uint8Array(16);
  const checkIn = { id, feelings: ['sad'], words: 'not fine', point: [-40, 10], help: 'hear-me', said: 5 };
  const invite = { secret: new Uint8Array(16) };

  test.each([
    ['a check-in', kinds.checkIn, checkIn],
    ['a check-in without a point', kinds.checkIn, { id, feelings: [], words: '' }],
    ['a check-in that says how long it stays', kinds.checkIn, { ...checkIn, lasting: 'week' }],
    ['a stay that a later version knows', kinds.checkIn, { ...checkIn, lasting: 'until-spring' }],
    ['a check-in with what a later version adds', kinds.checkIn, { ...checkIn, voice: 1 }],
    ['help of a later version', kinds.checkIn, { ...checkIn, help: 'sing-to-me' }],
    ['an invitation', kinds.invite, invite],
    ['[EN9] whatever stands in a kind of a later version', 999, { anything: 1 }],
    ['something taken back', kinds.gone, {}],
    ['[GE1] a generation', kinds.generation, {}],
    ['[GE1] a generation with what a later version adds', kinds.generation, { why: 'heavy' }]
  ])('[IB8] lets %s through', (_, kind, body) => {
    expect(fitsSchema(kind, body)).toBe(true);
  });

  test.each([
    ['a check-in without words', kinds.checkIn, { id, feelings: [] }],
    ['[AN1] a check-in without an id', kinds.checkIn, { ...checkIn, id: undefined }],
    ['[AN1] a check-in with a short id', kinds.checkIn, { ...checkIn, id: new Uint8Array(15) }],
    ['[AN1] a check-in with an id that is text', kinds.checkIn, { ...checkIn, id: 'AAAAAAAAAAAAAAAAAAAAAA' }],
    ['a stay that is a number', kinds.checkIn, { ...checkIn, lasting: 7 }],
    ['a check-in with words that are bytes', kinds.checkIn, { ...checkIn, words: new Uint8Array(3) }],
    ['a point off the field', kinds.checkIn, { ...checkIn, point: [-101, 0] }],
    ['a point that is not whole', kinds.checkIn, { ...checkIn, point: [0.5, 0] }],
    ['half a point', kinds.checkIn, { ...checkIn, point: [1] }],
    ['a heap of feelings', kinds.checkIn, { ...checkIn, feelings: Array.from({ length: 17 }, () => 'sad') }],
    ['a negative time', kinds.checkIn, { ...checkIn, said: -1 }],
    ['an invitation with a short secret', kinds.invite, { secret: new Uint8Array(15) }],
    ['an invitation without a secret', kinds.invite, {}],
    ['a ledger that is none', kinds.ledger, {}],
    ['an ack that is none', kinds.ack, {}]
  ])('[IB8] refuses %s', (_, kind, body) => {
    expect(fitsSchema(kind, body)).toBe(false);
  });
});

describe('[HT1] hybrid time', () => {
  const time = fc.record({ ms: fc.nat(50), count: fc.nat(5) });

  test('always goes on, and is never before the clock', () => {
    fc.assert(
      fc.property(time, fc.nat(50), (last, nowMs) => {
        const next = tick(last, nowMs);
        expect(compareHybridTime(next, last)).toBeGreaterThan(0);
        expect(next.ms).toBeGreaterThanOrEqual(nowMs);
        expect(compareHybridTime(laterOf(last, next), next)).toBe(0);
        expect(compareHybridTime(laterOf(next, last), next)).toBe(0);
      })
    );
  });

  test('begins at the beginning', () => {
    expect(tick({ ms: 0, count: 0 }, 7)).toEqual({ ms: 7, count: 0 });
    expect(tick({ ms: 7, count: 0 }, 7)).toEqual({ ms: 7, count: 1 });
    expect(tick({ ms: 7, count: 1 }, 3)).toEqual({ ms: 7, count: 2 });
  });
});
