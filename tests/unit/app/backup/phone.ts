/** Ana's phone with a journal, a circle of three, and words of hers and of others in it: what there is to back up. */
import { OwnFeelings } from '../../../../src/lib/app/own-feelings.ts';
import { ownCircle } from '../../../../src/lib/app/commands/circles.ts';
import { gatherBackup, type BackupApp } from '../../../../src/lib/app/backup/gather.ts';
import { readBackup, type Backup, type BackupSaid } from '../../../../src/lib/app/backup/format.ts';
import { readRestored } from '../../../../src/lib/app/backup/restored-circles.ts';
import { restoreBackup } from '../../../../src/lib/app/backup/restore.ts';
import { ownWords } from '../../../../src/lib/app/backup/own-words.ts';
import { OpenedRecords } from '../../../../src/lib/app/opened-records.ts';
import { dayMs } from '../../../../src/lib/base/clock.ts';
import { bytesToId, idToBytes, type PersonId, type SaidId } from '../../../../src/lib/base/ids.ts';
import { unwrap } from '../../../../src/lib/base/result.ts';
import { checkInToBody, emptyCheckIn } from '../../../../src/lib/care/check-in.ts';
import { aboutToBody } from '../../../../src/lib/records/answer-bodies.ts';
import { kinds } from '../../../../src/lib/records/kinds.ts';
import { newPrivateSlot, sealPrivate } from '../../../../src/lib/records/private.ts';
import { Author } from '../../../../src/lib/store/author.ts';
import { Circles, type LocalCircle } from '../../../../src/lib/store/circles.ts';
import { ContentKeys } from '../../../../src/lib/store/content-keys.ts';
import type { ShoulderDatabase } from '../../../../src/lib/store/database.ts';
import { Drafts } from '../../../../src/lib/store/drafts.ts';
import { toEnvelopeRow } from '../../../../src/lib/store/envelopes.ts';
import { putNewer } from '../../../../src/lib/store/placing.ts';
import { readRoster } from '../../../../src/lib/store/rosters.ts';
import { openVault } from '../../../../src/lib/store/vault.ts';
import { HandClock, noonMs } from '../../base/hand-clock.ts';
import { checkInBody, FoundedCircle, friend, random } from '../../circle/friends.ts';
import { keyringOf, memoryDatabase, queueLocks } from '../../store/memory-database.ts';

export interface Phone extends BackupApp {
  readonly clock: HandClock;
}

/** A phone with nothing on it, or what is in `database`. */
export const phone = async (clock = new HandClock(), database = memoryDatabase()): Promise<Phone> => {
  const vault = await openVault(database, random);
  const opened = new Map<number, OpenedRecords>();
  const circles = new Circles(database, vault);
  return {
    ...{ database, vault, circles, clock, random },
    author: new Author({ database, circles, clock, random, exclusively: queueLocks() }),
    drafts: new Drafts(database, vault),
    openedRecords: (circle: LocalCircle) => {
      const records = opened.get(circle.n) ?? new OpenedRecords(circle, new ContentKeys(database, vault));
      opened.set(circle.n, records);
      return Promise.resolve(records);
    }
  };
};

export const circle = await FoundedCircle.by();
export const [ana, bo, mia] = await Promise.all([friend(0), friend(1), friend(2)]);
export const personOf = ({ device }: typeof ana): PersonId => bytesToId(idToBytes(device.id));
export const newId = (): SaidId => bytesToId(random.bytes(16));

/** Says a check-in in one's own circle, for good. */
export const journal = async (
  app: Phone,
  words: string,
  more: { slot?: string; lasting?: string; expMs?: number } = {}
) => {
  const own = unwrap(await ownCircle(app));
  const id = newId();
  const { slot = `said/${newId()}`, lasting = 'kept', expMs = null } = more;
  const body = checkInToBody(
    {
      ...emptyCheckIn,
      words,
      point: { pleasantness: -40, energy: 7 },
      feelings: ['sad', 'like wet sand'],
      help: 'be-near'
    },
    { id, lasting, saidAtMs: null }
  );
  unwrap(await app.author.say(own, { kind: kinds.checkIn, slot, body, expMs }));
  return { id, slot };
};

