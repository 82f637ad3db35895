/** Private records: who opens them, what the others see, and what cannot be done with somebody's seals. */
import { describe, expect, test } from 'vitest';
import { bytesToHex, utf8ToBytes, type Bytes } from '../../../src/lib/base/bytes.ts';
import { bytesToId, idToBytes, type CircleId } from '../../../src/lib/base/ids.ts';
import { slotLengthMax } from '../../../src/lib/base/limits.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { openSealed } from '../../../src/lib/crypto/hpke.ts';
import { encodeCbor } from '../../../src/lib/records/codec.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { addPadding } from '../../../src/lib/records/padding.ts';
import { payloadToBytes } from '../../../src/lib/records/payload.ts';
import {
  newPrivateSlot,
  openPrivate,
  sealPrivate,
  sealsMax,
  type PrivateContent
} from '../../../src/lib/records/private.ts';
import {
  aadOf,
  agreeKeyOf,
  ana,
  anasTablet,
  bo,
  boxOf,
  circle,
  eve,
  info,
  jo,
  letterTo,
  mia,
  openAs,
  partsOf,
  payloadOf,
  personOf,
  random,
  recordOf,
  sealedFor,
  sealFor,
  slot,
  words
} from './private-sayings.ts';

describe('opens', () => {
  test('[PR2] [PR5] for whoever it is for, with who else can read it', async () => {
    const payload = await payloadOf(await sealedFor([bo, mia]));
    for (const reader of [bo, mia]) expect((await openAs(reader, payload))?.inner).toEqual(letterTo(bo, mia));
  });

  test('[PR2] on every device of its author', async () => {
    const payload = await payloadOf(await sealedFor([bo]));
    for (const device of [ana, anasTablet]) expect((await openAs(device, payload))?.inner).toEqual(letterTo(bo));
  });

  test('[PR5] to a body of any kind, as it was said', async () => {
    const body = { point: [-40, 15], feelings: ['worn out'], words: '\uFEFFso. ☂', id: new Uint8Array(16) };
    const inner = { kind: kinds.checkIn, to: [personOf(bo)], body };
    expect((await openAs(bo, await payloadOf(await sealedFor([bo], inner))))?.inner).toEqual(inner);
    const later = { kind: 999, to: [], body: { nested: new Map([['deep', [1, null]]]) } };
    expect((await openAs(bo, await payloadOf(await sealedFor([bo], later))))?.inner).toEqual(later);
  });

  test('[PR6] with the content key that opening once gave, and without any key of the device', async () => {
    const payload = await payloadOf(await sealedFor([bo]));
    const contentKey = (await openAs(bo, payload))?.contentKey;
    expect(contentKey).toHaveLength(32);
    expect(await openPrivate(payload, eve.device.agreeKeys, contentKey)).toEqual({ inner: letterTo(bo), contentKey });
    expect(await openPrivate(payload, bo.device.agreeKeys, new Uint8Array(32))).toBeUndefined();
  });

  test('[PR4] with a content key that is another for every version', async () => {
    const [first, second] = [await payloadOf(await sealedFor([bo])), await payloadOf(await sealedFor([bo]))];
    const keys = [(await openAs(bo, first))?.contentKey, (await openAs(bo, second))?.contentKey];
    expect(keys[0]).not.toEqual(keys[1]);
    expect(await openPrivate(second, bo.device.agreeKeys, keys[0])).toBeUndefined();
  });

  test('[PR6] past a seal that holds another key, and one that holds none', async () => {
    const contentKey = random.bytes(32);
    const content = encodeCbor({ kind: kinds.thought, to: [], body: {} });
    const seals = [await sealFor(bo, random.bytes(32)), new Uint8Array(80), await sealFor(bo, contentKey)];
    const payload = await payloadOf({
      seals: [...seals, await sealFor(bo, random.bytes(32))],
      box: await boxOf(addPadding(content), contentKey)
    });
    expect((await openAs(bo, payload))?.inner).toEqual({ kind: kinds.thought, to: [], body: {} });
  });
});

