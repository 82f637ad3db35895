/** HPKE through our functions: the CFRG's vector for our suite, and what does not open. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes, utf8ToBytes, type Bytes } from '../../../src/lib/base/bytes.ts';
import { importDevice } from '../../../src/lib/crypto/device.ts';
import * as hpke from '../../../src/lib/crypto/hpke.ts';
import { friendSecrets, hex, knownSecrets } from './known-device.ts';

/** Seals to a key that is known to be usable. */
const sealTo = async (...args: Parameters<typeof hpke.sealTo>): Promise<Bytes> => {
  const box = await hpke.sealTo(...args);
  if (box === undefined) throw new Error('this key is usable');
  return box;
};

describe('RFC 9180', () => {
  // Base mode, KEM 0x0020, KDF 0x0001, AEAD 0x0002, sequence number 0. RFC 9180's appendix prints other AEADs for this
  // KEM; this one is in the test-vectors.json that the RFC points to (github.com/cfrg/draft-irtf-cfrg-hpke).
  test('opens what the vector sealed', async () => {
    const skRm = hex('497b4502664cfea5d5af0b39934dac72242a74f8480451e1aee7d6a53320333d');
    const pkRm = hex('430f4b9859665145a6b1ba274024487bd66f03a2dd577d7753c68d7d7d00c00c');
    const enc = hex('6c93e09869df3402d7bf231bf540fadd35cd56be14f97178f0954db94b7fc256');
    const ct = hex('e5d84cd531cfb583096e7cfa9641bd3079cf3a91cda813c52deb5f512be9931980a41de125a925cdad859d5b7a');
    const secrets = await knownSecrets(new Uint8Array(32), skRm);
    const device = await importDevice(secrets);
    expect(secrets.publicKeys.agree).toEqual(pkRm);
    const info = hex('4f6465206f6e2061204772656369616e2055726e');
    const opened = await hpke.openSealed(device.agreeKeys, concatBytes(enc, ct), info, hex('436f756e742d30'));
    expect(opened).toEqual(utf8ToBytes('Beauty is truth, truth beauty'));
  });
});

describe('sealing to a device', () => {
  const [info, aad] = [utf8ToBytes('info'), utf8ToBytes('aad')];

  test('what is sealed opens, for that device, with that info and aad', async () => {
    const [ana, bo] = await Promise.all([importDevice(await friendSecrets(0)), importDevice(await friendSecrets(1))]);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const plaintext = Uint8Array.from(bytes);
        const box = await sealTo(ana.publicKeys.agree, plaintext, info, aad);
        expect(box).toHaveLength(32 + plaintext.length + 16);
        expect(await hpke.openSealed(ana.agreeKeys, box, info, aad)).toEqual(plaintext);
        expect(await hpke.openSealed(bo.agreeKeys, box, info, aad)).toBeUndefined();
        expect(await hpke.openSealed(ana.agreeKeys, box, aad, aad)).toBeUndefined();
        expect(await hpke.openSealed(ana.agreeKeys, box, info, info)).toBeUndefined();
      }),
      { numRuns: 20 }
    );
  });

  test('a low-order key, which anybody may state, is refused and does not throw', async () => {
    expect(await hpke.sealTo(new Uint8Array(32), utf8ToBytes('the epoch key'), info, aad)).toBeUndefined();
  });

  test('a box that was altered anywhere, cut short or emptied does not open and does not throw', async () => {
    const ana = await importDevice(await friendSecrets(0));
    const box = await sealTo(ana.publicKeys.agree, utf8ToBytes('the epoch key'), info, aad);
    for (let at = 0; at < box.length; at += 3) {
      const altered = box.slice();
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(await hpke.openSealed(ana.agreeKeys, altered, info, aad)).toBeUndefined();
    }
    for (const length of [0, 1, 31, 32, 33, 48, box.length - 1]) {
      expect(await hpke.openSealed(ana.agreeKeys, box.slice(0, length), info, aad)).toBeUndefined();
    }
  });

  test('a box whose point is of low order does not open and does not throw', async () => {
    const ana = await importDevice(await friendSecrets(0));
    expect(await hpke.openSealed(ana.agreeKeys, new Uint8Array(64), info, aad)).toBeUndefined();
  });
});
