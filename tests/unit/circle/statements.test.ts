/** Statements: what makes one, and what this version cannot stand behind. */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  bytesToId,
  idToBytes,
  type CircleId,
  type DeviceId,
  type InviteId,
  type PersonId
} from '../../../src/lib/base/ids.ts';
import { concatBytes, utf8ToBytes } from '../../../src/lib/base/bytes.ts';
import { makeAsk } from '../../../src/lib/circle/joining.ts';
import { circleIdOf } from '../../../src/lib/circle/circle-id.ts';
import { addDeviceSlot, addPersonSlot, voteSlot } from '../../../src/lib/circle/slots.ts';
import { genesisAuthorKey, readStatement } from '../../../src/lib/circle/statements.ts';
import { sha256 } from '../../../src/lib/crypto/hash.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import type { SealedRecord } from '../../../src/lib/records/record.ts';
import { FoundedCircle, friend, type Changes, type Friend } from './friends.ts';

let circle: FoundedCircle;
let ana: Friend;
let bo: Friend;
let mia: Friend;

beforeAll(async () => {
  circle = await FoundedCircle.by();
  [ana, bo, mia] = (await Promise.all([0, 1, 2].map(friend))) as [Friend, Friend, Friend];
});

const read = async (record: SealedRecord) => readStatement(await circle.open(record));

describe('[CI1] a circle id', () => {
  test('is the first 16 bytes of SHA-256 over a label, the key of the founder and a nonce', async () => {
    const nonce = new Uint8Array(16).fill(5);
    const { sign } = ana.secrets.publicKeys;
    const hash = await sha256(concatBytes(utf8ToBytes('shoulder/1 circle'), sign, nonce));
    expect(idToBytes(await circleIdOf(sign, nonce))).toEqual(hash.slice(0, 16));
    expect(await circleIdOf(bo.secrets.publicKeys.sign, nonce)).not.toBe(await circleIdOf(sign, nonce));
  });
});

describe('genesis', () => {
  test('[ST3] founds the circle whose id its keys and nonce make', async () => {
    const record = await circle.genesis();
    expect(await read(record)).toMatchObject({
      type: 'genesis',
      circleName: 'Us',
      personName: 'Ana',
      author: ana.device.id
    });
    expect(await genesisAuthorKey(await circle.open(record))).toEqual(ana.secrets.publicKeys.sign);
  });

  test.each([
    ['[ST1] in another slot', { said: { slot: 'roster/beginning' } }],
    ['[ST1] in a second version', { said: { ver: 2 } }],
    ['[ST1] that fades', { said: { expMs: 5 } }],
    ['[ST3] with another nonce', { body: { nonce: new Uint8Array(16) } }],
    ['[ST3] with a parent: that is a later epoch', { body: { parent: new Uint8Array(16) } }],
    ['[ST2] without a name for the circle', { body: { name: 5 } }],
    ['[ST2] with too long a name for the circle', { body: { name: 'x'.repeat(61) } }],
    ['[ST2] with too long a name for its founder', { body: { founder: 'x'.repeat(61) } }],
    ['[ST2] with a short key', { body: { agree: new Uint8Array(31) } }]
  ])('refuses one %s', async (_, changes) => {
    expect(await read(await circle.genesis(changes))).toBeUndefined();
  });

  test("[ST3] refuses somebody else's keys, and somebody else as author", async () => {
    const withBosKeys = await circle.genesis({ body: { ...bo.secrets.publicKeys } });
    const byBo = await circle.genesis({ author: bo });
    for (const record of [withBosKeys, byBo]) {
      expect(await read(record)).toBeUndefined();
      expect(await genesisAuthorKey(await circle.open(record))).toBeUndefined();
    }
  });

  test('[ST3] only a manifest shows a founder', async () => {
    const record = await circle.genesis({ said: { kind: kinds.addPerson } });
    expect(await genesisAuthorKey(await circle.open(record))).toBeUndefined();
  });
});

