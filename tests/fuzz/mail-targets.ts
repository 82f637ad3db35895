/**
 * What is carried: bundles in links and files, mail on relays, and whatever relays say about it.
 */
import { base64UrlToBytes, bytesToBase64Url, concatBytes, utf8ToBytes, type Bytes } from '../../src/lib/base/bytes.ts';
import { idToBytes } from '../../src/lib/base/ids.ts';
import { ok } from '../../src/lib/base/result.ts';
import * as aead from '../../src/lib/crypto/aead.ts';
import { deriveBundleKey } from '../../src/lib/records/bundle-key.ts';
import { decodeCbor, encodeCbor } from '../../src/lib/records/codec.ts';
import { mailboxKeys } from '../../src/lib/records/meeting-keys.ts';
import { addPadding } from '../../src/lib/records/padding.ts';
import {
  bundleContentBytesMax,
  bundlesInText,
  bundleToText,
  bundleVersion,
  openBundle,
  sealBundle
} from '../../src/lib/sync/bundle.ts';
import type { MailId } from '../../src/lib/sync/envelope-carrier.ts';
import {
  eventIdOf,
  mailContentLengthMax,
  mailPaddingBytes,
  makeMailEvent,
  openMail,
  readMailEvent,
  type StoredMail
} from '../../src/lib/sync/mail-event.ts';
import { readMailPages } from '../../src/lib/sync/mail-pages.ts';
import { isDuplicate, readRefusal } from '../../src/lib/sync/relay-refusal.ts';
import { RelayTime } from '../../src/lib/sync/relay-time.ts';
import { HandClock, noonMs } from '../unit/base/hand-clock.ts';
import { Chance, hashOf } from './chance.ts';
import * as scene from './scene.ts';
import {
  bytesTarget,
  cborTarget,
  jsonTarget,
  must,
  mustEqual,
  parsedJson,
  refusedAs,
  scriptTarget,
  textTarget,
  valueOf,
  type Outcome,
  type Target
} from './target.ts';

const bundleErrors = ['CutBundle', 'NewerBundle', 'MalformedBundle', 'NotOpened'];
const bundleKey = await deriveBundleKey(scene.keys);
const records = scene.payloadSamples.slice(0, 6);
const bundles = [
  await sealBundle(bundleKey, records.slice(0, 1), scene.random),
  await sealBundle(bundleKey, records, scene.random)
];
const bundleTexts = [
  ...bundles.map(bundleToText),
  `https://shoulder.example/${bundleToText(bundles[0] as Bytes)}`,
  bundles.map((bundle) => `From Ana:\n${bundleToText(bundle)}\n`).join('')
];
const bundleContents = await Promise.all(
  bundles.map((bundle) => aead.open(bundleKey.key, bundle.slice(3), bundleAad(bundle.slice(0, 3))) as Promise<Bytes>)
);

function bundleAad(header: Bytes): Bytes {
  return concatBytes(header, idToBytes(scene.keys.circle), idToBytes(scene.keys.epoch));
}

const feedBundle = async (bundle: Bytes): Promise<Outcome> => {
  const opened = valueOf(await openBundle(bundle, [bundleKey]), ...bundleErrors);
  if (opened === undefined) return 'refused';
  const nonce = bundle.slice(3, 15);
  mustEqual(
    await sealBundle(bundleKey, opened.records, { bytes: () => nonce }),
    bundle,
    'a bundle gives the same bytes'
  );
  return 'taken';
};

/** Whatever pieces a text comes in, the same bundles are in it. */
const feedBundleText = async (text: string): Promise<Outcome> => {
  const chance = new Chance(hashOf(utf8ToBytes(text)));
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    const to = at + 1 + chance.below(chance.oneIn(3) ? 3 : text.length);
    pieces.push(text.slice(at, to));
    at = to;
  }
  const [whole, cut] = [await foundIn([text]), await foundIn(pieces)];
  must(JSON.stringify(whole) === JSON.stringify(cut), 'pieces change nothing');
  return whole.some((found) => !bundleErrors.includes(found)) ? 'taken' : 'refused';
};

