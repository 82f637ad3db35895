/**
 * A private record of version 1 that was sealed once and is read for ever: `private-v1.json` is never written again.
 *
 * Seals are new each time, so only reading can be pinned: a letter of Ana's to Bo, in the circle of `protocol-v1.json`.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { idToBytes, bytesToId, type CircleId, type EpochId } from '../../../src/lib/base/ids.ts';
import { circleIdOf } from '../../../src/lib/circle/circle-id.ts';
import { importDevice } from '../../../src/lib/crypto/device.ts';
import { decodeCbor, textMapToObject } from '../../../src/lib/records/codec.ts';
import type { Payload } from '../../../src/lib/records/payload.ts';
import { openPrivate, readPrivateBody } from '../../../src/lib/records/private.ts';
import { friendSecrets, hex } from '../crypto/known-device.ts';
import { vectorSecrets } from './protocol-v1.ts';

const vector = JSON.parse(readFileSync(new URL('./private-v1.json', import.meta.url), 'utf8')) as {
  readonly body: string;
  readonly contentKey: string;
};

test('[PR1] [PR2] [PR4] [PR5] a private record of version 1 is read by those it is for', async () => {
  const [ana, bo, mia] = await Promise.all([...(await vectorSecrets()), await friendSecrets(2)].map(importDevice));
  if (ana === undefined || bo === undefined || mia === undefined) throw new Error('three devices');
  const circle: CircleId = await circleIdOf(ana.publicKeys.sign, new Uint8Array(16).fill(0x11));
  const payload: Payload = {
    circle,
    epoch: bytesToId<EpochId>(new Uint8Array(16).fill(0x22)),
    device: ana.id,
    seq: 1,
    slot: 'private/AAECAwQFBgcICQoLDA0ODw',
    ver: 1,
    time: { ms: 1_772_625_600_000, count: 1 },
    expMs: null,
    kind: 48,
    body: textMapToObject(decodeCbor(hex(vector.body))) ?? {}
  };
  expect(readPrivateBody(payload.body)?.seals).toHaveLength(4);
  const inner = { kind: 67, to: [bo.id], body: { id: new Uint8Array(16).fill(0x66), words: 'For you alone. ☂' } };
  const contentKey = hex(vector.contentKey);
  for (const reader of [ana, bo]) {
    expect(await openPrivate(payload, reader.agreeKeys)).toEqual({ inner, contentKey });
  }
  expect(await openPrivate(payload, mia.agreeKeys)).toBeUndefined();
  expect(idToBytes(circle)).toEqual(hex('ba6f3cbf4a7acef21e1972f158801a09'));
});
