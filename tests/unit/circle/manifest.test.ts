/** The manifest as a record: its id, its form, and what makes none. */
import { beforeAll, describe, expect, test } from 'vitest';
import { concatBytes, utf8ToBytes } from '../../../src/lib/base/bytes.ts';
import { bytesToId, idToBytes, type DeviceId, type EpochId, type PersonId } from '../../../src/lib/base/ids.ts';
import {
  bodyToManifest,
  epochIdOf,
  isUnambiguous,
  manifestToBody,
  type ManifestTerms
} from '../../../src/lib/circle/manifest.ts';
import { readStatement } from '../../../src/lib/circle/statements.ts';
import { sha256 } from '../../../src/lib/crypto/hash.ts';
import { decodeCbor, encodeCbor, textMapToObject } from '../../../src/lib/records/codec.ts';
import { FoundedCircle, friend, type Changes, type Friend } from './friends.ts';

let circle: FoundedCircle;
let ana: Friend;
let bo: Friend;
const nonce = new Uint8Array(16).fill(1);
const bytes = (n: number) => new Uint8Array(16).fill(n);
const person = (n: number) => bytesToId<PersonId>(bytes(n));
const device = (n: number) => bytesToId<DeviceId>(bytes(n));
const terms = (): ManifestTerms => ({
  parent: circle.keys.epoch,
  why: 'changed',
  people: [
    { id: person(1), devices: [device(11), device(12)] },
    { id: person(2), devices: [] }
  ],
  removed: [person(3)],
  dropped: [device(13)],
  commit: bytes(9)
});

beforeAll(async () => {
  circle = await FoundedCircle.by();
  [ana, bo] = (await Promise.all([0, 1].map(friend))) as [Friend, Friend];
});

const read = async (changes: Changes = {}, said = terms()) =>
  readStatement(await circle.open(await circle.manifest(ana, said, changes)));
const decoded = (body: unknown): unknown => textMapToObject(decodeCbor(encodeCbor(body)));

describe('[EP1] the id of an epoch', () => {
  test('is the first 16 bytes of SHA-256 over a label, circle, author and what is said', async () => {
    const body = manifestToBody(terms(), nonce);
    const label = utf8ToBytes('shoulder/1 epoch');
    const hash = await sha256(concatBytes(label, idToBytes(circle.id), idToBytes(ana.device.id), encodeCbor(body)));
    expect(idToBytes(await epochIdOf(circle.id, ana.device.id, body))).toEqual(hash.slice(0, 16));
    expect(await epochIdOf(circle.id, ana.device.id, decoded(body))).toBe(bytesToId<EpochId>(hash.slice(0, 16)));
  });

  test('is another for another circle, author, nonce, or anything else that is said', async () => {
    const body = manifestToBody(terms(), nonce);
    const ids = await Promise.all([
      epochIdOf(circle.id, ana.device.id, body),
      epochIdOf(bytesToId(bytes(4)), ana.device.id, body),
      epochIdOf(circle.id, bo.device.id, body),
      epochIdOf(circle.id, ana.device.id, manifestToBody(terms(), bytes(2))),
      epochIdOf(circle.id, ana.device.id, manifestToBody({ ...terms(), commit: bytes(8) }, nonce)),
      epochIdOf(circle.id, ana.device.id, manifestToBody({ ...terms(), why: 'fresh' }, nonce))
    ]);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('[EP2] a manifest', () => {
  test('says its terms, there and back', () => {
    expect(bodyToManifest(decoded(manifestToBody(terms(), nonce)))).toEqual(terms());
  });

  test('is read from a record said in its parent, in the slot of the epoch it begins', async () => {
    const record = await circle.manifest(ana, terms());
    const id = await epochIdOf(circle.id, ana.device.id, record.payload.body);
    expect(await readStatement(await circle.open(record))).toMatchObject({
      ...terms(),
      type: 'manifest',
      id,
      author: ana.device.id
    });
  });

  test.each<[string, Changes]>([
    ['[ST1] in another slot', { said: { slot: 'roster/epoch/else' } }],
    ['[ST1] in the slot of the beginning', { said: { slot: 'roster/genesis' } }],
    ['[ST1] in a second version', { said: { ver: 2 } }],
    ['[ST1] that fades', { said: { expMs: 5 } }],
    ['[EP1] said in another epoch than the one it ends', { said: { epoch: bytesToId(bytes(5)) } }],
    [
      '[EP1] with an id that is not of what it says',
      { said: { body: manifestToBody({ ...termsOf(), why: 'fresh' }, nonce) } }
    ],
    ['[EP2] without a parent', { body: { parent: null } }],
    ['[EP2] with a short commitment', { body: { commit: new Uint8Array(15) } }],
    ['[EP2] with a short nonce', { body: { nonce: new Uint8Array(15) } }],
    ['[EP2] for no reason we know', { body: { why: 'because' } }],
    ['[EP2] with nobody in it', { body: { people: [] } }],
    ['[EP2] with more people than any circle has', { body: { people: many(65) } }],
    ['[EP2] with a person who is a name', { body: { people: ['Bo'] } }],
    ['[EP2] with a person without devices said', { body: { people: [{ id: bytes(1) }] } }],
    ['[EP2] with a short device', { body: { people: [{ id: bytes(1), devices: [new Uint8Array(5)] }] } }],
    ['[EP2] that says nothing of who is removed', { body: { removed: null } }],
    ['[EP2] with removed ones that are text', { body: { removed: ['Bo'] } }],
    ['[EP2] with dropped ones that are text', { body: { dropped: ['phone'] } }],
    ['[EP3] with a person listed twice', { body: { people: [...many(1), ...many(1)] } }],
    ['[EP3] with a device listed twice', { body: { people: [{ id: bytes(1), devices: [bytes(5), bytes(5)] }] } }],
    [
      '[EP3] with a device of two people',
      { body: { people: [1, 2].map((n) => ({ id: bytes(n), devices: [bytes(5)] })) } }
    ],
    ['[EP3] with a person both in and removed', { body: { removed: [bytes(1)] } }],
    ['[EP3] with a person removed twice', { body: { removed: [bytes(3), bytes(3)] } }],
    ['[EP3] with a device both in and dropped', { body: { dropped: [bytes(11)] } }]
  ])('is not read %s', async (_, changes) => {
    expect(await read(changes)).toBeUndefined();
  });

  test('[EP2] of as many people as may be is read', async () => {
    expect(await read({ body: { people: many(64), removed: [], dropped: [] } })).toMatchObject({ type: 'manifest' });
  });

  test('[EP3] says one thing of each', () => {
    expect(isUnambiguous(terms())).toBe(true);
    expect(isUnambiguous({ ...terms(), removed: [person(1)] })).toBe(false);
  });
});

function many(count: number) {
  return Array.from({ length: count }, (_, n) => ({ id: bytes(n + 1), devices: [] }));
}

/** Before the circle is there. */
function termsOf(): ManifestTerms {
  return { parent: bytesToId(bytes(0)), why: 'changed', people: [], removed: [], dropped: [], commit: bytes(9) };
}
