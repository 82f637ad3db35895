/** COSE_Sign1: RFC 9052, the COSE working group's example, and what is no signed record. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesToHex, concatBytes, utf8ToBytes, type Bytes } from '../../../src/lib/base/bytes.ts';
import { importDevice } from '../../../src/lib/crypto/device.ts';
import { importVerifyKey, verify } from '../../../src/lib/crypto/verification.ts';
import { encodeCbor } from '../../../src/lib/records/codec.ts';
import { signSign1, sigStructure } from '../../../src/lib/records/sign1.ts';
import { bytesToSign1, verifySign1 } from '../../../src/lib/records/opened-sign1.ts';
import { friendSecrets, hex } from '../crypto/known-device.ts';

const content = utf8ToBytes('This is the content.');
const noBytes = new Uint8Array(0);

describe('RFC 9052', () => {
  // Appendix C.2.1: ES256, key "11" of appendix C.7.1.
  test('the Sig_structure of C.2.1 is the one its signature was made over', async () => {
    const structure = sigStructure(hex('a10126'), noBytes, content);
    expect(bytesToHex(structure)).toBe('846a5369676e61747572653143a101264054546869732069732074686520636f6e74656e742e');
    const point = concatBytes(
      hex('04'),
      hex('bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff'),
      hex('20138bf82dc1b6d562be0fa54ab7804a3a64b6d72ccfed6b6fb6ed28bbfc117e')
    );
    const key = await crypto.subtle.importKey('raw', point, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
    const signature = hex(
      '8eb33e4ca31d1c465ab05aac34cc6b23d58fef5c083106c4d25a91aef0b0117e2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5a4c345cacb36'
    );
    expect(await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, signature, structure)).toBe(true);
  });

  // github.com/cose-wg/Examples, eddsa-examples/eddsa-sig-01: protected {1: -8, 3: 0}, the key of RFC 8032 TEST 1.
  test("the working group's EdDSA example verifies over our Sig_structure", async () => {
    const structure = sigStructure(hex('a201270300'), noBytes, content);
    const key = await importVerifyKey(hex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'));
    const signature = hex(
      '7142fd2ff96d56db85bee905a76ba1d0b7321a95c8c4d3607c5781932b7afb8711497dfa751bf40b58b3bcc32300b1487f3db34085eef013bf08f4a44d6fef0d'
    );
    expect(key && (await verify(key, structure, signature))).toBe(true);
  });
});

describe('[EN6] a signed record', () => {
  const header = hex('a10127');
  const signature = new Uint8Array(64);
  const emptyMap = new Map();

  test('verifies with its key, and with no other', async () => {
    const [ana, bo] = await Promise.all([friendSecrets(0), friendSecrets(1)]);
    const { signKey } = await importDevice(ana);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const payload = Uint8Array.from(bytes);
        const sign1 = bytesToSign1(await signSign1(signKey, payload));
        if (sign1 === undefined) throw new Error('what is signed has the shape');
        expect(sign1.payload).toEqual(payload);
        expect(await verifySign1(ana.publicKeys.sign, sign1)).toBe(true);
        expect(await verifySign1(bo.publicKeys.sign, sign1)).toBe(false);
        expect(await verifySign1(ana.publicKeys.sign, { ...sign1, payload: concatBytes(payload, hex('00')) })).toBe(
          false
        );
        expect(await verifySign1(new Uint8Array(5), sign1)).toBe(false);
      }),
      { numRuns: 30 }
    );
  });

  test('has the shape it is made in', () => {
    expect(bytesToSign1(encodeCbor([header, emptyMap, content, signature]))).toEqual({ payload: content, signature });
  });

  const others: readonly (readonly [string, Bytes])[] = [
    ['with another algorithm', encodeCbor([hex('a10126'), emptyMap, content, signature])],
    ['with more in the protected header', encodeCbor([hex('a201270300'), emptyMap, content, signature])],
    ['with an unprotected header', encodeCbor([header, new Map([[4, hex('3131')]]), content, signature])],
    ['with a detached payload', encodeCbor([header, emptyMap, null, signature])],
    ['with a payload that is text', encodeCbor([header, emptyMap, 'text', signature])],
    ['with a short signature', encodeCbor([header, emptyMap, content, new Uint8Array(63)])],
    ['with a long signature', encodeCbor([header, emptyMap, content, new Uint8Array(65)])],
    ['with a part too few', encodeCbor([header, emptyMap, content])],
    ['with a part too many', encodeCbor([header, emptyMap, content, signature, null])],
    ['with tag 18', concatBytes(hex('d2'), encodeCbor([header, emptyMap, content, signature]))],
    ['with a byte after its end', concatBytes(encodeCbor([header, emptyMap, content, signature]), hex('00'))],
    ['that is no array', encodeCbor({ payload: content })],
    ['that is nothing', noBytes]
  ];

  test.each(others)('refuses one %s', (_, bytes) => {
    expect(bytesToSign1(bytes)).toBeUndefined();
  });
});
