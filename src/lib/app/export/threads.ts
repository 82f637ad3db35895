/**
 * Everything this person can read in a circle, as threads: what was said, with what it was answered.
 *
 * Read in pages: in memory as a whole stand only answers, which are a few words each, and the keys of what there is.
 */
import type { DeviceId, PersonId } from '../../base/ids.ts';
import { adviceOn, mayThinkAlong } from '../../care/advice.ts';
import { helps } from '../../care/check-in.ts';
import { personOfDevice, type Roster } from '../../circle/roster.ts';
import { aboutKey } from '../../records/answer-bodies.ts';
import { kinds } from '../../records/kinds.ts';
import type { LocalCircle } from '../../store/circles.ts';
import { countOfKinds, pagesOfKinds } from '../../store/kind-pages.ts';
import type { BackupSaid } from '../backup/format.ts';
import { toSaid } from '../backup/own-words.ts';
import type { OpenedRecords } from '../opened-records.ts';
import type { Shoulder } from '../shoulder.ts';
import { notesOf, type SideNotes } from '../side-notes.ts';

type WithoutRecord<Said> = Said extends unknown ? Omit<Said, 'record'> : never;

/** One thing that somebody said, with the fields of a backup (docs/backup.md) and whose it is. */
export type ExportEntry = WithoutRecord<BackupSaid> & { readonly by?: PersonId };

/** Something that was said, with its answers, oldest first. */
export interface Thread {
  readonly said: ExportEntry;
  readonly answers: readonly ExportEntry[];
}

/** What this needs of the app. */
export type ThreadsApp = Pick<Shoulder, 'database' | 'clock' | 'drafts' | 'openedRecords'>;

const answering = [kinds.gesture, kinds.reply, kinds.openAdvice, kinds.private];
const beginning = [kinds.checkIn, kinds.private];

/** How many records `threadsOf` looks at; private ones twice, once for answers and once for what begins a thread. */
export const threadsWork = async ({ database }: Pick<ThreadsApp, 'database'>, { n }: LocalCircle): Promise<number> =>
  (await countOfKinds(database, n, answering)) + (await countOfKinds(database, n, beginning));

/**
 * The threads, in no order; `seen` is how many records a step looked at. Left out is what the app shows nobody: thinking along
 * that was not asked for, and the words of a "me too" that this person has not chosen to hear.
 */
export async function* threadsOf(
  app: ThreadsApp,
  circle: LocalCircle,
  roster: Roster
): AsyncGenerator<{ readonly threads: readonly Thread[]; readonly seen: number }> {
  const records = await app.openedRecords(circle);
  const notes = await notesOf(app, circle).read();
  const nowMs = app.clock.nowMs();
  const own = personOfDevice(roster, circle.keyring.device.id);
  const answers = new Answers();
  for await (const page of pagesOfKinds(app.database, circle.n, answering, { nowMs })) {
    for (const { device, entry } of await entriesOf(records, page, roster))
      if ('about' in entry) answers.add(device, entry.by === own ? entry : unheard(device, entry, notes));
    yield { threads: [], seen: page.length };
  }
  answers.settle();
  for await (const page of pagesOfKinds(app.database, circle.n, beginning, { nowMs })) {
    const said = (await entriesOf(records, page, roster)).filter(({ entry }) => !('about' in entry));
    const threads = said.map(({ device, entry }) => gated(entry, 'id' in entry ? answers.take(device, entry.id) : []));
    yield { threads, seen: page.length };
  }
  const rest = answers.rest().filter((entry) => entry.kind !== 'reply' || !entry.advice || entry.by === own);
  yield { threads: rest.map((said) => ({ said, answers: [] })), seen: 0 };
}

interface Opened {
  readonly device: DeviceId;
  readonly entry: ExportEntry;
}

const entriesOf = async (
  records: OpenedRecords,
  rows: Parameters<OpenedRecords['open']>[0],
  roster: Roster
): Promise<Opened[]> => {
  const opened = await records.open(rows);
  return opened.flatMap((record) => {
    const { device } = record.payload;
    const by = personOfDevice(roster, device);
    return toSaid(record, roster).map(({ record: _, ...said }): Opened => {
      const entry = said as WithoutRecord<BackupSaid>;
      return { device, entry: by === undefined ? entry : { ...entry, by } };
    });
  });
};

/** Answers by what they speak of. */
class Answers {
  readonly #byRoot = new Map<string, ExportEntry[]>();
  /** What each answer speaks of, by what names the answer itself. */
  readonly #rootOf = new Map<string, string>();

  add(device: DeviceId, entry: Extract<ExportEntry, { about: unknown }>): void {
    const root = aboutKey(entry.about);
    this.#append(root, [entry]);
    if ('id' in entry) this.#rootOf.set(aboutKey({ device, id: entry.id }), root);
  }

  /** Answers to answers stand with what those speak of. */
  settle(): void {
    for (const [root, entries] of [...this.#byRoot]) {
      const further = this.#rootOf.get(root);
      if (further === undefined || further === root) continue;
      this.#byRoot.delete(root);
      this.#append(further, entries);
    }
  }

  take(device: DeviceId, id: Extract<ExportEntry, { id: unknown }>['id']): ExportEntry[] {
    const root = aboutKey({ device, id });
    const entries = this.#byRoot.get(root) ?? [];
    this.#byRoot.delete(root);
    return entries.sort(byDate);
  }

  /** Whatever speaks of something that is not here. */
  rest(): ExportEntry[] {
    return [...this.#byRoot.values()].flat();
  }

  #append(root: string, entries: readonly ExportEntry[]): void {
    const before = this.#byRoot.get(root);
    if (before === undefined) this.#byRoot.set(root, [...entries]);
    else before.push(...entries);
  }
}

/** A check-in with what its gate lets through; anything else as it is. */
const gated = (said: ExportEntry, answers: readonly ExportEntry[]): Thread => {
  if (said.kind !== 'checkIn') return { said, answers };
  const help = helps.find((each) => each === said.help) ?? null;
  const opened = answers.some(({ kind, by }) => kind === 'openAdvice' && by === said.by);
  if (mayThinkAlong(adviceOn(help, opened))) return { said, answers };
  return { said, answers: answers.filter((entry) => entry.kind !== 'reply' || !entry.advice || entry.by === said.by) };
};

const unheard = <Entry extends ExportEntry>(device: DeviceId, entry: Entry, { heard }: SideNotes): Entry =>
  entry.kind === 'beenThere' && heard[aboutKey({ device, id: entry.id })] !== 'heard' ? { ...entry, words: '' } : entry;

const byDate = (a: ExportEntry, b: ExportEntry): number => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0);
