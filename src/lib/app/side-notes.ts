/**
 * What only this device knows about a circle, wrapped: what was seen of whom, which words were heard, whom to ask
 * second, who is muted, whose six words were compared, and what is being written to whom. Each of the two as one row, because the mere name of a note (a letter to Mia
 * begun, somebody asked to talk) would tell whoever reads the disk.
 */
import * as v from 'valibot';
import type { DeviceId, PersonId } from '../base/ids.ts';
import type { LocalCircle } from '../store/circles.ts';
import type { SealedRow, ShoulderDatabase } from '../store/database.ts';
import type { Drafts } from '../store/drafts.ts';

/** Somebody's words that came with a "me too": opened here, or put off. */
export type HeardState = 'heard' | 'put-off';

/** "If Ana can't be reached by 21:00, ask Jo." */
export interface SecondPerson {
  readonly person: PersonId;
  /** Milliseconds since 1970. */
  readonly byMs: number;
}

export interface SideNotes {
  /** What was there of each friend when their card was last opened: ids of what they said to this person alone. */
  readonly seen: Readonly<Record<string, readonly string[]>>;
  /** By the text of what they name. */
  readonly heard: Readonly<Record<string, HeardState>>;
  /** By the text of what names the reach-out. */
  readonly seconds: Readonly<Record<string, SecondPerson>>;
  /** Whose cards and answers are not shown here; nobody is told. */
  readonly muted: readonly PersonId[];
  /** With which devices each person was when six words were compared with them. */
  readonly compared: Readonly<Record<string, readonly DeviceId[]>>;
  /** With which devices each person was when the board last said that they had changed. */
  readonly devicesSeen: Readonly<Record<string, readonly DeviceId[]>>;
}

/** What stands in each box, by its name: apart from the notes, because it changes with every letter typed. */
export type Writings = Readonly<Record<string, string>>;

const personId = v.pipe(
  v.string(),
  v.transform((id) => id as PersonId)
);
const devicesByPerson = v.record(
  v.string(),
  v.array(
    v.pipe(
      v.string(),
      v.transform((id) => id as DeviceId)
    )
  )
);
/** What came later may be missing in notes from before. */
const notesShape = v.object({
  seen: v.record(v.string(), v.array(v.string())),
  heard: v.record(v.string(), v.picklist(['heard', 'put-off'])),
  seconds: v.record(v.string(), v.object({ person: personId, byMs: v.number() })),
  muted: v.optional(v.array(personId), []),
  compared: v.optional(devicesByPerson, {}),
  devicesSeen: v.optional(devicesByPerson, {})
});

interface NotePlaces {
  readonly database: ShoulderDatabase;
  readonly drafts: Drafts;
}

/** What only this device knows about a circle. */
export const notesOf = ({ database, drafts }: NotePlaces, { n }: Pick<LocalCircle, 'n'>): WrappedNote<SideNotes> =>
  new WrappedNote(database, drafts, { id: `notes/${n}`, shape: notesShape, empty: noNotes });

/** What is being written in a circle. */
export const writingsOf = ({ database, drafts }: NotePlaces, { n }: Pick<LocalCircle, 'n'>): WrappedNote<Writings> =>
  new WrappedNote(database, drafts, { id: `writing/${n}`, shape: v.record(v.string(), v.string()), empty: {} });

const noNotes: SideNotes = { seen: {}, heard: {}, seconds: {}, muted: [], compared: {}, devicesSeen: {} };

interface NoteKind<T> {
  readonly id: string;
  readonly shape: v.GenericSchema<unknown, T>;
  /** What it says before anything was noted. */
  readonly empty: T;
}

/** One wrapped row that is read and changed as a whole. */
export class WrappedNote<T> {
  readonly #database: ShoulderDatabase;
  readonly #drafts: Drafts;
  readonly #kind: NoteKind<T>;

  constructor(database: ShoulderDatabase, drafts: Drafts, kind: NoteKind<T>) {
    this.#database = database;
    this.#drafts = drafts;
    this.#kind = kind;
  }

  /** The row it is kept in: what a live query watches. */
  row(): Promise<SealedRow | undefined> {
    return Promise.resolve(this.#database.drafts.get(this.#kind.id));
  }

  /** What a row says; nothing where there is none. */
  async open(row: SealedRow | undefined): Promise<T> {
    const text = row === undefined ? undefined : await this.#drafts.open(row);
    const parsed = text === undefined ? undefined : v.safeParse(this.#kind.shape, JSON.parse(text));
    return parsed?.success === true ? parsed.output : this.#kind.empty;
  }

  async read(): Promise<T> {
    return this.open(await this.row());
  }

  /** Changes it; two tabs never lose each other's change. Resolves when it is on disk. */
  update(change: (before: T) => T): Promise<void> {
    const { id } = this.#kind;
    return navigator.locks.request(`${this.#database.name}/${id}`, async () => {
      await this.#drafts.keep(id, JSON.stringify(change(await this.read())));
    });
  }
}

/** A copy without one entry. */
export const without = <T>(entries: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(entries).filter(([other]) => other !== key));
