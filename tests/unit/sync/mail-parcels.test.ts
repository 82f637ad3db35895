/** What goes together in one event, and until when. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { envelopeBytesMax } from '../../../src/lib/base/limits.ts';
import { addPadding } from '../../../src/lib/records/padding.ts';
import { encodeCbor } from '../../../src/lib/records/codec.ts';
import { sortMail, splitParcel } from '../../../src/lib/sync/mail-parcels.ts';

const nowS = 1_700_000_000;
const [hourS, dayS] = [3600, 86_400];
const envelope = (bytes: number) => new Uint8Array(bytes).fill(1);
const plain = (count: number, bytes = 541) => Array.from({ length: count }, () => ({ envelope: envelope(bytes) }));

/** Letters of the content of an event that holds these. */
const contentLength = (envelopes: readonly Uint8Array[]) =>
  Math.ceil(((28 + addPadding(encodeCbor(envelopes), 1024).length) * 4) / 3);

describe('[MB3] parcels', () => {
  test('single letters go each on their own, in their order', () => {
    const { parcels } = sortMail(plain(3), 'single', nowS);
    expect(parcels.map(({ places }) => places)).toEqual([[0], [1], [2]]);
  });

  test('packed, 3,000 go in a hundred events that all fit', () => {
    const { parcels } = sortMail(plain(3000), 'packed', nowS);
    expect(parcels.length).toBeLessThan(100);
    for (const { envelopes } of parcels) expect(contentLength(envelopes)).toBeLessThanOrEqual(40 * 1024);
  });

  test('every envelope is in one parcel or refused, whatever its size and its end', () => {
    const letter = fc.record({
      envelope: fc.integer({ min: 1, max: envelopeBytesMax + 300 }).map(envelope),
      expiresMs: fc.option(
        fc.integer({ min: nowS - dayS, max: nowS + 400 * dayS }).map((s) => s * 1000),
        { nil: undefined }
      )
    });
    fc.assert(
      fc.property(
        fc.array(letter, { maxLength: 60 }),
        fc.constantFrom('single' as const, 'packed' as const),
        (given, packing) => {
          const mail = given.map(({ envelope, expiresMs }) =>
            expiresMs === undefined ? { envelope } : { envelope, expiresMs }
          );
          const { parcels, refused } = sortMail(mail, packing, nowS);
          const places = [...parcels.flatMap(({ places }) => places), ...refused.keys()];
          expect(places.toSorted((a, b) => a - b)).toEqual(mail.map((_, place) => place));
          for (const { places, envelopes, expiresS } of parcels) {
            expect(envelopes).toEqual(places.map((place) => mail[place]?.envelope));
            expect(contentLength(envelopes)).toBeLessThanOrEqual(40 * 1024);
            expect(expiresS % hourS).toBe(0);
            for (const place of places) {
              const wantedS = Math.min(Math.floor((mail[place]?.expiresMs ?? Infinity) / 1000), nowS + 180 * dayS);
              expect(expiresS).toBeGreaterThanOrEqual(wantedS);
              expect(expiresS).toBeLessThan(wantedS + dayS + 2 * hourS);
            }
          }
        }
      )
    );
  });

  test('what fades today does not last as long as what is kept', () => {
    const mail = [
      { envelope: envelope(300) },
      { envelope: envelope(300), expiresMs: (nowS + 5 * hourS) * 1000 },
      { envelope: envelope(300) }
    ];
    const { parcels } = sortMail(mail, 'packed', nowS);
    expect(parcels.map(({ places }) => places)).toEqual([[1], [0, 2]]);
  });

  test('refuses what is too large or over, and holds empty envelopes for a mistake of ours', () => {
    const mail = [{ envelope: envelope(envelopeBytesMax + 1) }, { envelope: envelope(1), expiresMs: nowS * 1000 }];
    expect([...sortMail(mail, 'packed', nowS).refused]).toEqual([
      [0, { type: 'TooLarge' }],
      [1, { type: 'Expired' }]
    ]);
    expect(() => sortMail(plain(1, 0), 'single', nowS)).toThrow('something');
  });

  test('a parcel splits into its letters', () => {
    const [parcel] = sortMail(plain(3), 'packed', nowS).parcels;
    expect(parcel && splitParcel(parcel).map(({ places, envelopes }) => [places, envelopes.length])).toEqual([
      [[0], 1],
      [[1], 1],
      [[2], 1]
    ]);
  });
});
