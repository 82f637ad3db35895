/** The envelope: version, associated data, padding, limit. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes, utf8ToBytes, type Bytes } from '../../../src/lib/base/bytes.ts';
import { bytesToId, idToBytes, type CircleId, type EpochId } from '../../../src/lib/base/ids.ts';
import { envelopeBytesMax, paddingStepBytes } from '../../../src/lib/base/limits.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import * as aead from '../../../src/lib/crypto/aead.ts';
import { sealEnvelope } from '../../../src/lib/records/envelope.ts';
import { openEnvelope } from '../../../src/lib/records/opened-envelope.ts';
import { type EpochKeys } from '../../../src/lib/records/epoch-keys.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { foundingKeys } from './founding-keys.ts';

const random = seededRandom(1);
const circle = bytesToId<CircleId>(new Uint8Array(16).fill(1));
const epoch = bytesToId<EpochId>(new Uint8Array(16).fill(2));
const secret = new Uint8Array(32).fill(3);
const keysOf = (changes: { circle?: CircleId; epoch?: EpochId; secret?: Bytes } = {}): Promise<EpochKeys> =>
  foundingKeys(changes.circle ?? circle, changes.epoch ?? epoch, changes.secret ?? secret);

/** Seals bytes as they are, without the padding that an honest device makes. */
const sealUnpadded = async (keys: EpochKeys, padded: Bytes): Promise<Bytes> => {
  const aad = concatBytes(Uint8Array.of(1), idToBytes(keys.circle), idToBytes(keys.epoch));
  return concatBytes(Uint8Array.of(1), await aead.seal(keys.enc, padded, aad, random));
};

describe('envelopes', () => {
  test('[EN1] [EN3] open to what was sealed, and show only a length in steps', async () => {
    const keys = await keysOf();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 1000 }), async (bytes) => {
        const sign1 = Uint8Array.from(bytes);
        const envelope = unwrap(await sealEnvelope(keys, sign1, random));
        const padded = envelope.length - 1 - 12 - 16;
        expect(envelope[0]).toBe(1);
        expect(padded % paddingStepBytes).toBe(0);
        expect(padded - sign1.length).toBeLessThanOrEqual(paddingStepBytes);
        expect(unwrap(await openEnvelope(envelope, [keys])).sign1).toEqual(sign1);
      }),
      { numRuns: 50 }
    );
  });

  test('[EN1] the same record sealed twice looks like two', async () => {
    const keys = await keysOf();
    const [one, other] = [
      unwrap(await sealEnvelope(keys, secret, random)),
      unwrap(await sealEnvelope(keys, secret, random))
    ];
    expect(one).not.toEqual(other);
  });

  test('[EN1] the epochs at hand are tried in turn', async () => {
    const [keys, older] = [await keysOf(), await keysOf({ secret: new Uint8Array(32).fill(9) })];
    const envelope = unwrap(await sealEnvelope(older, secret, random));
    expect(unwrap(await openEnvelope(envelope, [keys, older])).keys).toBe(older);
    expect(await openEnvelope(envelope, [])).toEqual({ ok: false, error: { type: 'NotOpened' } });
  });

  test.each([
    ['circle', { circle: bytesToId<CircleId>(new Uint8Array(16).fill(7)) }],
    ['epoch', { epoch: bytesToId<EpochId>(new Uint8Array(16).fill(7)) }],
    ['key', { secret: new Uint8Array(32).fill(7) }]
  ])('[EN4] refuses an envelope whose %s was altered', async (_, changes) => {
    const envelope = unwrap(await sealEnvelope(await keysOf(), utf8ToBytes('words'), random));
    expect(await openEnvelope(envelope, [await keysOf(changes)])).toEqual({ ok: false, error: { type: 'NotOpened' } });
  });

  test('[EN4] refuses an envelope of which any byte was altered', async () => {
    const keys = await keysOf();
    const envelope = unwrap(await sealEnvelope(keys, utf8ToBytes('words'), random));
    for (let at = 1; at < envelope.length; at += 7) {
      const altered = envelope.slice();
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(await openEnvelope(altered, [keys])).toEqual({ ok: false, error: { type: 'NotOpened' } });
    }
  });

  test('[EN9] names a newer version', async () => {
    const keys = await keysOf();
    const envelope = unwrap(await sealEnvelope(keys, utf8ToBytes('words'), random));
    envelope[0] = 2;
    expect(await openEnvelope(envelope, [keys])).toEqual({ ok: false, error: { type: 'UnknownVersion', version: 2 } });
  });

  test.each([
    ['nothing', new Uint8Array(0)],
    ['version 0', new Uint8Array(300)]
  ])('[EN1] %s is no newer version: it is malformed', async (_, envelope) => {
    expect(await openEnvelope(envelope, [await keysOf()])).toEqual({ ok: false, error: { type: 'Malformed' } });
  });

  test('[EN2] seals up to the limit and not past it', async () => {
    const keys = await keysOf();
    const steps = Math.floor((envelopeBytesMax - 1 - 12 - 16) / paddingStepBytes);
    const largest = steps * paddingStepBytes - 1;
    expect((await sealEnvelope(keys, new Uint8Array(largest), random)).ok).toBe(true);
    const beyond = await sealEnvelope(keys, new Uint8Array(largest + 1), random);
    expect(beyond).toEqual({ ok: false, error: { type: 'TooLarge', byteLength: (steps + 1) * paddingStepBytes + 29 } });
  });

  test('[EN2] refuses what is too large before it looks at it', async () => {
    const byteLength = envelopeBytesMax + 1;
    const error = { type: 'TooLarge', byteLength };
    expect(await openEnvelope(new Uint8Array(byteLength).fill(9), [await keysOf()])).toEqual({ ok: false, error });
  });

  test.each([
    ['no mark', new Uint8Array(256)],
    ['nothing', new Uint8Array(0)],
    ['a length that is no step', Uint8Array.of(1, 2, 0x80)],
    ['a step more than is needed', concatBytes(Uint8Array.of(1, 0x80), new Uint8Array(510))],
    ['something after the mark', concatBytes(Uint8Array.of(0x80), new Uint8Array(254), Uint8Array.of(1))]
  ])('[EN3] refuses padding with %s', async (_, padded) => {
    const keys = await keysOf();
    expect(await openEnvelope(await sealUnpadded(keys, padded), [keys])).toEqual({
      ok: false,
      error: { type: 'Malformed' }
    });
  });
});
