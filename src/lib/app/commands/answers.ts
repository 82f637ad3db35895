/**
 * Being there: gestures, replies, and what only two people say to each other.
 *
 * Whatever answers a check-in goes to exactly those who can read the check-in, or to fewer. What was taken back or has
 * faded meanwhile is not answered any more: the words stay in their box, and the person hears why.
 */
import { dayMs } from '../../base/clock.ts';
import { wordsLengthMax } from '../../base/limits.ts';
import type { PersonId } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { adviceOn, mayThinkAlong } from '../../care/advice.ts';
import { byTime, isAnswerTo, type About, type AnswerOf, type AnswerRecord, type Gesture } from '../../care/answers.ts';
import { fadesAtMs } from '../../care/audience.ts';
import type { ReachAnswer, ShownReachOut } from '../../care/between.ts';
import type { BoardFacts, CheckInRecord } from '../../care/board.ts';
import { bodyToCheckIn } from '../../care/heard-check-in.ts';
import { personOfDevice } from '../../circle/roster.ts';
import { answerToBody, type AnswerContent, type AnswerKind } from '../../records/answer-bodies.ts';
import { kinds } from '../../records/kinds.ts';
import type { SealedRecord } from '../../records/record.ts';
import type { LocalCircle } from '../../store/circles.ts';
import { answerReach, queryFacts, readFacts } from '../views/circle-facts.ts';
import type { Shoulder } from '../shoulder.ts';
import { newSaidId, sayTo, takeBack, type SayToError, type To } from './saying.ts';

export type AnswerError =
  | SayToError
  /** It was taken back, or has faded, meanwhile. */
  | { readonly type: 'NoLongerThere' }
  /** Its author asked to be heard, and has not opened it to thinking along. */
  | { readonly type: 'AdviceClosed' }
  | { readonly type: 'NothingToSay' }
  | { readonly type: 'WordsTooLong' };

type Answering = Promise<Result<SealedRecord, AnswerError>>;

/** How long thoughts and questions to talk stay: as long as a week's check-in, so that their end tells nothing. PR7. */
const betweenLifetimeMs = 7 * dayMs;

/** Presence without words, in the place of what one gave before; `null` takes it back. */
export const giveGesture = async (
  app: Shoulder,
  circle: LocalCircle,
  about: About,
  gesture: Gesture | null
): Answering => {
  const found = await answered(app, circle, about);
  if (!found.ok) return found;
  const { before, to, ends } = found.value;
  const own = before('gesture').at(-1);
  if (gesture === null) return own === undefined ? err({ type: 'NoLongerThere' }) : takeBack(app, circle, own.slot);
  const body = { id: own?.body.id ?? newSaidId(app), about, gesture };
  return give(app, circle, { type: 'gesture', body }, { to, ...ends(to, own) });
};

/** A few words. Thinking along is refused where the author has not opened it. */
export const sayReply = async (
  app: Shoulder,
  circle: LocalCircle,
  about: About,
  { words, advice }: { readonly words: string; readonly advice: boolean }
): Answering => {
  const refused = refuseWords(words);
  if (refused !== null) return err(refused);
  const found = await answered(app, circle, about);
  if (!found.ok) return found;
  const { to, ends, isAuthor, mayAdvise } = found.value;
  if (advice && !isAuthor && !mayAdvise) return err({ type: 'AdviceClosed' });
  return give(app, circle, { type: 'reply', body: { id: newSaidId(app), about, words, advice } }, { to, ...ends(to) });
};

/** "Would thinking along help?", to the author alone. Asking twice changes nothing. */
export const askAdvice = async (app: Shoulder, circle: LocalCircle, about: About): Answering => {
  const found = await answered(app, circle, about);
  if (!found.ok) return found;
  const { author, ends, before } = found.value;
  const to = [author];
  return give(app, circle, { type: 'askAdvice', body: { about } }, { to, ...ends(to, before('askAdvice')[0]) });
};

