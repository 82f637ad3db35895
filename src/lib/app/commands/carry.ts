/**
 * Carrying out by hand: the newest of one's own as a link, or all that a circle keeps as a file (docs/protocol.md BU3, BU7,
 * BU8). What leaves is signed as it was said, and sealed so that only the circle can open it.
 */
import type { Bytes } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import { m } from '../../i18n/messages.js';
import { deriveBundleKey, type BundleKey } from '../../records/bundle-key.ts';
import { openEnvelope } from '../../records/opened-envelope.ts';
import { readCarried } from '../../store/rosters.ts';
import { isStatementKind, kinds } from '../../records/kinds.ts';
import { isSaidKind } from '../../records/said-kind.ts';
import type { Author } from '../../store/author.ts';
import type { LocalCircle } from '../../store/circles.ts';
import type { EnvelopeRow, ShoulderDatabase } from '../../store/database.ts';
import { pagesOfCircle } from '../../store/envelope-pages.ts';
import { statementRows } from '../../store/held-rows.ts';
import { newestRow } from '../../store/newest-rows.ts';
import { fadedKind } from '../../store/fading.ts';
import {
  bundleContentBytesMax,
  bundleLinkLengthMax,
  bundleTextLength,
  bundleToText,
  contentBytes,
  sealBundle
} from '../../sync/bundle.ts';

export interface CarryDependencies {
  readonly database: ShoulderDatabase;
  readonly author: Author;
  readonly clock: Clock;
  readonly random: Random;
}

/** What goes along with "Let them know". */
export interface CarriedLink {
  /** Absolute; at most `bundleLinkLengthMax` letters. */
  readonly url: string;
  /** Whether it carries the newest record; else it is the app's address alone, since that record is too long for a link. */
  readonly carries: boolean;
}

/** Names nothing and nobody: it lies in folders and chats where others look. */
const fileName = 'shoulder.txt';
/** How many of one's own newest are looked at for a link or a small file. */
const newestMax = 20;

/**
 * A link with the newest that this device said; what else of its own fits goes along. `base` is the app's address with a
 * slash at its end.
 */
export const linkOfNewest = async (deps: CarryDependencies, circle: LocalCircle, base: URL): Promise<CarriedLink> => {
  const place = new URL('carry', base).href;
  const fits = (records: readonly Bytes[]): boolean =>
    place.length + bundleTextLength(contentBytes(lengthsOf(records))) <= bundleLinkLengthMax;
  const records: Bytes[] = [];
  for (const sign1 of await newestOwn(deps, circle)) {
    if (fits([...records, sign1])) records.push(sign1);
    else if (records.length === 0) break;
  }
  if (records.length === 0) return { url: base.href, carries: false };
  const bundle = await sealBundle(await deriveBundleKey(circle.keyring.current), records, deps.random);
  return { url: place + bundleToText(bundle), carries: true };
};

/** The newest that this device said, as a file: for what is too long for a link. */
export const fileOfNewest = async (deps: CarryDependencies, circle: LocalCircle): Promise<File> => {
  const file = new BundleFile(await deriveBundleKey(circle.keyring.current), deps.random);
  await file.add(await newestOwn(deps, circle));
  return file.finish();
};

/** Everything live that the circle keeps on this device, as a file. Takes a second for some thousand records. */
export const fileOfEverything = async (
  { database, clock, random }: CarryDependencies,
  circle: LocalCircle
): Promise<File> => {
  const file = new BundleFile(await deriveBundleKey(circle.keyring.current), random);
  const nowMs = clock.nowMs();
  // Whoever reads them meets people before their words.
  await file.add(await openAll(circle, await statementRows(database, circle.n)));
  for await (const page of pagesOfCircle(database, circle.n, pageRows))
    await file.add(
      await openAll(
        circle,
        page.filter((row) => isLive(row, nowMs) && !isStatementKind(row.kind))
      )
    );
  return file.finish();
};

const pageRows = 250;

/** Fills bundles one after another, so that only their text is kept. */
class BundleFile {
  readonly #key: BundleKey;
  readonly #random: Random;
  readonly #lines: Blob[] = [];
  #records: Bytes[] = [];

  constructor(key: BundleKey, random: Random) {
    this.#key = key;
    this.#random = random;
  }

  async add(records: readonly Bytes[]): Promise<void> {
    for (const record of records) {
      if (contentBytes(lengthsOf([...this.#records, record])) > bundleContentBytesMax) await this.#seal();
      this.#records.push(record);
    }
  }

  async finish(): Promise<File> {
    await this.#seal();
    return new File([`${m.carry_file_line()}\n`, ...this.#lines], fileName, { type: 'text/plain' });
  }

  async #seal(): Promise<void> {
    if (this.#records.length === 0) return;
    const bundle = await sealBundle(this.#key, this.#records, this.#random);
    // As a blob of its own, the browser may keep it on disk.
    this.#lines.push(new Blob([`${bundleToText(bundle)}\n`]));
    this.#records = [];
  }
}

/**
 * What this device said last, newest first, then what it says about all of it: its ledger and ack, so that "reached" can
 * come back the same way. Taking something back counts less than what was said with it.
 */
const newestOwn = async ({ database, author, clock }: CarryDependencies, circle: LocalCircle): Promise<Bytes[]> => {
  const { n, keyring } = circle;
  const device = keyring.device.id;
  // Where the disk refuses, the ledger before goes along.
  await author.renewLedger(circle, { isCarried: await readCarried(database, circle) });
  const rows = await database.envelopes
    .where('[circle+device+seq]')
    .between([n, device, 1], [n, device, Infinity])
    .reverse()
    .limit(newestMax)
    .toArray();
  const [ledger, ack] = await Promise.all(
    [kinds.ledger, kinds.ack].map((kind) => newestRow(database, n, kind, device))
  );
  const nowMs = clock.nowMs();
  const said = rows.filter((row) => isLive(row, nowMs) && isSaidKind(row.kind));
  const [newest, ...before] = [...said.filter(({ kind }) => kind !== kinds.gone), ...said.filter(isGone)];
  if (newest === undefined) return [];
  return openAll(
    circle,
    [newest, ledger, ack, ...before].filter((row) => row !== undefined)
  );
};

const isLive = ({ kind, exp }: EnvelopeRow, nowMs: number): boolean =>
  kind !== fadedKind && (exp === undefined || exp > nowMs);

const isGone = ({ kind }: EnvelopeRow): boolean => kind === kinds.gone;

/** The signed records in rows; what is at rest was verified on its way in. */
const openAll = async (circle: LocalCircle, rows: readonly EnvelopeRow[]): Promise<Bytes[]> => {
  const opened = await Promise.all(rows.map(({ bytes }) => openEnvelope(bytes, circle.keyring.epochs)));
  return opened.flatMap((envelope) => (envelope.ok ? [envelope.value.sign1] : []));
};

const lengthsOf = (records: readonly Bytes[]): number[] => records.map(({ length }) => length);
