/** The hard vectors in a real browser: its WebCrypto is not Node's, and friends' browsers must not disagree on a signature. */
import { expect, test } from 'vitest';
import type { PrimitiveVectors } from '../unit/vectors/primitives.ts';
import { misjudged } from '../unit/vectors/primitives-try.ts';
import vectors from '../unit/vectors/primitives-v1.json';

test('our own functions take what is right and refuse what is not, whatever the browser would', async () => {
  expect(await misjudged(vectors satisfies PrimitiveVectors)).toEqual([]);
});
