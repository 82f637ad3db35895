/**
 * Being there: what friends gave back to one check-in.
 *
 * By name and in the order it was given; never counted, never ranked. A pure function of what was said, the same in any
 * order of arrival.
 */
import type { DeviceId, PersonId, RecordHash, SaidId } from '../base/ids.ts';
import { personOfDevice, type Roster } from '../circle/roster.ts';
import { aboutKey, type About, type AnswerContent, type AnswerKind } from '../records/answer-bodies.ts';
import { compareHybridTime, type HybridTime } from '../records/hybrid-time.ts';
import { adviceOn, mayThinkAlong, type Advice } from './advice.ts';
import type { Help } from './check-in.ts';

export type { About } from '../records/answer-bodies.ts';

/** Presence without words, in the order it is offered. */
export const gestures = ['i-see-you', 'me-too', 'sitting-with-you', 'thinking-of-you'] as const;
export type Gesture = (typeof gestures)[number];

/** An answer that was opened: who said it, to whom, and what. */
export type AnswerRecord = AnswerContent & {
  readonly device: DeviceId;
  readonly slot: string;
  readonly time: HybridTime;
  readonly hash: RecordHash;
  /** Who can read it besides its author; `null` for the whole circle. */
  readonly to: readonly PersonId[] | null;
  readonly expMs: number | null;
};

export type AnswerOf<K extends AnswerKind> = Extract<AnswerRecord, { readonly type: K }>;

/** Somebody's presence, by name. */
export interface ShownGesture {
  readonly about: About;
  readonly person: PersonId;
  readonly name: string;
  readonly own: boolean;
  readonly gesture: Gesture;
  /** "That helped" came back, from the author to this friend; only these two know. */
  readonly helped: boolean;
}

export interface ShownReply {
  readonly about: About;
  readonly person: PersonId;
  readonly name: string;
  readonly own: boolean;
  readonly words: string;
  /** Whether it thinks along. */
  readonly advice: boolean;
  readonly saidAtMs: number;
  readonly helped: boolean;
  /** Only the author and this friend can read it. */
  readonly alone: boolean;
  /** The slot it stands in: what taking it back speaks of. */
  readonly slot: string;
  /** One's own, said on another device: only that one can take it back. */
  readonly elsewhere?: true;
}

/** Words that came with a "me too": only the author gets them, and only if they like to. */
export interface BeenThere {
  readonly about: About;
  readonly person: PersonId;
  readonly name: string;
  readonly words: string;
  readonly helped: boolean;
}

/** What one check-in was answered, as one person may see it. */
export interface Answers {
  readonly gestures: readonly ShownGesture[];
  readonly ownGesture: Gesture | null;
  /** Oldest first. */
  readonly replies: readonly ShownReply[];
  readonly advice: Advice;
  /** Who asks whether thinking along would help, by name; only the author sees it, while advice is closed. */
  readonly adviceAskedBy: readonly string[];
  /** Whether the one who looks has asked. */
  readonly askedAdvice: boolean;
  readonly beenThere: readonly BeenThere[];
  /** What the one who looks attached to their "me too", and whether it helped. */
  readonly ownBeenThere: { readonly words: string; readonly helped: boolean } | null;
}

/** The check-in that is answered, as far as answers depend on it. */
export interface Answered {
  readonly about: About;
  readonly help: Help | null;
}

