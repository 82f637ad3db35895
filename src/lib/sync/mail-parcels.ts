/**
 * Which envelopes go together in one event, and until when: a letter at a time, or as many as fit.
 */
import { assert } from '../base/assert.ts';
import type { Bytes } from '../base/bytes.ts';
import { dayMs, hourMs, secondMs } from '../base/clock.ts';
import { envelopeBytesMax } from '../base/limits.ts';
import { nonceBytes, tagBytes } from '../crypto/aead.ts';
import type { CarryFailure, Mail, Packing } from './envelope-carrier.ts';
import { mailContentLengthMax, mailPaddingBytes } from './mail-event.ts';

/** What a relay is asked to keep at most: as long as a circle's lighthouse stands (docs/protocol.md MB3). */
export const mailLifetimeMs = 180 * dayMs;

/** One event's worth. `places` are where its envelopes stood in what was given. */
export interface Parcel {
  readonly places: readonly number[];
  readonly envelopes: readonly Bytes[];
  readonly expiresS: number;
}

export interface SortedMail {
  readonly parcels: readonly Parcel[];
  /** What cannot be carried at all, by its place. */
  readonly refused: ReadonlyMap<number, CarryFailure>;
}

interface Letter {
  readonly place: number;
  readonly envelope: Bytes;
  readonly expiresS: number;
}

/** Ends are told to the hour, so that they say little about what is inside. */
const expiryStepS = hourMs / secondMs;
/** What ends within a day of each other may share an event, which lasts as long as its last envelope. */
const expirySpreadS = dayMs / secondMs;

const boxBytesMax = Math.floor((mailContentLengthMax * 3) / 4);
const paddedBytesMax = Math.floor((boxBytesMax - nonceBytes - tagBytes) / mailPaddingBytes) * mailPaddingBytes;
/** CBOR: a list's head, and one for each envelope. RFC 8949 §3. */
const headBytes = 3;
/** At least one byte of padding. */
const listBytesMax = paddedBytesMax - headBytes - 1;

/** Sorts mail into parcels, in the order given, but for ends: what ends together goes together. `nowS`: of the relay. */
export const sortMail = (mail: readonly Mail[], packing: Packing, nowS: number): SortedMail => {
  const refused = new Map<number, CarryFailure>();
  const letters: Letter[] = [];
  mail.forEach(({ envelope, expiresMs }, place) => {
    const latestS = nowS + mailLifetimeMs / secondMs;
    const expiresS = expiresMs === undefined ? latestS : Math.floor(expiresMs / secondMs);
    assert(envelope.length > 0, 'an envelope is something');
    if (envelope.length > envelopeBytesMax) refused.set(place, { type: 'TooLarge' });
    else if (expiresS <= nowS) refused.set(place, { type: 'Expired' });
    else letters.push({ place, envelope, expiresS: Math.min(roundUp(expiresS), roundUp(latestS)) });
  });
  const groups = packing === 'single' ? letters.map((letter) => [letter]) : packLetters(letters);
  return { parcels: groups.map(toParcel), refused };
};

/** The same envelopes in events of their own, for a relay that finds them too large together. */
export const splitParcel = ({ places, envelopes, expiresS }: Parcel): Parcel[] =>
  envelopes.map((envelope, i) => ({ places: places.slice(i, i + 1), envelopes: [envelope], expiresS }));

const packLetters = (letters: readonly Letter[]): Letter[][] => {
  const groups: Letter[][] = [];
  let bytes = Infinity;
  for (const letter of letters.toSorted((a, b) => a.expiresS - b.expiresS || a.place - b.place)) {
    const group = groups.at(-1);
    const cost = letter.envelope.length + headBytes;
    const endsFar = group?.[0] === undefined || letter.expiresS > group[0].expiresS + expirySpreadS;
    if (group === undefined || endsFar || bytes + cost > listBytesMax) {
      groups.push([letter]);
      bytes = cost;
    } else {
      group.push(letter);
      bytes += cost;
    }
  }
  return groups;
};

const toParcel = (letters: readonly Letter[]): Parcel => ({
  places: letters.map(({ place }) => place),
  envelopes: letters.map(({ envelope }) => envelope),
  expiresS: Math.max(...letters.map(({ expiresS }) => expiresS))
});

const roundUp = (seconds: number): number => Math.ceil(seconds / expiryStepS) * expiryStepS;
