/** Envelopes to send about in tests, and what came of a reading. */
import { bytesToHex, type Bytes } from '../../src/lib/base/bytes.ts';
import { unwrap, type Result } from '../../src/lib/base/result.ts';
import type { CarryFailure, Delivery, Mail } from '../../src/lib/sync/envelope-carrier.ts';
import { seededRandom } from '../unit/base/seeded-random.ts';

/** Letters of different lengths, as envelopes have them. */
export const letters = (count: number, seed = 1): Mail[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, n) => ({ envelope: random.bytes(285 + (n % 3) * 256) }));
};

/** As a set that can be compared. */
export const asTexts = (mail: readonly { readonly envelope: Bytes }[]): ReadonlySet<string> =>
  new Set(mail.map(({ envelope }) => bytesToHex(envelope)));

/** Every page of a reading. */
export const collect = async (
  pages: AsyncIterable<Result<Delivery, CarryFailure>>
): Promise<Result<Delivery, CarryFailure>[]> => {
  const all: Result<Delivery, CarryFailure>[] = [];
  for await (const page of pages) all.push(page);
  return all;
};

export const cursorOf = (page: Result<Delivery, CarryFailure> | undefined): number | undefined =>
  page?.ok === true ? page.value.cursorS : undefined;

/** The envelopes of a reading that did not fail. */
export const textsIn = (pages: readonly Result<Delivery, CarryFailure>[]): ReadonlySet<string> =>
  asTexts(pages.flatMap((page) => unwrap(page).arrivals));