/** The author's yes. */
export const openAdvice = async (app: Shoulder, circle: LocalCircle, about: About): Answering => {
  const found = await answered(app, circle, about);
  if (!found.ok) return found;
  const { to, ends, before } = found.value;
  return give(app, circle, { type: 'openAdvice', body: { about } }, { to, ...ends(to, before('openAdvice')[0]) });
};

/** "Me too", with words that only the author gets, and only if they like to. */
export const sayBeenThere = async (app: Shoulder, circle: LocalCircle, about: About, words: string): Answering => {
  const refused = refuseWords(words);
  if (refused !== null) return err(refused);
  const found = await answered(app, circle, about);
  if (!found.ok) return found;
  const { author, ends, before } = found.value;
  const own = before('beenThere').at(-1);
  const body = { id: own?.body.id ?? newSaidId(app), about, words };
  const to = [author];
  return give(app, circle, { type: 'beenThere', body }, { to, ...ends(to, own) });
};

/** "That helped", back to the friend who answered; said again, it is taken back. */
export const sayHelped = async (app: Shoulder, circle: LocalCircle, about: About): Answering => {
  const { roster, answers, ownDevice } = await factsOf(app, circle);
  const friend = personOfDevice(roster, about.device);
  const isThere = answers.some(({ device, body }) => device === about.device && 'id' in body && body.id === about.id);
  if (friend === undefined || !isThere) return err({ type: 'NoLongerThere' });
  const own = ownAnswers(answers, 'helped', about, ownDevice)[0];
  if (own !== undefined) return takeBack(app, circle, own.slot);
  return give(app, circle, { type: 'helped', body: { about } }, { to: [friend], expMs: null });
};

export const sayLetter = async (app: Shoulder, circle: LocalCircle, friend: PersonId, words: string): Answering => {
  const refused = refuseWords(words);
  if (refused !== null) return err(refused);
  return give(app, circle, { type: 'letter', body: { id: newSaidId(app), words } }, { to: [friend], expMs: null });
};

/** "Thought of you": one tap, gone after a week. */
export const sayThought = (app: Shoulder, circle: LocalCircle, friend: PersonId): Answering =>
  give(
    app,
    circle,
    { type: 'thought', body: { id: newSaidId(app) } },
    { to: [friend], expMs: app.clock.nowMs() + betweenLifetimeMs }
  );

/** "Can we talk?", to one person and nobody else; what names it, so that it can be cleared. */
export const reachOut = async (
  app: Shoulder,
  circle: LocalCircle,
  friend: PersonId,
  words: string
): Promise<Result<{ readonly about: About }, AnswerError>> => {
  const refused = refuseWords(words);
  if (refused !== null) return err(refused);
  const id = newSaidId(app);
  const expMs = app.clock.nowMs() + betweenLifetimeMs;
  const said = await give(
    app,
    circle,
    { type: 'reachOut', body: { id, words, clear: false } },
    { to: [friend], expMs }
  );
  return said.ok ? ok({ about: { device: circle.keyring.device.id, id } }) : said;
};

/** Now, tonight, or not today; the newest answer counts. */
export const answerReachOut = async (
  app: Shoulder,
  circle: LocalCircle,
  about: About,
  answer: ReachAnswer
): Answering => {
  const { roster, answers, ownDevice } = await factsOf(app, circle);
  const asked = answers.find((record) => record.type === 'reachOut' && isAbout(record, about));
  const friend = personOfDevice(roster, about.device);
  if (asked === undefined || friend === undefined) return err({ type: 'NoLongerThere' });
  const slot = ownAnswers(answers, 'reachAnswer', about, ownDevice)[0]?.slot;
  return give(
    app,
    circle,
    { type: 'reachAnswer', body: { about, answer } },
    { to: [friend], expMs: asked.expMs, slot }
  );
};