const foundIn = async (pieces: readonly string[]): Promise<string[]> => {
  const found: string[] = [];
  for await (const result of bundlesInText(pieces)) {
    if (result.ok) found.push(bundleToText(result.value));
    else {
      refusedAs(result.error.type, ...bundleErrors);
      found.push(result.error.type);
    }
  }
  return found;
};

const mailbox = await mailboxKeys(scene.keys.lighthouse, 'wss://relay.example/relay');
const address = 'ab'.repeat(32);
const dates = { createdS: 1_772_625_600, expiresS: 1_772_712_000 };
const mailEvents = await Promise.all(
  [scene.envelopeSamples.slice(0, 1), scene.envelopeSamples.slice(0, 4)].map(async (envelopes) => {
    const { event } = await makeMailEvent(mailbox, address, envelopes, dates, scene.random);
    return event;
  })
);
const mailErrors = ['NotMail', 'TooLarge', 'NotOpened', 'Malformed'];
const mailLists = [scene.envelopeSamples.slice(0, 1), scene.envelopeSamples.slice(0, 4)].map(encodeCbor);
const mailAad = utf8ToBytes('shoulder/1 mail');

const feedMailList = async (list: Bytes): Promise<Outcome> => {
  const box = await aead.seal(mailbox.seal, addPadding(list, mailPaddingBytes), mailAad, scene.sameNonce);
  const opened = await openMail(mailbox, { eventId: '0'.repeat(64), createdS: 0, content: bytesToBase64Url(box) });
  if (!opened.ok) return refusedAs(opened.error, ...mailErrors);
  mustEqual(encodeCbor(opened.value.envelopes), list, 'a letter gives the same bytes');
  return 'taken';
};

const feedMailEvent = async (json: string): Promise<Outcome> => {
  const mail = readMailEvent(parsedJson(json), address);
  if (mail === undefined) return 'refused';
  must(Number.isSafeInteger(mail.createdS) && /^[0-9a-f]{64}$/.test(mail.eventId), 'mail has a name and a date');
  const opened = await openMail(mailbox, mail);
  if (!opened.ok) return refusedAs(opened.error, ...mailErrors);
  must(eventIdOf(opened.value.id) === mail.eventId, 'the id names the event');
  must(base64UrlToBytes(mail.content) !== undefined && mail.content.length <= mailContentLengthMax, 'in one form');
  return 'taken';
};

/** A relay that answers every question as it likes; the reading ends, and hands nothing out twice. */
const feedPages = async (script: Bytes): Promise<Outcome> => {
  const chance = new Chance(hashOf(script));
  const [span, endless, nowS] = [1 + chance.below(400), chance.oneIn(20), 1_772_625_600];
  const told = new Set<string>();
  let asked = 0;
  let made = 0;
  let last: string | undefined;
  const pages = readMailPages({
    fromS: chance.pick([0, nowS - 200, nowS, Number.MAX_SAFE_INTEGER]),
    nowS: () => nowS,
    ask: async () => {
      must(++asked <= 2000, 'no reading asks for ever');
      const size = endless ? 4 : chance.below(Math.max(1, 30 - asked));
      return ok(
        Array.from({ length: size }, (): StoredMail => {
          const likely = endless ? nowS : nowS + 100 - chance.below(span);
          const createdS = !endless && chance.oneIn(20) ? chance.pick([0, Number.MAX_SAFE_INTEGER]) : likely;
          return {
            eventId: !endless && chance.oneIn(2) ? `again ${chance.below(30)}` : `${made++}`,
            createdS,
            content: ''
          };
        })
      );
    },
    openAll: async (mail) => mail.map(({ eventId }) => ({ id: eventId as MailId, envelope: new Uint8Array(1) }))
  });
  for await (const page of pages) {
    if (!page.ok) return refusedAs(page.error.type, 'Endless');
    for (const { id } of page.value.arrivals) {
      must(!told.has(id), 'nothing is handed out twice');
      told.add(id);
    }
    const { cursorS } = page.value;
    must(last === undefined, 'a cursor comes last');
    if (cursorS !== undefined) last = `${cursorS}`;
    must(cursorS === undefined || cursorS <= nowS + 900, 'no date from the future is believed');
  }
  must(last !== undefined, 'a whole reading has a cursor');
  return 'taken';
};

