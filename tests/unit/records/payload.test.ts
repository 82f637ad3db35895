/** The signed payload: every field, its range, and no other field. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesToId } from '../../../src/lib/base/ids.ts';
import { slotLengthMax } from '../../../src/lib/base/limits.ts';
import { decodeCbor, encodeCbor } from '../../../src/lib/records/codec.ts';
import { isBookkeepingKind } from '../../../src/lib/records/kinds.ts';
import { payloadToBytes, type Payload } from '../../../src/lib/records/payload.ts';
import { bytesToPayload } from '../../../src/lib/records/opened-payload.ts';

const id = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => bytesToId<never>(bytes));
const whole = fc.maxSafeNat();
const kind = fc.integer({ min: 1, max: 1000 });

const payload: fc.Arbitrary<Payload> = fc
  .record({
    circle: id,
    epoch: id,
    device: id,
    seq: fc.integer({ min: 1, max: 2 ** 40 }),
    slot: fc.string({ unit: 'binary', minLength: 1, maxLength: slotLengthMax / 2 }),
    ver: fc.integer({ min: 1, max: 2 ** 40 }),
    time: fc.record({ ms: whole, count: whole }),
    expMs: fc.option(whole),
    kind,
    body: fc.dictionary(fc.string({ unit: 'binary' }), fc.oneof(fc.string({ unit: 'binary' }), whole, fc.boolean()))
  })
  .map((fields) => ({ ...fields, seq: isBookkeepingKind(fields.kind) ? 0 : fields.seq }));

/** Field numbers as they stand on the wire. */
const field = { circle: 1, epoch: 2, device: 3, seq: 4, slot: 5, ver: 6, ms: 7, count: 8, exp: 9, kind: 10, body: 11 };

const sound: Payload = {
  circle: bytesToId(new Uint8Array(16).fill(1)),
  epoch: bytesToId(new Uint8Array(16).fill(2)),
  device: bytesToId(new Uint8Array(16).fill(3)),
  seq: 1,
  slot: 'now',
  ver: 1,
  time: { ms: 1000, count: 0 },
  expMs: null,
  kind: 32,
  body: { words: 'hello' }
};

/** The sound payload's bytes with some fields set otherwise, or taken away with `undefined`. */
const changed = (changes: readonly (readonly [number, unknown])[]): Uint8Array => {
  const map = new Map(decodeCbor(payloadToBytes(sound)) as Map<number, unknown>);
  for (const [key, value] of changes) {
    if (value === undefined) map.delete(key);
    else map.set(key, value);
  }
  return encodeCbor(map);
};

describe('[EN5] the payload', () => {
  test('comes back as it was said', () => {
    fc.assert(
      fc.property(payload, (original) => {
        const bytes = payloadToBytes(original);
        const decoded = bytesToPayload(bytes);
        expect(decoded && { ...decoded, body: { ...decoded.body } }).toEqual({
          ...original,
          body: { ...original.body }
        });
        expect(decoded && payloadToBytes(decoded)).toEqual(bytes);
      })
    );
  });

  test('is a map with the integer keys 1 to 11, 9 only where it fades', () => {
    const keys = (bytes: Uint8Array): unknown[] => [...(decodeCbor(bytes) as Map<unknown, unknown>).keys()];
    expect(keys(payloadToBytes(sound))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 10, 11]);
    expect(keys(payloadToBytes({ ...sound, expMs: 5 }))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  test('the control: the sound one is let through', () => {
    expect(bytesToPayload(changed([]))).toMatchObject({ slot: 'now', ver: 1 });
  });

  test.each(Object.values(field).filter((key) => key !== field.exp))('refuses one without field %i', (key) => {
    expect(bytesToPayload(changed([[key, undefined]]))).toBeUndefined();
  });

  const refused: readonly (readonly [string, readonly (readonly [number, unknown])[]])[] = [
    ['a field that is not known', [[12, 1]]],
    ['a short circle id', [[field.circle, new Uint8Array(15)]]],
    ['an epoch id that is text', [[field.epoch, 'epoch']]],
    ['a long device id', [[field.device, new Uint8Array(17)]]],
    ['a negative record number', [[field.seq, -1]]],
    ['a record number that is not whole', [[field.seq, 1.5]]],
    ['a record without a number', [[field.seq, 0]]],
    ['a ledger with a record number', [[field.kind, 10]]],
    ['an ack with a record number', [[field.kind, 11]]],
    ['an empty slot', [[field.slot, '']]],
    ['a slot with too long a name', [[field.slot, 'x'.repeat(slotLengthMax + 1)]]],
    ['a slot that is bytes', [[field.slot, new Uint8Array(3)]]],
    ['version 0', [[field.ver, 0]]],
    ['a negative time', [[field.ms, -1]]],
    ['a time that is not whole', [[field.ms, 0.5]]],
    ['a negative count', [[field.count, -1]]],
    ['an end that is text', [[field.exp, 'never']]],
    ['an end that is null', [[field.exp, null]]],
    ['a kind that is text', [[field.kind, 'check-in']]],
    ['kind 0, which marks what faded', [[field.kind, 0]]],
    ['a body that is no map', [[field.body, 'words']]],
    ['a body with a key that is a number', [[field.body, new Map([[1, 'words']])]]]
  ];

  test.each(refused)('refuses %s', (_, changes) => {
    expect(bytesToPayload(changed(changes))).toBeUndefined();
  });

  test('refuses what is no map at all', () => {
    for (const value of [null, 1, 'text', [], { circle: 1 }]) expect(bytesToPayload(encodeCbor(value))).toBeUndefined();
    expect(bytesToPayload(new Uint8Array(0))).toBeUndefined();
  });
});