describe('a friend outside the audience, with all keys of the circle and their own', () => {
  test('[PR6] opens nothing', async () => {
    const payload = await payloadOf(await sealedFor([bo, mia]));
    expect(payload.kind).toBe(kinds.private);
    for (const outsider of [jo, eve]) expect(await openAs(outsider, payload)).toBeUndefined();
  });

  test('[PR1] [PR5] finds neither words nor readers nor the kind in what opens for everybody', async () => {
    const inner = { kind: 0x1234567, to: [personOf(bo), personOf(mia)], body: { words } };
    const signed = bytesToHex(payloadToBytes(await payloadOf(await sealedFor([bo, mia], inner))));
    const of = (bytes: Bytes): string => bytesToHex(bytes);
    const told = [utf8ToBytes(words), utf8ToBytes('words'), encodeCbor(inner.kind)].map(of);
    const named = [bo, mia].flatMap((reader) => [of(idToBytes(reader.device.id)), of(agreeKeyOf(reader))]);
    for (const secret of [...told, ...named]) expect(signed).not.toContain(secret);
    const content = of(encodeCbor({ ...inner, to: inner.to.map(idToBytes) }));
    for (const secret of told) expect(content).toContain(secret);
    expect(signed).toContain(of(idToBytes(ana.device.id)));
  });

  test('[PR3] [PR4] sees the same whether it is for one friend or three, and whether a letter or a check-in', async () => {
    const checkIn: PrivateContent = {
      kind: kinds.checkIn,
      to: [personOf(bo)],
      body: { id: new Uint8Array(16), point: [-40, 15], feelings: ['worn out', 'tender'], words, help: 'hear-me' }
    };
    const seen = await Promise.all(
      [sealedFor([bo]), sealedFor([bo, mia], letterTo(bo, mia)), sealedFor([bo], checkIn)].map(async (sealing) => {
        const record = await recordOf(await sealing);
        const { body, ...outer } = (await circle.open(record)).payload;
        const { seals, box } = partsOf({ ...outer, body });
        return { outer, fields: Object.keys(body), seals: seals.length, box: box.length, sent: record.envelope.length };
      })
    );
    for (const one of seen) expect(one).toEqual(seen[0]);
    // One device each for Ana and three friends: with a single one of them, as many seals.
    const sizes = [[bo], [bo, mia, jo]].map(async (readers) => {
      const agreeKeys = [ana, ...readers].map(agreeKeyOf);
      const inner = letterTo(...readers);
      const saying = { circle: circle.id, device: ana.device.id, slot, inner, agreeKeys };
      const { seals, box } = partsOf(await payloadOf(unwrap(await sealPrivate(saying, random))));
      return [seals.length, box.length];
    });
    expect(await sizes[0]).toEqual([4, 28 + 256]);
    expect(await sizes[1]).toEqual([4, 28 + 256]);
  });

  test('[PR3] sees a multiple of four seals, of which each device opens exactly one', async () => {
    const devices = [ana, anasTablet, bo, mia, jo, eve];
    for (const count of [1, 3, 4, 5]) {
      const agreeKeys = devices.slice(0, count).map(agreeKeyOf);
      const saying = { circle: circle.id, device: ana.device.id, slot, inner: letterTo(), agreeKeys };
      const { seals } = partsOf(await payloadOf(unwrap(await sealPrivate(saying, random))));
      expect(seals).toHaveLength(Math.ceil(count / 4) * 4);
      const opened = await Promise.all(
        devices.map(async ({ device }) => {
          const tried = await Promise.all(seals.map((seal) => openSealed(device.agreeKeys, seal, info, aadOf())));
          return tried.filter((key) => key !== undefined).length;
        })
      );
      expect(opened).toEqual(devices.map((_, i) => (i < count ? 1 : 0)));
    }
  });

  test('[PR3] cannot tell by its place whose a seal is', async () => {
    const places = new Map<number, number>();
    for (let n = 0; n < 60; n++) {
      const { seals } = partsOf(await payloadOf(await sealedFor([bo])));
      const tried = await Promise.all(seals.map((seal) => openSealed(bo.device.agreeKeys, seal, info, aadOf())));
      const place = tried.findIndex((key) => key !== undefined);
      places.set(place, (places.get(place) ?? 0) + 1);
    }
    expect([...places.keys()].toSorted()).toEqual([0, 1, 2, 3]);
    for (const times of places.values()) expect(times).toBeGreaterThan(5);
  });

  test('[PR7] learns nothing from the name of the slot', () => {
    const slots = Array.from({ length: 100 }, () => newPrivateSlot(random));
    expect(new Set(slots).size).toBe(100);
    for (const name of slots) expect(name).toMatch(/^private\/[\w-]{22}$/);
    expect(slots[0]?.length).toBeLessThanOrEqual(slotLengthMax);
  });
});