/** A relay's dates and refusals in any order; what is said to it next still has a date. */
const feedRelayTime = (reason: string): Outcome => {
  const chance = new Chance(hashOf(utf8ToBytes(reason)));
  const time = new RelayTime(new HandClock(noonMs));
  let learned = false;
  for (let i = chance.below(8); i >= 0; i--) {
    if (chance.oneIn(3)) time.seen(chance.pick([0, 1, dates.createdS, Number.MAX_SAFE_INTEGER]));
    const stamp = time.stampS();
    must(Number.isSafeInteger(stamp) && stamp >= 0, 'a stamp is a whole number of seconds');
    if (time.learn(reason, chance.oneIn(3) ? 0 : stamp)) learned = true;
    if (chance.oneIn(5)) time.forget();
    must(Number.isSafeInteger(time.nowS()) && time.newestS >= 0, 'and so is the time there');
  }
  return learned ? 'taken' : 'refused';
};

const reasons = [
  'auth-required: sign in first',
  'rate-limited: slow down',
  'duplicate: it is already here',
  'invalid: created_at is too far ahead; this relay’s time is 1772625600',
  'invalid: event is 70000 bytes, too large',
  'blocked: this mailbox is full until 1772712000'
];

const feedRefusal = (reason: string): Outcome => {
  const failure = readRefusal(reason);
  if ('reason' in failure) {
    must(
      failure.reason.length <= 200 && !/[\p{C}\p{Zl}\p{Zp}]/u.test(failure.reason),
      'a relay’s sentence is short and plain'
    );
  }
  refusedAs(failure.type, 'AuthRequired', 'RateLimited', 'TooLarge', 'Refused');
  return isDuplicate(reason) || failure.type !== 'Refused' ? 'taken' : 'refused';
};

export const mailTargets: readonly Target[] = [
  bytesTarget('bundle', 30, bundles, feedBundle),
  bytesTarget('bundle, its inside', 40, bundleContents, async (content) => {
    if (content.length > bundleContentBytesMax) return 'refused';
    const length = aead.nonceBytes + content.length + aead.tagBytes;
    const header = Uint8Array.of(bundleVersion, length >> 8, length & 255);
    return feedBundle(concatBytes(header, await aead.seal(bundleKey.key, content, bundleAad(header), scene.sameNonce)));
  }),
  textTarget('bundles in a text', 60, bundleTexts, feedBundleText),
  jsonTarget('mail event', 40, mailEvents, feedMailEvent),
  cborTarget('mail event, its inside', 40, mailLists, feedMailList),
  bytesTarget(
    'mail event, its padding',
    15,
    mailLists.map((list) => addPadding(list, mailPaddingBytes)),
    async (padded) => {
      const box = await aead.seal(mailbox.seal, padded, mailAad, scene.sameNonce);
      const opened = await openMail(mailbox, { eventId: '0'.repeat(64), createdS: 0, content: bytesToBase64Url(box) });
      if (!opened.ok) return refusedAs(opened.error, ...mailErrors);
      const list = encodeCbor(opened.value.envelopes);
      must(decodeCbor(list) !== undefined, 'a letter is deterministic CBOR');
      mustEqual(addPadding(list, mailPaddingBytes), padded, 'and is padded in one way');
      return 'taken';
    }
  ),
  scriptTarget('mail pages', 8, feedPages),
  textTarget('relay refusal', 40, reasons, feedRefusal),
  textTarget('relay time', 30, reasons, feedRelayTime)
];