describe('add-person', () => {
  test('[ST4] lets in whoever asked with these keys and this name', async () => {
    const statement = await read(await circle.addition(ana, bo));
    expect(statement).toMatchObject({
      type: 'add-person',
      author: ana.device.id,
      person: bo.device.id,
      personName: 'Bo'
    });
    expect(statement?.type === 'add-person' && statement.device.keys).toEqual(bo.secrets.publicKeys);
  });

  test.each([
    ['[ST1] in another slot', { said: { slot: 'roster/add/somebody' } }],
    ['[ST1] in a second version', { said: { ver: 2 } }],
    ['[ST1] that fades', { said: { expMs: 5 } }],
    ['[ST4] under another name than was asked with', { body: { name: 'Bob' } }],
    ['[ST4] on another invitation than was asked on', { body: { invite: new Uint8Array(16) } }],
    ['[ST4] with another nonce', { body: { nonce: new Uint8Array(16) } }],
    ['[ST4] with a key to seal to that was not asked with', { body: { agree: new Uint8Array(32).fill(9) } }],
    ['[ST4] with no proof', { body: { proof: new Uint8Array(64) } }],
    ['[ST2] with a short proof', { body: { proof: new Uint8Array(63) } }],
    ['[ST2] with too long a name', { body: { name: 'x'.repeat(61) } }],
    ['[ST2] with an invitation that is text', { body: { invite: 'x' } }]
  ])('refuses one %s', async (_, changes) => {
    expect(await read(await circle.addition(ana, bo, changes))).toBeUndefined();
  });

  test("[ST4] refuses a proof that is not the newcomer's", async () => {
    const invite = bytesToId<InviteId>(new Uint8Array(16).fill(3));
    const nonce = new Uint8Array(16);
    const terms = { circle: circle.id, invite, name: 'Bo', keys: bo.secrets.publicKeys, nonce };
    const { proof } = await makeAsk(mia.device, terms);
    const body = { invite: idToBytes(invite), nonce, proof };
    expect(await read(await circle.addition(ana, bo, { body }))).toBeUndefined();
  });

  test('[ST4] refuses a proof that was made for another circle', async () => {
    const invite = bytesToId<InviteId>(new Uint8Array(16).fill(3));
    const nonce = new Uint8Array(16);
    const elsewhere = bytesToId<CircleId>(new Uint8Array(16));
    const { proof } = await makeAsk(bo.device, {
      circle: elsewhere,
      invite,
      name: 'Bo',
      keys: bo.secrets.publicKeys,
      nonce
    });
    const body = { invite: idToBytes(invite), nonce, proof };
    expect(await read(await circle.addition(ana, bo, { body }))).toBeUndefined();
  });

  test("[ST1] refuses one in another newcomer's slot", async () => {
    const record = await circle.addition(ana, bo, { said: { slot: addPersonSlot(mia.device.id) } });
    expect(await read(record)).toBeUndefined();
  });
});

describe('leave', () => {
  test('[ST5] is said by whoever goes', async () => {
    expect(await read(await circle.leave(bo))).toMatchObject({ type: 'leave', author: bo.device.id });
  });

  test.each([
    ['[ST1] in another slot', { slot: 'roster/go' }],
    ['[ST1] in a second version', { ver: 2 }],
    ['[ST1] that fades', { expMs: 5 }]
  ])('refuses one %s', async (_, said) => {
    expect(await read(await circle.leave(bo, said))).toBeUndefined();
  });
});

describe('leave, with a word', () => {
  test('[ST6] of what goes, is whether what they said stays or goes', async () => {
    expect(await read(await circle.leave(bo))).toMatchObject({ type: 'leave', words: 'stay' });
    expect(await read(await circle.leave(bo, { body: { words: 'go' } }))).toMatchObject({ type: 'leave', words: 'go' });
    expect(await read(await circle.leave(bo, { body: { words: 'stay' } }))).toBeUndefined();
    expect(await read(await circle.leave(bo, { body: { words: 1 } }))).toBeUndefined();
  });
});

