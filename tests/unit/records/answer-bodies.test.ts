/** What friends answer, on the wire and back. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesToId, idToBytes, type DeviceId, type SaidId } from '../../../src/lib/base/ids.ts';
import { envelopeBytesMax } from '../../../src/lib/base/limits.ts';
import {
  aboutKey,
  aboutToBody,
  answerToBody,
  fitsAnswerSchema,
  readAnswer,
  type About,
  type AnswerContent
} from '../../../src/lib/records/answer-bodies.ts';
import { fitsSchema } from '../../../src/lib/records/schema.ts';
import { decodeCbor, encodeCbor, textMapToObject } from '../../../src/lib/records/codec.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';

const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
const id = bytes.map((each) => bytesToId<SaidId>(each));
const about: fc.Arbitrary<About> = fc.record({ device: bytes.map((each) => bytesToId<DeviceId>(each)), id });
const words = fc.string({ unit: 'grapheme', maxLength: 60 });
const bodies: { readonly [K in AnswerContent['type']]: fc.Arbitrary<unknown> } = {
  gesture: fc.record({ id, about, gesture: words }),
  reply: fc.record({ id, about, words, advice: fc.boolean() }),
  openAdvice: fc.record({ about }),
  askAdvice: fc.record({ about }),
  beenThere: fc.record({ id, about, words }),
  helped: fc.record({ about }),
  letter: fc.record({ id, words }),
  thought: fc.record({ id }),
  reachOut: fc.record({ id, words, clear: fc.boolean() }),
  reachAnswer: fc.record({ about, answer: words })
};
const types = Object.keys(bodies) as AnswerContent['type'][];
const contentOf = (type: AnswerContent['type']): fc.Arbitrary<AnswerContent> =>
  bodies[type].map((body) => ({ type, body }) as AnswerContent);
const travelled = (body: unknown): unknown => textMapToObject(decodeCbor(encodeCbor(body)));
/** One answer of a type, as it stands on the wire. */
const wireOf = (type: AnswerContent['type']): Record<string, unknown> => {
  const [content] = fc.sample(contentOf(type), { numRuns: 1, seed: 1 });
  return answerToBody(content as AnswerContent);
};

describe('an answer', () => {
  test.each(types)('%s comes back as it was said', (type) => {
    fc.assert(
      fc.property(contentOf(type), (content) => {
        const body = answerToBody(content);
        expect(readAnswer(kinds[type], travelled(body))).toEqual(content);
        expect(fitsAnswerSchema(kinds[type], travelled(body))).toBe(true);
      })
    );
  });

  test.each(types)('%s may say more in a later version', (type) => {
    const body = wireOf(type);
    const later = travelled({ ...body, voice: new Uint8Array(3), more: [1] });
    expect(readAnswer(kinds[type], later)).toEqual(readAnswer(kinds[type], travelled(body)));
    expect(fitsAnswerSchema(kinds[type], later)).toBe(true);
  });

  test.each(types)('%s is none without one of its fields, or with one that is something else', (type) => {
    const body = wireOf(type);
    for (const field of Object.keys(body)) {
      const { [field]: _, ...rest } = body;
      for (const wrong of [rest, ...[null, 7, [], new Map()].map((value) => ({ ...rest, [field]: value }))]) {
        expect(readAnswer(kinds[type], travelled(wrong))).toBeUndefined();
        expect(fitsAnswerSchema(kinds[type], travelled(wrong))).toBe(false);
      }
    }
    for (const wrong of [undefined, null, 'text', 7, []]) expect(readAnswer(kinds[type], wrong)).toBeUndefined();
  });

  test.each(types.filter((type) => 'id' in wireOf(type)))('[AN1] %s has an id of sixteen bytes', (type) => {
    const body = wireOf(type);
    for (const wrong of [new Uint8Array(0), new Uint8Array(15), new Uint8Array(17), 'AAAAAAAAAAAAAAAAAAAAAA'])
      expect(readAnswer(kinds[type], travelled({ ...body, id: wrong }))).toBeUndefined();
  });

  test.each(types.filter((type) => 'about' in wireOf(type)))('[AN1] %s names what it is about in full', (type) => {
    const body = wireOf(type);
    const [device, said] = [new Uint8Array(16), new Uint8Array(16).fill(1)];
    const short = said.subarray(1);
    for (const wrong of [[], [device], [device, short], [short, said], [device, 'x'], said, { device, id: said }])
      expect(readAnswer(kinds[type], travelled({ ...body, about: wrong }))).toBeUndefined();
    const later = travelled({ ...body, about: [device, said, 'more'] });
    expect(readAnswer(kinds[type], later)).toMatchObject({
      body: { about: { device: bytesToId(device), id: bytesToId(said) } }
    });
  });

  test('with endless words is none', () => {
    for (const type of ['reply', 'beenThere', 'letter', 'reachOut'] as const) {
      const endless = { ...wireOf(type), words: 'x'.repeat(envelopeBytesMax + 1) };
      expect(readAnswer(kinds[type], travelled(endless))).toBeUndefined();
    }
  });

  test('may be a gesture that only a later version knows', () => {
    const body = { ...wireOf('gesture'), gesture: 'holding-your-coat' };
    expect(readAnswer(kinds.gesture, travelled(body))).toMatchObject({ body: { gesture: 'holding-your-coat' } });
  });

  test('is none of the other kinds, which fit whatever they say', () => {
    const notAnswers = Object.values(kinds).filter((kind) => !types.some((type) => kinds[type] === kind));
    for (const kind of [...notAnswers, 71, 999]) {
      expect(readAnswer(kind, travelled(wireOf('gesture')))).toBeUndefined();
      expect(fitsAnswerSchema(kind, {})).toBe(true);
    }
  });
});

describe('what is answered', () => {
  test('is named in a map by both of its ids', () => {
    fc.assert(
      fc.property(about, about, (one, other) => {
        const same = one.device === other.device && one.id === other.id;
        expect(aboutKey(one) === aboutKey(other)).toBe(same);
        expect(aboutKey({ ...one })).toBe(aboutKey(one));
      })
    );
  });

  test('stands on the wire as the bytes of both', () => {
    const named = {
      device: bytesToId<DeviceId>(new Uint8Array(16)),
      id: bytesToId<SaidId>(new Uint8Array(16).fill(1))
    };
    expect(aboutToBody(named)).toEqual([idToBytes(named.device), idToBytes(named.id)]);
  });
});

describe('[IB8] what stands openly', () => {
  test.each(['gesture', 'reply', 'openAdvice'] as const)(
    '%s is let through where it fits, and refused else',
    (type) => {
      const body = wireOf(type);
      expect(fitsSchema(kinds[type], travelled(body))).toBe(true);
      expect(fitsSchema(kinds[type], travelled({ ...body, about: [] }))).toBe(false);
    }
  );
});
