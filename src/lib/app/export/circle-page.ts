/**
 * A circle as a page of Markdown: words first, then what there is to know about them.
 */
import type { PersonId } from '../../base/ids.ts';
import { m } from '../../i18n/messages.js';
import { clockWords } from '../../ui/clock-time.ts';
import {
  answerSentence,
  checkInParts,
  exportDay,
  exportDayAndTime,
  saidSentence,
  type ExportFacts
} from '../../ui/export-words.ts';
import { listNames, plainName } from '../../ui/names.ts';
import { escapeLine, quoteWords } from './markdown-text.ts';
import type { ExportEntry, Thread } from './threads.ts';

/** Whose circle it is, and how its people are called. */
export interface ExportedCircle {
  readonly id: string;
  readonly own: boolean;
  readonly name: string;
  readonly you?: PersonId | undefined;
  readonly people: readonly { readonly id: PersonId; readonly name: string; readonly left: boolean }[];
  /** It came back from a backup; this device is not in it. */
  readonly fromBackup: boolean;
}

/** What a circle is called here. */
export const circleTitle = ({ own, name }: Pick<ExportedCircle, 'own' | 'name'>): string =>
  own ? m.restored_own() : plainName(name);

/** The beginning of the page. `madeAtMs`: when; `zone`: of the times in it, as IANA calls it. */
export const pageHead = (circle: ExportedCircle, { madeAtMs, zone }: { madeAtMs: number; zone: string }): string => {
  const others = circle.people.filter(({ id }) => id !== circle.you).map(({ name }) => escapeLine(plainName(name)));
  const lines = [
    `# ${escapeLine(circleTitle(circle))}`,
    ...(others.length === 0 ? [] : [m.export_people({ names: listNames([m.card_own(), ...others]) })]),
    ...(circle.fromBackup ? [m.restored_heading()] : []),
    m.export_made({ day: exportDay(madeAtMs), zone: escapeLine(zone) }),
    m.export_open_file()
  ];
  return `${lines.join('\n\n')}\n`;
};

/** What stands in front of the first thread of a day. */
export const dayHead = (atMs: number, lastMs: number | null): string => {
  const day = exportDay(atMs);
  return lastMs !== null && exportDay(lastMs) === day ? '' : `\n## ${day}\n`;
};

/** One thread. */
export const threadText = ({ said, answers }: Thread, circle: ExportedCircle): string => {
  const facts = factsOf(said, circle);
  const about = said.kind === 'checkIn' ? checkInParts(facts).map(escapeLine) : [escapeLine(saidSentence(facts))];
  const dates = [
    ...(said.changed === undefined ? [] : [m.export_changed({ when: exportDayAndTime(Date.parse(said.changed)) })]),
    ...(said.until === undefined ? [] : [m.export_until({ when: exportDayAndTime(Date.parse(said.until)) })])
  ];
  const words = quoteWords('words' in said ? said.words : '');
  const parts = [
    `### ${bySentence(said, circle)}\n`,
    ...(words === '' ? [] : [words]),
    ...[[...about, ...dates].join(' · ')].filter((line) => line !== '').map((line) => `${line}\n`),
    ...(answers.length === 0 ? [] : [answers.map((answer) => answerText(answer, circle)).join('')])
  ];
  return `\n${parts.join('\n')}`;
};

const answerText = (answer: ExportEntry, circle: ExportedCircle): string => {
  const sentence = escapeLine(answerSentence(factsOf(answer, circle)));
  const words = quoteWords('words' in answer ? answer.words : '', '  ');
  return `- ${bySentence(answer, circle, true)}: ${sentence}\n${words === '' ? '' : `\n${words}\n`}`;
};

/** "Ana, 09:14"; an answer may be of another day. */
const bySentence = ({ by, at }: ExportEntry, circle: ExportedCircle, withDay = false): string => {
  const atMs = Date.parse(at);
  const when = withDay ? exportDayAndTime(atMs) : clockWords(atMs);
  return m.export_by({ name: escapeLine(nameOf(by, circle)), when });
};

const nameOf = (person: PersonId | undefined, { you, people, own }: ExportedCircle): string => {
  if (own || (person !== undefined && person === you)) return m.card_own();
  return plainName(people.find(({ id }) => id === person)?.name ?? '');
};

const factsOf = (entry: ExportEntry, circle: ExportedCircle): ExportFacts => {
  const names = new Map(circle.people.map(({ id, name }) => [id, name]));
  const isOwn = circle.own || (entry.by !== undefined && entry.by === circle.you);
  const to = entry.to?.filter((person) => person !== entry.by) ?? null;
  const about = 'about' in entry ? entry.about.person : undefined;
  const toName = names.get(to?.[0] ?? about ?? ('' as PersonId));
  return {
    ...entry,
    own: isOwn,
    name: toName === undefined ? null : toName,
    seenBy:
      to === null
        ? null
        : to.map((person) => (person === circle.you ? m.seen_by_you_inside() : (names.get(person) ?? '')))
  };
};
