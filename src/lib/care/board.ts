/**
 * The board: one card per friend, mine on top, then the newest state first, the silent last.
 *
 * A pure function of what was said and who is in the circle: any order of arrival gives the same board.
 */
import type { DeviceId, PersonId, RecordHash, SaidId } from '../base/ids.ts';
import { currentPeople, personOfDevice, type Roster } from '../circle/roster.ts';
import type { About } from '../records/answer-bodies.ts';
import type { CheckInBody } from '../records/bodies.ts';
import type { HybridTime } from '../records/hybrid-time.ts';
import type { Ack } from '../records/ledger.ts';
import { answersTo, byTime, isAnswerTo, namesOf, type AnswerRecord, type ShownGesture } from './answers.ts';
import { lastings, type Lasting } from './audience.ts';
import { betweenOf, type ShownReachOut } from './between.ts';
import type { CheckIn } from './check-in.ts';
import { bodyToCheckIn } from './heard-check-in.ts';
import { deliveryOf, type Delivery, type RelaysKeeping } from './delivery.ts';
import { firstSaidMs, withoutEnded } from './next-one.ts';

export type { Delivery } from './delivery.ts';

/** A check-in as it stands on a card. */
export interface SaidCheckIn {
  readonly about: About;
  readonly checkIn: CheckIn;
  /** When it was first said, milliseconds since 1970 by its author's clock. */
  readonly saidAtMs: number;
  /** Whether it was corrected after it was said. */
  readonly changed: boolean;
  /** Who has it, by their devices' own word; only on one's own card, and only in a circle with others. */
  readonly delivery: Delivery | null;
  /** `null`: the whole circle sees it. Else who does, by name, besides its author and the one who looks. */
  readonly seenBy: readonly string[] | null;
  /** `null` where a later version meant something this one doesn't know. */
  readonly lasting: Lasting | null;
  /** When it fades, or `null` where time does not take it away. */
  readonly fadesAtMs: number | null;
}

export interface Card {
  readonly person: PersonId;
  readonly name: string;
  readonly own: boolean;
  /** `null`: nothing said, or taken back. */
  readonly said: SaidCheckIn | null;
  /** Who is with them, by name. */
  readonly gestures: readonly ShownGesture[];
  /** Who wrote a few words, by name, besides the card's own person and the one who looks. */
  readonly repliesFrom: readonly string[];
  /** Whether the one who looks wrote a few words on a friend's card. */
  readonly youWrote: boolean;
  /** They thought of the one who looks, who has not opened their card since. */
  readonly thoughtOfYou: boolean;
  /** A letter of theirs is there that was not when the one who looks last opened their card. */
  readonly newLetter: boolean;
  /** Their app says something that this one doesn't know. */
  readonly newer: boolean;
}

/** A live check-in, as a record of some device. */
export interface CheckInRecord {
  readonly device: DeviceId;
  readonly seq: number;
  readonly slot: string;
  readonly time: HybridTime;
  readonly hash: RecordHash;
  readonly expMs: number | null;
  /** Who can read it besides its author; `null` for the whole circle. */
  readonly to: readonly PersonId[] | null;
  readonly body: CheckInBody;
}

export interface Board {
  readonly cards: readonly Card[];
  /** The record on one's own card: what "Change" and "Unsay" speak of. */
  readonly ownRecord: CheckInRecord | null;
  /** Open reach-outs of one's own and to oneself, oldest first. */
  readonly reachOuts: readonly ShownReachOut[];
  /** Who is in and muted here, by name in roster order. */
  readonly muted: readonly string[];
}

/** What is known on this device, opened. */
export interface BoardFacts {
  readonly roster: Roster;
  /** This device; it may stand for a person who is on no roster yet. */
  readonly ownDevice: DeviceId;
  readonly checkIns: readonly CheckInRecord[];
  readonly answers: readonly AnswerRecord[];
  /** What each device acked. */
  readonly acks: ReadonlyMap<DeviceId, Ack>;
  /**
   * What was there of each friend when the one who looks last opened their card. Not when that was: what was said before may
   * come after.
   */
  readonly seen: ReadonlyMap<PersonId, ReadonlySet<SaidId>>;
  /** Which relays keep one's own newest check-ins, by their hash; a circle without relays has none. */
  readonly relays: ReadonlyMap<RecordHash, RelaysKeeping>;
  /** Whose app said something that this one doesn't know. */
  readonly newer: ReadonlySet<PersonId>;
  /** Whom the one who looks does not want to see here. It changes what is shown, never what is known: who has what stays true. */
  readonly muted: ReadonlySet<PersonId>;
}