/** "It's all right again", to the one who was asked. */
export const clearReachOut = async (
  app: Shoulder,
  circle: LocalCircle,
  { about, person, words }: Pick<ShownReachOut, 'about' | 'person' | 'words'>
): Answering => {
  const { answers } = await factsOf(app, circle);
  const asked = answers.find((record) => record.type === 'reachOut' && isAbout(record, about));
  if (asked === undefined) return err({ type: 'NoLongerThere' });
  const body = { id: about.id, words, clear: true };
  return give(app, circle, { type: 'reachOut', body }, { to: [person], expMs: asked.expMs, slot: asked.slot });
};

const give = (
  app: Shoulder,
  circle: LocalCircle,
  content: AnswerContent,
  place: { readonly to: To; readonly expMs: number | null; readonly slot?: string | undefined }
): Answering =>
  sayTo(app, circle, { kind: kinds[content.type], body: answerToBody(content), slot: undefined, ...place });

const factsOf = async (app: Shoulder, circle: LocalCircle): Promise<BoardFacts> =>
  readFacts(app, circle, await queryFacts(app, circle, answerReach));

/** The check-in to be answered, if it is still there, and what this device answered before. */
const answered = async (app: Shoulder, circle: LocalCircle, about: About) => {
  const { roster, checkIns, answers, ownDevice } = await factsOf(app, circle);
  const checkIn = checkIns.find(({ device, body }) => device === about.device && body.id === about.id);
  const author = personOfDevice(roster, about.device);
  if (checkIn === undefined || author === undefined) return err({ type: 'NoLongerThere' as const });
  const own = personOfDevice(roster, ownDevice);
  const opened = answers.some(
    (record) =>
      record.type === 'openAdvice' && isAnswerTo(record, about) && personOfDevice(roster, record.device) === author
  );
  return {
    ok: true as const,
    value: {
      author,
      isAuthor: author === own,
      mayAdvise: mayThinkAlong(adviceOn(bodyToCheckIn(checkIn.body).help, opened)),
      to: audienceOf(checkIn, author, own),
      ends: endsLike(app, checkIn),
      before: <K extends AnswerKind>(type: K): AnswerOf<K>[] => ownAnswers(answers, type, about, ownDevice)
    }
  };
};

/** Whoever can read a check-in can read its answers: its author and its audience, without the one who answers. */
const audienceOf = ({ to }: CheckInRecord, author: PersonId, own: PersonId | undefined): To =>
  to === null ? null : [...new Set([author, ...to])].filter((person) => person !== own);

/**
 * Where an answer stands and when it fades: as what it takes the place of (FA4), else with the check-in. A private one gets
 * an end of its own, as far away as the check-in's was: an equal one would tell everybody what it answers (PR7).
 */
const endsLike =
  (app: Shoulder, { expMs, body }: CheckInRecord) =>
  (to: To, before?: AnswerRecord): { readonly expMs: number | null; readonly slot: string | undefined } => {
    if (before !== undefined) return { expMs: before.expMs, slot: before.slot };
    if (to === null || expMs === null) return { expMs, slot: undefined };
    return { expMs: fadesAtMs(body.lasting === 'day' ? 'day' : 'week', app.clock.nowMs()), slot: undefined };
  };

const ownAnswers = <K extends AnswerKind>(
  answers: readonly AnswerRecord[],
  type: K,
  about: About,
  ownDevice: BoardFacts['ownDevice']
): AnswerOf<K>[] =>
  answers
    .filter(
      (record): record is AnswerOf<K> =>
        record.type === type && record.device === ownDevice && isAnswerTo(record, about)
    )
    .toSorted(byTime);

const isAbout = ({ device, body }: AnswerRecord, about: About): boolean =>
  'id' in body && device === about.device && body.id === about.id;

const refuseWords = (words: string): Extract<AnswerError, { type: 'NothingToSay' | 'WordsTooLong' }> | null => {
  if (words.trim() === '') return { type: 'NothingToSay' };
  return words.length > wordsLengthMax ? { type: 'WordsTooLong' } : null;
};
