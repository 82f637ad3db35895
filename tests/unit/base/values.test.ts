/** Results, invariants, ids, and chance in small portions. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assert, unreachable } from '../../../src/lib/base/assert.ts';
import { bytesToId, idToBytes } from '../../../src/lib/base/ids.ts';
import { jitterMs, randomFraction, systemRandom } from '../../../src/lib/base/random.ts';
import { err, ok, unwrap } from '../../../src/lib/base/result.ts';
import { seededRandom } from './seeded-random.ts';

describe('results', () => {
  test('unwrap gives the value, and throws the error', () => {
    expect(unwrap(ok(7))).toBe(7);
    expect(() => unwrap(err({ type: 'NotOpened' }))).toThrow('NotOpened');
  });
});

describe('invariants', () => {
  test('a broken one throws by name', () => {
    expect(() => assert(false, 'a thing holds')).toThrow('invariant broken: a thing holds');
    expect(() => assert(true, 'a thing holds')).not.toThrow();
    expect(() => unreachable('new' as never)).toThrow('unhandled variant "new"');
  });
});

describe('ids', () => {
  test('an id is its bytes, and its bytes are the id', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        expect(idToBytes(bytesToId(bytes))).toEqual(Uint8Array.from(bytes));
      })
    );
  });

  test('what is no id is a mistake of ours', () => {
    expect(() => idToBytes('not an id')).toThrow('invariant broken');
  });
});

describe('chance', () => {
  test('a fraction is at least 0 and less than 1', () => {
    const allOnes = { bytes: (length: number) => new Uint8Array(length).fill(0xff) };
    expect(randomFraction({ bytes: (length) => new Uint8Array(length) })).toBe(0);
    expect(randomFraction(allOnes)).toBeLessThan(1);
  });

  test('jitter stays between its ends', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(1000), fc.nat(100_000), (seed, fromMs, spanMs) => {
        const delayMs = jitterMs(seededRandom(seed), fromMs, fromMs + spanMs);
        expect(delayMs).toBeGreaterThanOrEqual(fromMs);
        expect(delayMs).toBeLessThanOrEqual(fromMs + spanMs);
        expect(Number.isInteger(delayMs)).toBe(true);
      })
    );
  });

  test("the machine's own differs from call to call", () => {
    expect(systemRandom.bytes(32)).not.toEqual(systemRandom.bytes(32));
    expect(systemRandom.bytes(5)).toHaveLength(5);
  });
});
