/** Ana, Bo, Mia and Jo at one table, and what they say: records as `care` gets them, opened. */
import type { DeviceId, PersonId, RecordHash, SaidId } from '../../../src/lib/base/ids.ts';
import type { About, AnswerOf, AnswerRecord } from '../../../src/lib/care/answers.ts';
import type { BoardFacts, CheckInRecord } from '../../../src/lib/care/board.ts';
import type { Roster, RosterPerson } from '../../../src/lib/circle/roster.ts';
import type { AnswerBodies, AnswerKind } from '../../../src/lib/records/answer-bodies.ts';

/** Somebody at the table, with the phone they came in by. */
export interface Sitter {
  readonly name: string;
  readonly person: PersonId;
  readonly phone: DeviceId;
}

const sitter = (name: string): Sitter => {
  const id = name.toLowerCase();
  return { name, person: id as PersonId, phone: id as DeviceId };
};
export const [ana, bo, mia, jo] = [sitter('Ana'), sitter('Bo'), sitter('Mia'), sitter('Jo')];
/** Bo has a second device. */
export const bosTablet = 'tablet' as DeviceId;
/** On no roster. */
export const stranger = 'stranger' as DeviceId;
export const everybody: readonly Sitter[] = [ana, bo, mia, jo];

/** The roster of these people, in this order; whoever is among `left` has left. */
export const rosterOf = (sitters: readonly Sitter[], left: readonly Sitter[] = []): Roster => {
  const people = sitters.map((each): RosterPerson => ({
    id: each.person,
    name: each.name,
    devices: each === bo ? [bo.phone, bosTablet] : [each.phone],
    left: left.includes(each)
  }));
  const devices = people.flatMap(({ id, devices: ids }) => ids.map((device) => ({ device, person: id })));
  const keys = { sign: new Uint8Array(32), agree: new Uint8Array(32) };
  return {
    circleName: 'Us',
    people,
    devicesById: new Map(devices.map(({ device, person }) => [device, { id: device, person, keys, label: '' }])),
    usedInvites: new Map()
  };
};
export const table = rosterOf(everybody);

let made = 0;
/** An id that nothing else has. */
export const newId = (): SaidId => `said ${++made}` as SaidId;

/** Where and when something was said. */
export type Place = Partial<Pick<AnswerRecord, 'to' | 'expMs' | 'slot' | 'hash'>> & { readonly atMs?: number };

/** Said to the whole table, later than whatever was made before it, unless `place` says otherwise. */
const placeOf = (device: DeviceId, { atMs, ...place }: Place) => {
  const n = ++made;
  return {
    device,
    slot: `slot ${n}`,
    time: { ms: atMs ?? 1000 + n, count: 0 },
    hash: `hash ${n}` as RecordHash,
    to: null,
    expMs: null,
    ...place
  };
};

export const checkIn = (
  device: DeviceId,
  body: Partial<CheckInRecord['body']> = {},
  { seq = 1, ...place }: Place & { readonly seq?: number } = {}
): CheckInRecord => ({
  ...placeOf(device, place),
  seq,
  body: { id: newId(), feelings: [], words: `${device} says`, ...body }
});

/** What names a check-in, or an answer that can be answered in turn. */
export const aboutOf = ({
  device,
  body
}: {
  readonly device: DeviceId;
  readonly body: { readonly id: SaidId };
}): About => ({ device, id: body.id });

/** An answer whose body has no id of its own. */
const plain = <K extends AnswerKind>(type: K, device: DeviceId, body: AnswerBodies[K], place: Place): AnswerOf<K> =>
  ({ ...placeOf(device, place), type, body }) as unknown as AnswerOf<K>;

export const gesture = (device: DeviceId, about: About, which: string, place: Place = {}): AnswerOf<'gesture'> =>
  plain('gesture', device, { id: newId(), about, gesture: which }, place);

export const reply = (device: DeviceId, about: About, words: string, place: Place = {}): AnswerOf<'reply'> =>
  plain('reply', device, { id: newId(), about, words, advice: false }, place);

/** A reply that thinks along. */
export const advice = (device: DeviceId, about: About, words: string, place: Place = {}): AnswerOf<'reply'> =>
  plain('reply', device, { id: newId(), about, words, advice: true }, place);

export const openAdvice = (device: DeviceId, about: About, place: Place = {}): AnswerOf<'openAdvice'> =>
  plain('openAdvice', device, { about }, place);

export const askAdvice = (device: DeviceId, about: About, place: Place = {}): AnswerOf<'askAdvice'> =>
  plain('askAdvice', device, { about }, place);

export const beenThere = (device: DeviceId, about: About, words: string, place: Place = {}): AnswerOf<'beenThere'> =>
  plain('beenThere', device, { id: newId(), about, words }, place);

export const helped = (device: DeviceId, about: About, place: Place = {}): AnswerOf<'helped'> =>
  plain('helped', device, { about }, place);

export const letter = (from: Sitter, to: readonly Sitter[], words: string, place: Place = {}): AnswerOf<'letter'> =>
  plain('letter', from.phone, { id: newId(), words }, { to: peopleOf(to), ...place });

export const thought = (from: Sitter, to: readonly Sitter[], place: Place = {}): AnswerOf<'thought'> =>
  plain('thought', from.phone, { id: newId() }, { to: peopleOf(to), ...place });

export const reachOut = (
  from: Sitter,
  to: readonly Sitter[],
  { id = newId(), clear = false, ...place }: Place & { readonly id?: SaidId; readonly clear?: boolean } = {}
): AnswerOf<'reachOut'> =>
  plain('reachOut', from.phone, { id, words: 'Can we talk?', clear }, { to: peopleOf(to), ...place });

export const reachAnswer = (
  device: DeviceId,
  to: readonly Sitter[],
  about: About,
  answer: string,
  place: Place = {}
): AnswerOf<'reachAnswer'> => plain('reachAnswer', device, { about, answer }, { to: peopleOf(to), ...place });

export const peopleOf = (sitters: readonly Sitter[]): PersonId[] => sitters.map(({ person }) => person);

/** What Ana's phone knows, unless it is said otherwise: everybody at the table, and nothing said yet. */
export const facts = (changes: Partial<BoardFacts> = {}): BoardFacts => ({
  roster: table,
  ownDevice: ana.phone,
  checkIns: [],
  answers: [],
  acks: new Map(),
  seen: new Map(),
  relays: new Map(),
  newer: new Set(),
  muted: new Set(),
  ...changes
});
