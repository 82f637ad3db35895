/** Ledger and ack: what a device says it has said, and what it holds of others. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesToId, idToBytes, type DeviceId, type RecordHash } from '../../../src/lib/base/ids.ts';
import { sha256 } from '../../../src/lib/crypto/hash.ts';
import { concatBytes } from '../../../src/lib/base/bytes.ts';
import { ackToBody, ledgerToBody, makeLedger, type LiveRecord } from '../../../src/lib/records/ledger.ts';
import { satisfiesLedger } from '../../../src/lib/records/ledger-reading.ts';
import { bodyToAck, bodyToLedger } from '../../../src/lib/records/ledger-reading.ts';
import { decodeCbor, encodeCbor, textMapToObject } from '../../../src/lib/records/codec.ts';

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => bytesToId<RecordHash>(bytes));
const live: fc.Arbitrary<LiveRecord[]> = fc.uniqueArray(fc.record({ seq: fc.integer({ min: 1, max: 60 }), hash }), {
  selector: ({ seq }) => seq,
  maxLength: 40
});
const device = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => bytesToId<DeviceId>(bytes));

/** A body as it is after a journey: encoded, decoded, an object again. */
const travelled = (body: unknown): unknown => textMapToObject(decodeCbor(encodeCbor(body)));

describe('[LA3] a ledger', () => {
  test('lists exactly the live numbers, in as few ranges as possible, whatever their order', async () => {
    await fc.assert(
      fc.asyncProperty(live, async (records) => {
        const ledger = await makeLedger(records);
        const listed = ledger.ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
        expect(listed).toEqual(records.map(({ seq }) => seq).sort((a, b) => a - b));
        ledger.ranges.slice(1).forEach(([from], i) => expect(from).toBeGreaterThan((ledger.ranges[i]?.[1] ?? 0) + 1));
        expect(await makeLedger(records.toReversed())).toEqual(ledger);
        expect(bodyToLedger(travelled(ledgerToBody(ledger)))).toEqual(ledger);
      }),
      { numRuns: 50 }
    );
  });

  test('hashes the hashes in the order of their text', async () => {
    const records = ['b', 'a', 'C'].map((text, i) => ({
      seq: i + 1,
      hash: (text.repeat(43).slice(0, 42) + 'A') as RecordHash
    }));
    const inOrder = [2, 1, 0].map((i) => idToBytes(records[i]?.hash ?? ''));
    expect((await makeLedger(records)).hash).toEqual(await sha256(concatBytes(...inOrder)));
  });

  test('is satisfied by what it lists and by more, and by nothing less', async () => {
    await fc.assert(
      fc.asyncProperty(live, hash, async (records, otherHash) => {
        const ledger = await makeLedger(records);
        expect(await satisfiesLedger(ledger, records.toReversed())).toBe(true);
        expect(await satisfiesLedger(ledger, [...records, { seq: 61, hash: otherHash }])).toBe(true);
        const [first, ...rest] = records;
        if (first === undefined) return;
        expect(await satisfiesLedger(ledger, rest)).toBe(false);
        expect(await satisfiesLedger(ledger, [...rest, { ...first, hash: otherHash }])).toBe(first.hash === otherHash);
      }),
      { numRuns: 50 }
    );
  });

  const sound = {
    ranges: [
      [1, 3],
      [5, 5]
    ],
    hash: new Uint8Array(32)
  };
  test.each([
    [
      'overlapping ranges',
      {
        ...sound,
        ranges: [
          [1, 3],
          [3, 5]
        ]
      }
    ],
    [
      'ranges out of order',
      {
        ...sound,
        ranges: [
          [5, 5],
          [1, 3]
        ]
      }
    ],
    ['a range that ends before it begins', { ...sound, ranges: [[3, 1]] }],
    ['record number 0', { ...sound, ranges: [[0, 1]] }],
    ['a number that is not whole', { ...sound, ranges: [[1, 1.5]] }],
    ['a short hash', { ...sound, hash: new Uint8Array(31) }],
    ['no hash', { ranges: [] }],
    ['no ranges', { hash: new Uint8Array(32) }]
  ])('refuses %s', (_, body) => {
    expect(bodyToLedger(sound)).toEqual(sound);
    expect(bodyToLedger(body)).toBeUndefined();
  });

  test('a claim to have said everything is not satisfied, and costs nothing', async () => {
    const ledger = { ranges: [[1, Number.MAX_SAFE_INTEGER]] as const, hash: new Uint8Array(32) };
    expect(await satisfiesLedger(ledger, [{ seq: 1, hash: bytesToId(new Uint8Array(32)) }])).toBe(false);
  });
});

describe('[LA4] an ack', () => {
  test('comes back as it was said, one byte string whatever the order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(device, fc.nat()), { selector: ([id]) => id, maxLength: 30 }), (entries) => {
        const ack = new Map(entries);
        expect(bodyToAck(travelled(ackToBody(ack)))).toEqual(ack);
        expect(encodeCbor(ackToBody(new Map(entries.toReversed())))).toEqual(encodeCbor(ackToBody(ack)));
      })
    );
  });

  const id = new Uint8Array(16);
  test.each([
    ['a short device id', { acks: [[new Uint8Array(15), 1]] }],
    ['a device id that is text', { acks: [['Mia', 1]] }],
    ['a negative version', { acks: [[id, -1]] }],
    ['a version that is not whole', { acks: [[id, 0.5]] }],
    ['more devices than any circle has', { acks: Array.from({ length: 601 }, () => [id, 1]) }],
    ['nothing', {}]
  ])('refuses %s', (_, body) => {
    expect(bodyToAck({ acks: [[id, 1]] })).toEqual(new Map([[bytesToId(id), 1]]));
    expect(bodyToAck(body)).toBeUndefined();
  });
});