/** Puts this phone into the circle of Ana, Bo and Mia as Ana. */
export const joinAsAna = async (app: Phone): Promise<LocalCircle> => {
  const row = app.circles.newRow(circle.id, await app.circles.wrap(circle.id, keyringOf(circle, ana)));
  const n = await app.database.circles.add(row);
  const local = await app.circles.open({ ...row, n });
  const records = [
    await circle.genesis(),
    await circle.addition(ana, bo, { inviteNumber: 1 }),
    await circle.addition(ana, mia, { inviteNumber: 2 }),
    await circle.say(bo, { body: checkInBody('Words of Bo.') }),
    await circle.say(bo, {
      kind: kinds.reply,
      slot: 'said/r',
      body: {
        id: random.bytes(16),
        about: aboutToBody({ device: bo.device.id, id: newId() }),
        words: 'A reply of Bo.',
        advice: false
      }
    })
  ];
  const rows = records.map((record) => toEnvelopeRow(local, record, record.envelope));
  await app.database.transaction('rw', app.database.envelopes, () => putNewer(app.database, rows));
  await app.database.circles.update(n, { counter: 10 });
  return local;
};

/** A letter of Ana's to Bo. */
export const writeLetter = async (app: Phone, local: LocalCircle, words: string): Promise<string> => {
  const slot = newPrivateSlot(random);
  const body = unwrap(
    await sealPrivate(
      {
        circle: circle.id,
        device: ana.device.id,
        slot,
        inner: { kind: kinds.letter, to: [personOf(bo)], body: { id: random.bytes(16), words } },
        agreeKeys: [ana, bo].map(({ secrets }) => secrets.publicKeys.agree)
      },
      random
    )
  );
  unwrap(await app.author.say(local, { kind: kinds.private, slot, body, expMs: null }));
  return slot;
};

/** A phone that was lived with. */
export const livedPhone = async (): Promise<{ app: Phone; local: LocalCircle }> => {
  const app = await phone();
  await journal(app, 'The first page.');
  app.clock.set(noonMs + dayMs);
  await journal(app, 'Until the next one.', { slot: 'now', lasting: 'next' });
  await journal(app, 'Gone in a week.', { lasting: 'week', expMs: noonMs + 8 * dayMs });
  const local = await joinAsAna(app);
  await app.author.say(local, {
    kind: kinds.checkIn,
    slot: 'now',
    body: checkInBody('Said to the table.'),
    expMs: null
  });
  await writeLetter(app, local, 'A letter to Bo.');
  await app.author.say(local, {
    kind: kinds.gesture,
    slot: 'said/g',
    body: { id: random.bytes(16), about: aboutToBody({ device: bo.device.id, id: newId() }), gesture: 'sitting' },
    expMs: null
  });
  await new OwnFeelings(app.drafts).remember('like wet sand');
  await app.database.settings.put({ id: 'notch-off', value: true });
  await app.drafts.keep('say/1', 'a draft that is nobody’s yet');
  return { app, local };
};

const never = new AbortController().signal;
const quiet = { signal: never, onProgress: () => undefined };

export const backupOf = async (app: Phone): Promise<Backup> =>
  unwrap(readBackup(await unwrap(await gatherBackup(app, quiet)).text()));

export const restoreTo = (app: Phone, backup: Backup) => restoreBackup(app, backup, quiet, queueLocks());

/** Everything this phone can read of its person's words, in an order of its own: what must be the same in the end. */
export const wordsOn = async (app: Phone): Promise<string[]> => {
  const found: string[] = [];
  const note = (where: string, entry: BackupSaid): void => {
    // Which record it is changes where it is said again; what it says does not.
    const parts = Object.entries(entry).filter(([name]) => name !== 'record');
    found.push(`${where} ${JSON.stringify(parts.sort(([a], [b]) => (a < b ? -1 : 1)))}`);
  };
  for (const local of await app.circles.all())
    for await (const { said } of ownWords(app, local, await readRoster(app.database, local)))
      said.forEach((entry) => note(local.keyring.own ? 'own' : 'circle', entry));
  for (const { said } of (await readRestored(app)).values()) said.forEach((entry) => note('restored', entry));
  return found.sort();
};

/** Every row there is, but for what is wrapped anew each time it is written. */
export const rowsOn = async ({ database }: { database: ShoulderDatabase }): Promise<unknown> =>
  Object.fromEntries(
    await Promise.all(database.tables.map(async (table) => [table.name, await table.toArray()] as const))
  );
