/**
 * Everything this person said in a circle, as readable fields: their own records, opened, and nobody else's.
 *
 * Read by pages, so that years of it never stand in memory at once.
 */
import type { Clock } from '../../base/clock.ts';
import type { DeviceId } from '../../base/ids.ts';
import type { About } from '../../care/answers.ts';
import { personOfDevice, type Roster } from '../../circle/roster.ts';
import { kinds } from '../../records/kinds.ts';
import type { LocalCircle } from '../../store/circles.ts';
import type { ShoulderDatabase } from '../../store/database.ts';
import { liveCountOf, pagesOfDevice } from '../../store/envelope-pages.ts';
import { toAnswer, toCheckIn, type Opened, type OpenedRecords } from '../opened-records.ts';
import { isOver, type BackupCheckIn, type BackupSaid } from './format.ts';

/** What this needs of the app. */
export interface WordsApp {
  readonly database: ShoulderDatabase;
  readonly clock: Clock;
  openedRecords(circle: LocalCircle): Promise<OpenedRecords>;
}

/** The devices this person speaks by; this one alone where the roster does not know them yet. */
export const ownDevices = (circle: LocalCircle, roster: Roster): readonly DeviceId[] => {
  const { id } = circle.keyring.device;
  const own = personOfDevice(roster, id);
  return roster.people.find((person) => person.id === own)?.devices ?? [id];
};

/** How many records there are to look at: more than what is readable in them. */
export const ownRecordCount = async ({ database }: WordsApp, circle: LocalCircle, roster: Roster): Promise<number> => {
  const counts = await Promise.all(ownDevices(circle, roster).map((device) => liveCountOf(database, circle.n, device)));
  return counts.reduce((total, count) => total + count, 0);
};

/** What they said that is live, in pages of at most some hundred; `seen` is how many records a page looked at. */
export async function* ownWords(
  app: WordsApp,
  circle: LocalCircle,
  roster: Roster
): AsyncGenerator<{ readonly said: readonly BackupSaid[]; readonly seen: number }> {
  const records = await app.openedRecords(circle);
  for (const device of ownDevices(circle, roster)) {
    for await (const rows of pagesOfDevice(app.database, circle.n, device)) {
      const opened = await records.open(rows.filter(({ kind }) => saidKinds.includes(kind)));
      const nowMs = app.clock.nowMs();
      const said = opened.flatMap((record) => toSaid(record, roster)).filter((entry) => !isOver(entry, nowMs));
      yield { said, seen: rows.length };
    }
  }
}

const saidKinds: readonly number[] = [kinds.checkIn, kinds.gesture, kinds.reply, kinds.openAdvice, kinds.private];

/** What one opened record says; nothing where it is none of a person's own words, or of a later version. */
export const toSaid = (opened: Opened, roster: Roster): BackupSaid[] => {
  const { payload, to } = opened;
  const shared = {
    ...(payload.expMs === null ? {} : { until: isoOf(payload.expMs) }),
    ...(to === null ? {} : { to: [...to] }),
    record: { device: payload.device, slot: payload.slot, version: payload.ver }
  };
  return [
    ...toCheckIn(opened).map(({ body: { id, said, point, feelings, words, help, lasting } }): BackupCheckIn => {
      const atMs = said ?? payload.time.ms;
      return {
        ...{ kind: 'checkIn', id, at: isoOf(atMs) },
        ...(atMs === payload.time.ms ? {} : { changed: isoOf(payload.time.ms) }),
        ...shared,
        ...(point === undefined ? {} : { point: { pleasantness: point[0], energy: point[1] } }),
        feelings,
        words,
        ...(help === undefined ? {} : { help }),
        ...(lasting === undefined ? {} : { lasting })
      };
    }),
    ...toAnswer(opened).map(({ type, body }) => {
      const about = 'about' in body ? { about: aboutOf(body.about, roster) } : {};
      return { kind: type, at: isoOf(payload.time.ms), ...shared, ...body, ...about } as BackupSaid;
    })
  ];
};

const aboutOf = ({ device, id }: About, roster: Roster): About & { readonly person?: string } => {
  const person = personOfDevice(roster, device);
  return person === undefined ? { device, id } : { person, device, id };
};

/** The latest time a `Date` holds: nothing honest is dated so, and nothing dated so may keep the rest from being saved. */
const dateMaxMs = 8.64e15;
const isoOf = (ms: number): string => new Date(Math.min(Math.max(ms, 0), dateMaxMs)).toISOString();