export const answersTo = (
  { about, help }: Answered,
  records: readonly AnswerRecord[],
  roster: Roster,
  viewer: PersonId | undefined
): Answers => {
  const here = inOrder(records.filter((record) => isAnswerTo(record, about)));
  const author = personOfDevice(roster, about.device);
  const of = <K extends AnswerKind>(type: K): AnswerOf<K>[] =>
    here.filter((record): record is AnswerOf<K> => record.type === type);
  const speaker = (record: AnswerRecord) => speakerOf(record, roster, viewer);
  const helped = helpedBy(records, author, roster);
  const advice = adviceOn(
    help,
    of('openAdvice').some(({ device }) => personOfDevice(roster, device) === author)
  );
  const ownOf = <K extends AnswerKind>(type: K): AnswerOf<K> | undefined =>
    of(type).findLast((record) => viewer !== undefined && personOfDevice(roster, record.device) === viewer);
  const shown = newestByPerson(of('gesture'), roster).flatMap((record): ShownGesture[] => {
    const known = gestures.find((gesture) => gesture === record.body.gesture);
    const who = speaker(record);
    // Presence is now: whoever left took it along. Words that were said stay.
    if (known === undefined || who === undefined || who.left || who.person === author) return [];
    return [{ ...named(who), about: answerAbout(record), gesture: known, helped: helped(record) }];
  });
  const replies = of('reply').flatMap((record): ShownReply[] => {
    const who = speaker(record);
    if (who === undefined) return [];
    // The gate on the receiving end: thinking along that nobody asked for is not shown to anybody.
    if (record.body.advice && who.person !== author && !mayThinkAlong(advice)) return [];
    const { words, advice: thinksAlong } = record.body;
    return [
      {
        ...named(who),
        about: answerAbout(record),
        words,
        advice: thinksAlong,
        saidAtMs: record.time.ms,
        helped: helped(record),
        alone: record.to?.length === 1 && (record.to[0] === author || who.person === author),
        slot: record.slot
      }
    ];
  });
  const isAuthor = viewer !== undefined && viewer === author;
  const ownBeenThere = ownOf('beenThere');
  return {
    gestures: shown,
    ownGesture: shown.find(({ own }) => own)?.gesture ?? null,
    replies,
    advice,
    adviceAskedBy:
      isAuthor && !mayThinkAlong(advice) ? namesOf(of('askAdvice').flatMap((record) => speaker(record) ?? [])) : [],
    askedAdvice: ownOf('askAdvice') !== undefined,
    beenThere: isAuthor
      ? newestByPerson(of('beenThere'), roster).flatMap((record): BeenThere[] => {
          const who = speaker(record);
          if (who === undefined || who.own) return [];
          const { words } = record.body;
          return [{ person: who.person, name: who.name, about: answerAbout(record), words, helped: helped(record) }];
        })
      : [],
    ownBeenThere: ownBeenThere === undefined ? null : { words: ownBeenThere.body.words, helped: helped(ownBeenThere) }
  };
};

/** What names an answer, so that it can be answered in turn. */
export const answerAbout = ({ device, body }: AnswerOf<'gesture' | 'reply' | 'beenThere'>): About => ({
  device,
  id: body.id
});

/** Oldest first; ties by hash, so that every device agrees. */
export const byTime = (
  a: { readonly time: HybridTime; readonly hash: RecordHash },
  b: { readonly time: HybridTime; readonly hash: RecordHash }
): number => compareHybridTime(a.time, b.time) || (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0);

/** Whether a record speaks of this. */
export const isAnswerTo = ({ body }: AnswerRecord, about: About): boolean =>
  'about' in body && aboutKey(body.about) === aboutKey(about);

/** Each record once, oldest first: it may have come several times. */
export const inOrder = (records: readonly AnswerRecord[]): AnswerRecord[] => [
  ...new Map(records.toSorted(byTime).map((record) => [record.hash, record])).values()
];

/** Each person once, in the order given; two friends of one name are two. */
export const namesOf = (people: ReadonlyArray<{ readonly person: PersonId; readonly name: string }>): string[] => [
  ...new Map(people.map(({ person, name }) => [person, name])).values()
];

/** Somebody who said something, as the one who looks knows them. */
export interface Speaker {
  readonly person: PersonId;
  readonly name: string;
  readonly own: boolean;
  readonly left: boolean;
}

/** Who said it, if their device is on the roster. */
export const speakerOf = (
  { device }: { readonly device: DeviceId },
  roster: Roster,
  viewer: PersonId | undefined
): Speaker | undefined => {
  const person = personOfDevice(roster, device);
  const known = roster.people.find(({ id }) => id === person);
  if (known === undefined) return undefined;
  return { person: known.id, name: known.name, own: known.id === viewer, left: known.left };
};

const named = ({ person, name, own }: Speaker) => ({ person, name, own });

/** AN6: "That helped" counts from the author of what was answered, about an answer by its own id. */
const helpedBy = (records: readonly AnswerRecord[], author: PersonId | undefined, roster: Roster) => {
  const said = new Set(
    records
      .filter((record) => record.type === 'helped' && personOfDevice(roster, record.device) === author)
      .map((record) => aboutKey((record as AnswerOf<'helped'>).body.about))
  );
  return (record: AnswerRecord & { readonly body: { readonly id: SaidId } }): boolean =>
    said.has(aboutKey({ device: record.device, id: record.body.id }));
};

const newestByPerson = <R extends AnswerRecord>(sorted: readonly R[], roster: Roster): R[] => {
  const newest = new Map<PersonId | undefined, R>();
  for (const record of sorted) newest.set(personOfDevice(roster, record.device), record);
  return [...newest.values()].toSorted(byTime);
};