describe('add-device', () => {
  test('[ST7] takes one more device of its author in, as that device asked', async () => {
    const statement = await read(await circle.addDevice(ana, bo));
    expect(statement).toMatchObject({
      type: 'add-device',
      author: ana.device.id,
      label: 'my tablet',
      epoch: circle.keys.epoch
    });
    expect(statement?.type === 'add-device' && statement.device).toEqual({
      id: bo.device.id,
      keys: bo.secrets.publicKeys
    });
  });

  test.each<[string, Changes]>([
    ['[ST1] in another slot', { said: { slot: addDeviceSlot(bytesToId(new Uint8Array(16))) } }],
    ['[ST1] in the slot of a person', { said: { slot: addPersonSlot(bytesToId(new Uint8Array(16))) } }],
    ['[ST1] in a second version', { said: { ver: 2 } }],
    ['[ST1] that fades', { said: { expMs: 5 } }],
    ['[ST7] that asked as somebody new', { as: 'person' }],
    ['[ST7] that asked in place of lost ones', { as: 'again' }],
    ['[ST7] under another label', { body: { name: 'my phone' } }],
    ['[ST7] on another invitation', { body: { invite: new Uint8Array(16) } }],
    ['[ST7] with a key to seal to that was not asked with', { body: { agree: new Uint8Array(32).fill(9) } }],
    ['[ST7] with no proof', { body: { proof: new Uint8Array(64) } }],
    ['[ST2] with too long a label', { body: { name: 'x'.repeat(61) } }]
  ])('refuses one %s', async (_, changes) => {
    expect(await read(await circle.addDevice(ana, bo, changes))).toBeUndefined();
  });

  test('[ST4] [ST7] an ask as a device lets nobody in as a person', async () => {
    expect(await read(await circle.addition(ana, bo, { as: 'device' }))).toBeUndefined();
    expect(await read(await circle.addition(ana, bo, { as: 'again' }))).toBeUndefined();
  });
});

describe('vote', () => {
  const target = bytesToId<PersonId>(new Uint8Array(16).fill(7));
  const device = bytesToId<DeviceId>(new Uint8Array(16).fill(8));

  test('[ST8] is on a person or on a device', async () => {
    expect(await read(await circle.vote(ana, { person: target }))).toMatchObject({
      type: 'vote',
      on: { person: target }
    });
    expect(await read(await circle.vote(ana, { device }))).toMatchObject({ type: 'vote', on: { device } });
  });

  test.each<[string, Changes]>([
    ['[ST1] in the slot of another', { said: { slot: voteSlot(device) } }],
    ['[ST1] in a second version', { said: { ver: 2 } }],
    ['[ST1] that fades', { said: { expMs: 5 } }],
    ['[ST8] on both at once', { body: { device: new Uint8Array(16) } }],
    ['[ST8] that says more', { body: { because: 'so' } }],
    ['[ST8] on a name', { body: { person: 'Bo' } }],
    ['[ST8] on a short id', { body: { person: new Uint8Array(15) } }]
  ])('refuses one %s', async (_, changes) => {
    expect(await read(await circle.vote(ana, { person: target }, changes))).toBeUndefined();
  });

  test('[ST8] refuses one on nobody', async () => {
    expect(await read(await circle.say(ana, { kind: kinds.vote, slot: voteSlot(target), body: {} }))).toBeUndefined();
  });
});

describe('rebind', () => {
  const lost = bytesToId<PersonId>(new Uint8Array(16).fill(7));

  test('[ST9] vouches that a device is a person’s, as that device asked', async () => {
    const statement = await read(await circle.rebind(ana, bo, lost));
    expect(statement).toMatchObject({ type: 'rebind', author: ana.device.id, person: lost });
    expect(statement?.type === 'rebind' && statement.device).toEqual({ id: bo.device.id, keys: bo.secrets.publicKeys });
  });

  test.each<[string, Changes]>([
    ['[ST1] in another slot', { said: { slot: addDeviceSlot(bytesToId(new Uint8Array(16))) } }],
    ['[ST1] in a second version', { said: { ver: 2 } }],
    ['[ST1] that fades', { said: { expMs: 5 } }],
    ['[ST9] that asked as somebody new', { as: 'person' }],
    ['[ST9] that asked as one more device', { as: 'device' }],
    ['[ST9] with no proof', { body: { proof: new Uint8Array(64) } }],
    ['[ST9] under another name', { body: { name: 'not me' } }]
  ])('refuses one %s', async (_, changes) => {
    expect(await read(await circle.rebind(ana, bo, lost, changes))).toBeUndefined();
  });

  test('[ST9] refuses one of nobody', async () => {
    const { payload } = await circle.rebind(ana, bo, lost);
    const body = { ...(payload.body as Record<string, unknown>), person: new Uint8Array(15) };
    expect(await read(await circle.say(ana, { kind: kinds.rebind, slot: payload.slot, body }))).toBeUndefined();
  });
});

test.each([
  [kinds.addDevice, {}],
  [kinds.vote, {}],
  [kinds.rebind, {}],
  [kinds.checkIn, {}],
  [999, {}]
])('[EN9] kind %i makes no statement where it says nothing, or is none', async (kind, body) => {
  expect(await read(await circle.say(ana, { kind, slot: 'roster/later', body }))).toBeUndefined();
});
