/** Bundles found in whatever text they come in: links, chats, mails, files; whole, wrapped, cut. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { bytesToBase64Url, type Bytes } from '../../../src/lib/base/bytes.ts';
import { bytesToId, type CircleId, type EpochId } from '../../../src/lib/base/ids.ts';
import { err, ok, type Result } from '../../../src/lib/base/result.ts';
import { deriveBundleKey, type BundleKey } from '../../../src/lib/records/bundle-key.ts';
import {
  bundlesInText,
  bundleTextLength,
  bundleToText,
  contentBytes,
  sealBundle,
  type BundleError
} from '../../../src/lib/sync/bundle.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { foundingKeys } from '../records/founding-keys.ts';

const random = seededRandom(12);
const cut = err({ type: 'CutBundle' });
let key: BundleKey;
let bundle: Bytes;
let text: string;

const sealed = (length: number): Promise<Bytes> => sealBundle(key, [random.bytes(length)], random);

beforeAll(async () => {
  const circle = bytesToId<CircleId>(new Uint8Array(16));
  key = await deriveBundleKey(await foundingKeys(circle, bytesToId<EpochId>(new Uint8Array(16)), new Uint8Array(32)));
  bundle = await sealed(300);
  text = bundleToText(bundle);
});

const read = async (...pieces: string[]): Promise<Result<Bytes, BundleError>[]> => {
  const found: Result<Bytes, BundleError>[] = [];
  for await (const one of bundlesInText(pieces)) found.push(one);
  return found;
};

test('[BU3] its length as text is known before it is sealed', async () => {
  for (const length of [1, 61, 62, 63, 300, 5000])
    expect(bundleToText(await sealed(length))).toHaveLength(bundleTextLength(contentBytes([length])));
});

describe('found', () => {
  test.each([
    ['in a link', (t: string) => `https://shoulder.example/carry${t}`],
    [
      'in a message, with more words after it',
      (t: string) => `I've said how I am:\nhttps://s.example/carry${t}\nAna: see you`
    ],
    ['wrapped by a mail', (t: string) => `https://s.example/carry${t.replaceAll(/.{60}/g, '$&\r\n')}`],
    ['with invisible letters put in', (t: string) => t.replaceAll(/.{50}/g, '$&\u200B\u00AD\u2060\uFEFF')],
    [
      'percent-encoded in another link',
      (t: string) => `https://away.example/?u=https%3A%2F%2Fs%2Fcarry%23c%3D${t.slice(3)}&h=1`
    ],
    ['between other marks', (t: string) => `#c #c=! ${t}. #c`]
  ])('[BU3] %s', async (_, around) => {
    expect((await read(around(text))).filter(({ ok: whole }) => whole)).toEqual([ok(bundle)]);
  });

  test('[BU3] several in one text, one after another or far apart', async () => {
    const bundles = [bundle, await sealed(1), await sealed(9000)];
    const texts = bundles.map(bundleToText);
    expect(await read(texts.join(''))).toEqual(bundles.map(ok));
    expect(await read(`Sealed words.\n${texts.join('\n')}\n`)).toEqual(bundles.map(ok));
  });

  test('[BU3] however the text is cut into pieces', async () => {
    const bundles = [await sealed(20), bundle, await sealed(900)];
    const whole = `A line about it.\n${bundles.map(bundleToText).join('\nand\n')} and so on %23`;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: whole.length }), { maxLength: 40 }), async (at) => {
        const cuts = [0, ...at.toSorted((a, b) => a - b), whole.length];
        const pieces = cuts.slice(1).map((end, i) => whole.slice(cuts[i], end));
        expect(await read(...pieces)).toEqual(bundles.map(ok));
      }),
      { numRuns: 200 }
    );
  });
});

describe('not found, or not whole', () => {
  test.each(['', 'How are you?', '#', '#c', 'c=abc', 'https://s.example/join#i=AAAA'])(
    '[BU3] nothing in %o',
    async (words) => {
      expect(await read(words)).toEqual([]);
    }
  );

  test('[BU5] cut off anywhere after its mark it is cut, and what comes after it is still found', async () => {
    for (let length = 3; length < text.length; length += 7) {
      expect(await read(text.slice(0, length))).toEqual([cut]);
      expect(await read(`${text.slice(0, length)} … ${text}`)).toEqual([cut, ok(bundle)]);
    }
  });

  test('[BU5] a newer one is named as such', async () => {
    const newer = bundle.slice();
    newer[0] = 2;
    expect(await read(bundleToText(newer))).toEqual([err({ type: 'NewerBundle', version: 2 })]);
  });

  test('[BU5] what only looks like one', async () => {
    const malformed = err({ type: 'MalformedBundle' });
    expect(await read('#c=zzzzzzzz')).toEqual([malformed]);
    expect(await read('#c=AAAAAAAA')).toEqual([malformed]);
    // A last letter with bits that no encoder leaves.
    const [header, odd] = [bytesToBase64Url(Uint8Array.of(1, 0, 1)), '#c='];
    expect(await read(`${odd}${header}AB`)).toEqual([malformed]);
  });

  test('[BU3] any text at all ends, and finds only what is there', async () => {
    const pieces = fc.array(
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('#c=', '%23c%3D', 'AQ', 'AQAB', text.slice(0, 90))),
      { maxLength: 30 }
    );
    await fc.assert(
      fc.asyncProperty(pieces, async (words) => {
        for (const one of await read(...words)) if (one.ok) expect(one.value[0]).toBe(1);
      }),
      { numRuns: 300 }
    );
  });

  test('[BU3] a megabyte of marks or of letters takes no time worth naming', async () => {
    expect(await read('#c=AQ__'.repeat(150_000))).toHaveLength(150_000);
    expect(
      await read(...Array.from({ length: 64 }, () => `#c=AQ__${'A'.repeat(16_384)}`.slice(0, 16_384)))
    ).toHaveLength(64);
    expect(await read('#c=', ...Array.from({ length: 1000 }, () => ' '.repeat(1024)), 'AQ')).toEqual([cut]);
  });
});
