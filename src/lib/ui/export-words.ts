/**
 * What stands in a readable copy about something that was said: sentences around the words, which are somebody else's business.
 */
import { gestures } from '../care/answers.ts';
import { helps, type MoodPoint } from '../care/check-in.ts';
import { m } from '../i18n/messages.js';
import { getLocale } from '../i18n/runtime.js';
import { restoredParts } from './backup-words.ts';
import { feelingWord } from './feeling-words.ts';
import { gestureWords, partsText } from './gesture-words.ts';
import { helpWords } from './help-words.ts';
import { listNames, plainName } from './names.ts';
import { pointWords } from './point-words.ts';

/** What is known of it besides its words. */
export interface ExportFacts {
  readonly kind: string;
  /** Whether the person whose copy it is said it. */
  readonly own: boolean;
  /** Whom it was said to, or whose words it answers, by name; `null` for the whole circle, or where nobody knows any more. */
  readonly name: string | null;
  /** Who can read it besides its author, by name; `null` for the whole circle. */
  readonly seenBy: readonly string[] | null;
  readonly words?: string;
  readonly feelings?: readonly string[];
  readonly point?: MoodPoint | undefined;
  readonly help?: string | undefined;
  readonly gesture?: string;
  readonly answer?: string;
  readonly advice?: boolean;
  readonly clear?: boolean;
}

/** "4 March 2026". Days and times are those of this device. */
export const exportDay = (atMs: number): string =>
  new Intl.DateTimeFormat(getLocale(), { dateStyle: 'long' }).format(atMs);

export const exportDayAndTime = (atMs: number): string =>
  new Intl.DateTimeFormat(getLocale(), { dateStyle: 'long', timeStyle: 'short' }).format(atMs);

/** What a check-in says besides its words, each as a piece of its own. */
export const checkInParts = ({ feelings = [], point, words = '', help, seenBy, own }: ExportFacts): string[] => {
  const place = point === undefined && (feelings.length > 0 || words !== '') ? [] : [pointWords(point ?? null)];
  const known = helps.find((each) => each === help);
  return [
    ...(feelings.length > 0 ? [listNames(feelings.map(feelingWord))] : []),
    ...place,
    ...(known === undefined ? [] : [`${m.card_help()} ${helpWords(known)}`]),
    ...(seenBy === null ? [] : [seenSentence(seenBy, own)])
  ];
};

/** What it was, where it is no check-in: said in a thread of its own. */
export const saidSentence = (facts: ExportFacts): string => {
  const { kind, own, name, gesture } = facts;
  if (own) {
    const said = partsText(restoredParts({ kind, name, ...(gesture === undefined ? {} : { gesture }) }));
    return kind === 'reachOut' && facts.clear === true ? `${said} ${m.reach_clear()}` : said;
  }
  if (kind === 'letter') return m.export_letter();
  if (kind === 'thought') return m.thought_send();
  if (kind === 'reachOut')
    return facts.clear === true ? `${m.reach_question()} ${m.reach_clear()}` : m.reach_question();
  return m.export_about_gone({ what: answerSentence(facts) });
};

/** What it was, under what it answers; the empty string where its words say it all. */
export const answerSentence = ({ kind, gesture, answer, advice }: ExportFacts): string => {
  if (kind === 'gesture') {
    const known = gestures.find((each) => each === gesture);
    return known === undefined ? m.export_gesture_other() : gestureWords(known);
  }
  if (kind === 'reply') return advice === true ? m.reply_thinks_along() : m.export_reply();
  if (kind === 'reachAnswer') return (answers[answer ?? ''] ?? m.reach_your_answer)();
  return (sentences[kind] ?? m.export_reply)();
};

const seenSentence = (seenBy: readonly string[], own: boolean): string => {
  if (seenBy.length === 0) return m.seen_by_you();
  return m.seen_by({ names: listNames([...(own ? [m.seen_by_you_inside()] : []), ...seenBy.map(plainName)]) });
};

const answers: Readonly<Record<string, () => string>> = {
  now: m.reach_now,
  tonight: m.reach_tonight,
  'not-today': m.reach_not_today
};

const sentences: Readonly<Record<string, () => string>> = {
  openAdvice: m.gate_open_own,
  askAdvice: m.gate_ask,
  beenThere: m.export_been_there,
  helped: m.helped
};
