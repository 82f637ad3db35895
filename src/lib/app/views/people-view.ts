/**
 * Who is in a circle, as it is known on this device now, and what only this device knows of them: who is muted, whose six words
 * were compared, and with which devices each was last seen.
 */
import type { PersonId } from '../../base/ids.ts';
import {
  deviceNews,
  devicesNow,
  gonePeople,
  outReason,
  shownPeople,
  type DeviceNews,
  type DevicesByPerson,
  type GonePerson,
  type OutReason,
  type ShownPerson
} from '../../care/people.ts';
import type { PersonDevices } from '../../circle/six-words.ts';
import type { LocalCircle } from '../../store/circles.ts';
import type { EnvelopeRow, SealedRow } from '../../store/database.ts';
import { statementRows } from '../../store/held-rows.ts';
import { Live } from '../live.svelte.ts';
import type { Shoulder } from '../shoulder.ts';
import { notesOf } from '../side-notes.ts';

export interface PeopleState {
  readonly circleName: string;
  readonly isOwn: boolean;
  /** Why this device is out of the circle; `null` while it is in. */
  readonly out: OutReason | null;
  /** Everybody who is in, oneself first. */
  readonly people: readonly ShownPerson[];
  /** Each person's place on the roster, from 1: what stands in the address of their page. */
  readonly ordinals: ReadonlyMap<PersonId, number>;
  /** Everybody who was here, in roster order. */
  readonly gone: readonly GonePerson[];
  /** What the board has not said yet of anybody's devices. */
  readonly news: readonly DeviceNews[];
  /** Of whom the board has not said yet that they are gone. */
  readonly goneNews: readonly GonePerson[];
  /** The devices of everybody who is in. */
  readonly devices: DevicesByPerson;
  /** Whether there is somebody of whom it was never noted which devices they have. */
  readonly hasUnseen: boolean;
}

interface PeopleRows {
  readonly statements: readonly EnvelopeRow[];
  readonly notes: SealedRow | undefined;
}

type NotingApp = Pick<Shoulder, 'database' | 'drafts'>;

export class PeopleView {
  readonly #app: Shoulder;
  readonly #circle: LocalCircle;
  readonly #live: Live<PeopleRows, PeopleState>;

  constructor(app: Shoulder, circle: LocalCircle) {
    this.#app = app;
    this.#circle = circle;
    this.#live = new Live(
      async () => {
        const [statements, notes] = await Promise.all([
          statementRows(app.database, circle.n),
          notesOf(app, circle).row()
        ]);
        return { statements, notes };
      },
      (rows) => this.#read(rows),
      app.onProblem
    );
  }

  /** `undefined` until it has been read from disk once. */
  get current(): PeopleState | undefined {
    return this.#live.current;
  }

  async #read({ statements, notes: row }: PeopleRows): Promise<PeopleState> {
    const [state, notes] = await Promise.all([
      this.#app.rosters.stateOfRows(this.#circle, statements),
      notesOf(this.#app, this.#circle).open(row)
    ]);
    const { roster } = state;
    const { device, own } = this.#circle.keyring;
    const devices = devicesNow(roster);
    const gone = gonePeople(state);
    return {
      circleName: roster.circleName,
      isOwn: own,
      out: outReason(roster, device.id),
      people: shownPeople({ state, ownDevice: device.id, muted: notes.muted, compared: notes.compared }),
      ordinals: new Map(roster.people.map(({ id }, i) => [id, i + 1])),
      gone,
      goneNews: gone.filter(({ id }) => notes.devicesSeen[id] !== undefined),
      news: deviceNews(state, device.id, notes.devicesSeen),
      devices,
      hasUnseen: Object.keys(devices).some((person) => notes.devicesSeen[person] === undefined)
    };
  }
}

/** The six words of oneself and somebody else; the list they come from is loaded only now. */
export const safetyWordsWith = async (
  { keyring }: LocalCircle,
  people: readonly ShownPerson[],
  other: ShownPerson
): Promise<readonly string[] | null> => {
  const you = people.find(({ isYou }) => isYou);
  if (you === undefined) return null;
  const { safetyWords } = await import('../../circle/six-words.ts');
  return safetyWords(keyring.circle, withDevices(you), withDevices(other));
};

/** Notes that somebody's six words were the same, read to each other: of the devices they have now. */
export const rememberCompared = (
  app: NotingApp,
  circle: Pick<LocalCircle, 'n'>,
  { id, devices }: Pick<ShownPerson, 'id' | 'devices'>
): Promise<void> =>
  notesOf(app, circle).update((notes) => ({
    ...notes,
    compared: { ...notes.compared, [id]: devices.map((device) => device.id) }
  }));

/** Notes that one does not want to see somebody here, or does again. Said to nobody. */
export const rememberMuted = (
  app: NotingApp,
  circle: Pick<LocalCircle, 'n'>,
  person: PersonId,
  muted: boolean
): Promise<void> =>
  notesOf(app, circle).update((notes) => {
    const others = notes.muted.filter((each) => each !== person);
    return { ...notes, muted: muted ? [...others, person] : others };
  });

/**
 * Notes who is here with which devices. Of whoever is noted already nothing changes, unless the board has said it (`told`): then
 * this is how it is, and whoever is gone is noted no more.
 */
export const rememberDevices = (
  app: NotingApp,
  circle: Pick<LocalCircle, 'n'>,
  devices: DevicesByPerson,
  told: boolean
): Promise<void> =>
  notesOf(app, circle).update((notes) => ({
    ...notes,
    devicesSeen: told ? devices : { ...devices, ...notes.devicesSeen }
  }));

const withDevices = ({ id, devices }: ShownPerson): PersonDevices => ({
  id,
  devices: devices.map((device) => device.id)
});
