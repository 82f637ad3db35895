/** Passphrases: RFC 9106's own vector through our function, and what is promised of typing. */
import { describe, expect, test } from 'vitest';
import { bytesToHex } from '../../../src/lib/base/bytes.ts';
import { argon2id, derivePassphraseSecret, isCheaper, passphraseCost } from '../../../src/lib/crypto/passphrase.ts';

const small = { memoryKib: 64, passes: 1, lanes: 1 };
const salt = new Uint8Array(16).fill(2);
const repeated = (byte: number, length: number): Uint8Array<ArrayBuffer> => new Uint8Array(length).fill(byte);

describe('[VA6] Argon2id', () => {
  test('makes the tag of RFC 9106 §5.3', async () => {
    const more = { key: repeated(3, 8), personalization: repeated(4, 12) };
    const tag = await argon2id(repeated(1, 32), salt, { memoryKib: 32, passes: 3, lanes: 4 }, more);
    expect(bytesToHex(tag)).toBe('0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659');
  });

  test('forgets the password that it was given', async () => {
    const password = repeated(1, 32);
    await argon2id(password, salt, small);
    expect(password).toEqual(repeated(0, 32));
  });

  test('costs what is promised: 64 MiB, three passes', () => {
    expect(passphraseCost).toEqual({ memoryKib: 65536, passes: 3, lanes: 1 });
  });

  test.each([
    [{ memoryKib: 32, passes: 1, lanes: 1 }, true],
    [{ memoryKib: 64, passes: 1, lanes: 1 }, false],
    [{ memoryKib: 128, passes: 2, lanes: 1 }, false],
    [{ memoryKib: 32, passes: 4, lanes: 1 }, true]
  ])('%j is cheaper than 64 KiB and one pass: %s', (cost, expected) => {
    expect(isCheaper(cost, small)).toBe(expected);
  });
});

describe('[VA6] a passphrase', () => {
  const secretOf = (passphrase: string, withSalt = salt, cost = small): Promise<string> =>
    derivePassphraseSecret(passphrase, withSalt, cost).then(bytesToHex);

  test('is the same however its letters were composed, and differs by a letter, a space, its case', async () => {
    const secret = await secretOf('caf\u00e9 am See');
    expect(await secretOf('cafe\u0301 am See')).toBe(secret);
    for (const other of ['cafe am See', 'caf\u00e9 am see', 'caf\u00e9 am See ', ''])
      expect(await secretOf(other)).not.toBe(secret);
  });

  test('makes another secret with another salt or cost', async () => {
    const secret = await secretOf('four words nobody guesses');
    expect(await secretOf('four words nobody guesses', repeated(3, 16))).not.toBe(secret);
    expect(await secretOf('four words nobody guesses', salt, { ...small, passes: 2 })).not.toBe(secret);
  });
});