describe('[PR2] what somebody sealed cannot be lifted', () => {
  test('into a record of somebody else, not even by one who can read it', async () => {
    const body = await sealedFor([bo, mia]);
    expect(await openAs(mia, await payloadOf(body))).toBeDefined();
    for (const thief of [bo, eve]) expect(await openAs(mia, await payloadOf(body, thief))).toBeUndefined();
  });

  test('with another box under the same seals', async () => {
    const payload = await payloadOf(await sealedFor([bo, mia]));
    const contentKey = (await openAs(bo, payload))?.contentKey as Bytes;
    const forged = addPadding(encodeCbor({ kind: kinds.letter, to: [], body: { words: 'from Bo, as if by Ana' } }));
    const box = await boxOf(forged, contentKey, aadOf(bo.device.id));
    const lifted = { seals: partsOf(payload).seals, box };
    expect(await openAs(mia, await payloadOf(lifted, bo))).toBeUndefined();
  });

  test('into another slot, or another circle', async () => {
    const payload = await payloadOf(await sealedFor([bo]));
    const elsewhere = [
      { slot: 'private/another' },
      { circle: bytesToId<CircleId>(new Uint8Array(16)) },
      { device: bo.device.id }
    ];
    for (const place of elsewhere) {
      expect(await openAs(bo, { ...payload, ...place })).toBeUndefined();
      const { contentKey } = (await openAs(bo, payload)) ?? {};
      expect(await openPrivate({ ...payload, ...place }, bo.device.agreeKeys, contentKey)).toBeUndefined();
    }
  });
});

describe('[PR3] keys that cannot be sealed to', () => {
  test.each([
    ['of low order', new Uint8Array(32)],
    ['of low order, too', Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0))],
    ['cut short', new Uint8Array(31).fill(9)],
    ['that is none', new Uint8Array(0)]
  ])('names the first one: a key %s', async (_, unusable) => {
    const agreeKeys = [agreeKeyOf(ana), agreeKeyOf(bo), unusable, unusable];
    const saying = { circle: circle.id, device: ana.device.id, slot, inner: letterTo(bo), agreeKeys };
    expect(await sealPrivate(saying, random)).toEqual({ ok: false, error: { type: 'NoUsableKey', index: 2 } });
  });

  test('says so where there are too many', async () => {
    const agreeKeys = Array.from({ length: sealsMax + 1 }, () => agreeKeyOf(ana));
    const saying = { circle: circle.id, device: ana.device.id, slot, inner: letterTo(), agreeKeys };
    expect(await sealPrivate(saying, random)).toEqual({
      ok: false,
      error: { type: 'TooManyKeys', count: sealsMax + 1 }
    });
  });

  test('there is always one: its author’s', async () => {
    const saying = { circle: circle.id, device: ana.device.id, slot, inner: letterTo(), agreeKeys: [] };
    await expect(sealPrivate(saying, random)).rejects.toThrow('invariant broken');
  });
});
