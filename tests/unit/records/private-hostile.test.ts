/** Private records against bytes that no honest device makes: refused, or opened to nothing, and never a throw. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bytes } from '../../../src/lib/base/bytes.ts';
import { fitsSchema } from '../../../src/lib/records/schema.ts';
import { encodeCbor } from '../../../src/lib/records/codec.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { addPadding } from '../../../src/lib/records/padding.ts';
import { sealsMax } from '../../../src/lib/records/private.ts';
import { bo, boxOf, openAs, partsOf, payloadOf, random, sealedFor, sealFor, words } from './private-sayings.ts';

const flipped = (bytes: Bytes, at: number): Bytes => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));

describe('hostile bytes', () => {
  test('[PR2] [PR4] seals or a box that were altered anywhere open nothing', async () => {
    const payload = await payloadOf(await sealedFor([bo]));
    const { seals, box } = partsOf(payload);
    expect(await openAs(bo, { ...payload, body: { seals, box } })).toBeDefined();
    for (let at = 0; at < 80; at += 7) {
      const altered = seals.map((seal) => flipped(seal, at));
      expect(await openAs(bo, { ...payload, body: { seals: altered, box } })).toBeUndefined();
    }
    for (let at = 0; at < box.length; at += 19) {
      expect(await openAs(bo, { ...payload, body: { seals, box: flipped(box, at) } })).toBeUndefined();
    }
  });

  const seal = new Uint8Array(80).fill(9);
  const box = new Uint8Array(28 + 256);
  const four = [seal, seal, seal, seal];

  test('[PR1] the control: the right shape is let through, and whatever stands beside it', () => {
    for (const body of [
      { seals: four, box },
      { seals: four, box, later: 1 }
    ]) {
      expect(fitsSchema(kinds.private, body)).toBe(true);
    }
    expect(fitsSchema(kinds.private, { seals: Array.from({ length: sealsMax }, () => seal), box })).toBe(true);
    expect(fitsSchema(kinds.private, { seals: four, box: new Uint8Array(28 + 512) })).toBe(true);
  });

  test.each<[string, Record<string, unknown>]>([
    ['nothing', {}],
    ['no seals', { box }],
    ['no box', { seals: four }],
    ['an empty list of seals', { seals: [], box }],
    ['three seals', { seals: [seal, seal, seal], box }],
    ['five seals', { seals: [...four, seal], box }],
    ['too many seals', { seals: Array.from({ length: sealsMax + 4 }, () => seal), box }],
    ['a short seal', { seals: [seal, seal, seal, seal.subarray(1)], box }],
    ['a long seal', { seals: [seal, seal, seal, new Uint8Array(81)], box }],
    ['a seal that is text', { seals: [seal, seal, seal, 'seal'], box }],
    ['seals that are bytes', { seals: new Uint8Array(4), box }],
    ['seals that are a map', { seals: new Map([[0, seal]]), box }],
    ['an empty box', { seals: four, box: new Uint8Array(0) }],
    ['a box with nothing in it', { seals: four, box: new Uint8Array(28) }],
    ['a box that is not padded', { seals: four, box: new Uint8Array(28 + 100) }],
    ['a box that is text', { seals: four, box: 'box' }]
  ])('[PR1] [IB8] %s is refused', async (_, body) => {
    expect(fitsSchema(kinds.private, body)).toBe(false);
    expect(await openAs(bo, { ...(await payloadOf({ seals: four, box })), body })).toBeUndefined();
  });

  const content = { kind: kinds.letter, to: [new Uint8Array(16)], body: { words } };

  /** What Bo makes of a box with these bytes in it, well sealed to him. */
  const opened = async (padded: Bytes) => {
    const contentKey = random.bytes(32);
    const seals = await Promise.all([bo, bo, bo, bo].map((reader) => sealFor(reader, contentKey)));
    return openAs(bo, {
      ...(await payloadOf({ seals: four, box })),
      body: { seals, box: await boxOf(padded, contentKey) }
    });
  };

  test('[PR5] the control: content of the right shape opens, and whatever stands beside it', async () => {
    for (const bytes of [encodeCbor(content), encodeCbor({ ...content, later: [1] })]) {
      expect((await opened(addPadding(bytes)))?.inner.kind).toBe(kinds.letter);
    }
  });

  test('[PR5] a body cannot reach into objects of ours', async () => {
    const body = new Map<string, unknown>([
      ['__proto__', { words: 'polluted' }],
      ['words', words]
    ]);
    const inner = (await opened(addPadding(encodeCbor({ ...content, body }))))?.inner;
    expect(Object.getPrototypeOf(inner?.body)).toBeNull();
    expect(Object.keys(inner?.body ?? {}).toSorted()).toEqual(['__proto__', 'words']);
  });

  test.each<[string, unknown]>([
    ['no map', [1, 2]],
    ['no kind', { to: [], body: {} }],
    ['kind 0', { ...content, kind: 0 }],
    ['a kind that is not whole', { ...content, kind: 1.5 }],
    ['a kind that is text', { ...content, kind: 'letter' }],
    ['no readers', { kind: 67, body: {} }],
    ['a reader whose id is short', { ...content, to: [new Uint8Array(15)] }],
    ['a reader who is text', { ...content, to: ['Bo'] }],
    ['readers that are bytes', { ...content, to: new Uint8Array(16) }],
    ['no body', { kind: 67, to: [] }],
    ['a body that is text', { ...content, body: 'words' }],
    ['a body that is a list', { ...content, body: [words] }],
    ['a body whose key is a number', { ...content, body: new Map([[1, words]]) }],
    ['a key that is a number', new Map<unknown, unknown>([...Object.entries(content), [1, 1]])]
  ])('[PR5] content with %s is none', async (_, value) => {
    expect(await opened(addPadding(encodeCbor(value)))).toBeUndefined();
  });

  test.each<[string, Bytes]>([
    ['no CBOR', addPadding(Uint8Array.of(0xff, 0xff))],
    ['nothing', addPadding(new Uint8Array(0))],
    ['CBOR of another form', addPadding(Uint8Array.of(0xb8, 0x00))],
    ['zeros without a mark', new Uint8Array(256)],
    ['a mark too early', Uint8Array.from({ length: 512 }, (_, i) => (i === 10 ? 0x80 : 0))]
  ])('[PR4] [PR5] a box with %s opens to nothing', async (_, padded) => {
    expect(await opened(padded)).toBeUndefined();
  });

  test('[PR6] never throws, whatever is in a body', async () => {
    const payload = await payloadOf({ seals: four, box });
    const bytes = (length: number) =>
      fc.uint8Array({ minLength: length, maxLength: length }).map((b) => Uint8Array.from(b));
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seals: fc.oneof(fc.array(bytes(80), { minLength: 4, maxLength: 4 }), fc.anything()),
          box: fc.oneof(bytes(284), fc.anything())
        }),
        async (body) => {
          expect(await openAs(bo, { ...payload, body })).toBeUndefined();
        }
      ),
      { numRuns: 60 }
    );
  });

  test('[PR1] of another kind is not opened, even where it would', async () => {
    const payload = await payloadOf(await sealedFor([bo]));
    expect(await openAs(bo, { ...payload, kind: kinds.letter })).toBeUndefined();
  });
});