export const makeBoard = (facts: BoardFacts): Board => {
  const { roster, ownDevice, muted } = facts;
  const viewer = personOfDevice(roster, ownDevice);
  const newest = newestByPerson(withoutEnded(facts.checkIns, roster), roster);
  const people = currentPeople(roster);
  const isMuted = (person: PersonId): boolean => person !== viewer && muted.has(person);
  const cards = people
    .filter(({ id }) => !isMuted(id))
    .map((person): Card => cardOf(person, newest.get(person.id), viewer, facts));
  return {
    cards: orderCards(cards),
    ownRecord: (viewer === undefined ? undefined : newest.get(viewer)) ?? null,
    reachOuts: people
      .filter(({ id }) => id !== viewer)
      .flatMap(({ id }) => betweenOf(id, facts.answers, roster, viewer))
      .filter((entry): entry is ShownReachOut => entry.type === 'reach-out' && !entry.clear)
      // What one asked oneself is still to be answered, whoever it was that one asked.
      .filter(({ own, person }) => own || !isMuted(person))
      .toSorted((a, b) => a.saidAtMs - b.saidAtMs),
    muted: people.filter(({ id }) => isMuted(id)).map(({ name }) => name)
  };
};

/** The answers that are shown to the one who looks: none of anybody's who is muted. */
export const heardAnswers = ({ roster, ownDevice, answers, muted }: BoardFacts): readonly AnswerRecord[] => {
  if (muted.size === 0) return answers;
  const viewer = personOfDevice(roster, ownDevice);
  return answers.filter(({ device }) => {
    const person = personOfDevice(roster, device);
    return person === undefined || person === viewer || !muted.has(person);
  });
};

/** Mine first, then who spoke last, then the silent; ties by person, so that every device agrees. */
export const orderCards = (cards: readonly Card[]): Card[] =>
  cards.toSorted((a, b) => {
    if (a.own !== b.own) return a.own ? -1 : 1;
    const [aMs, bMs] = [a.said?.saidAtMs ?? -1, b.said?.saidAtMs ?? -1];
    if (aMs !== bMs) return bMs - aMs;
    return a.person < b.person ? -1 : a.person > b.person ? 1 : 0;
  });

/** One check-in as the one who looks sees it. */
export const saidOf = (
  record: CheckInRecord,
  { roster, ownDevice, acks, answers, relays }: BoardFacts
): SaidCheckIn => {
  const { body, device, to, expMs, seq } = record;
  const viewer = personOfDevice(roster, ownDevice);
  const author = personOfDevice(roster, device);
  const own = viewer !== undefined && author === viewer;
  const people = currentPeople(roster);
  const others = to === null ? null : people.filter(({ id }) => to.includes(id) && id !== viewer && id !== author);
  const about = { device, id: body.id };
  const answeredBy = new Set(
    answers.flatMap((answer) => (isAnswerTo(answer, about) ? (personOfDevice(roster, answer.device) ?? []) : []))
  );
  return {
    about,
    checkIn: bodyToCheckIn(body),
    saidAtMs: firstSaidMs(record),
    changed: body.said !== undefined,
    delivery:
      own && people.length > 1
        ? deliveryOf({ seq, author: device, to, answeredBy, relays: relays.get(record.hash) ?? null }, roster, acks)
        : null,
    seenBy: others === null ? null : others.map(({ name }) => name),
    lasting: lastings.find((lasting) => lasting === body.lasting) ?? null,
    fadesAtMs: expMs
  };
};

const cardOf = (
  { id, name }: { readonly id: PersonId; readonly name: string },
  record: CheckInRecord | undefined,
  viewer: PersonId | undefined,
  facts: BoardFacts
): Card => {
  const { roster, seen, newer } = facts;
  const answers = heardAnswers(facts);
  const said = record === undefined ? null : saidOf(record, facts);
  const own = id === viewer;
  const given =
    said === null ? null : answersTo({ about: said.about, help: said.checkIn.help }, answers, roster, viewer);
  const between = own ? [] : betweenOf(id, answers, roster, viewer);
  const unseen = between.filter((entry) => !entry.own && seen.get(id)?.has(entry.about.id) !== true);
  const replies = (given?.replies ?? []).filter((reply) => reply.person !== id);
  return {
    person: id,
    name,
    own,
    said,
    gestures: given?.gestures ?? [],
    repliesFrom: namesOf(replies.filter((reply) => !reply.own)),
    youWrote: replies.some((reply) => reply.own),
    thoughtOfYou: unseen.some(({ type }) => type === 'thought'),
    newLetter: unseen.some(({ type }) => type === 'letter'),
    newer: newer.has(id)
  };
};

/** The newest check-in of each person, by time and then hash. */
const newestByPerson = (records: readonly CheckInRecord[], roster: Roster): Map<PersonId, CheckInRecord> => {
  const newest = new Map<PersonId, CheckInRecord>();
  for (const record of records.toSorted(byTime)) {
    const person = personOfDevice(roster, record.device);
    if (person !== undefined) newest.set(person, record);
  }
  return newest;
};
