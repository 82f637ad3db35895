/**
 * "Can we talk?" and what can be answered, in words.
 */
import type { ReachAnswer, ShownReachOut } from '../care/between.ts';
import { m } from '../i18n/messages.js';
import { plainName, sentenceParts, type SentencePart } from './names.ts';

/** What stands on the button: "Now", "Tonight", "Not today, but I see you". */
export const reachAnswerWords = (answer: ReachAnswer): string => buttonWords[answer]();

/** What was answered, as a sentence: "Ana: tonight.", or with "You" where the one who looks answered. */
export const reachAnsweredParts = ({ own, name, answer }: ShownReachOut): SentencePart[] => {
  if (answer === null) return [];
  return own
    ? sentenceParts((said) => answered[answer]({ name: said }), [name])
    : [{ text: answeredByYou[answer](), isName: false }];
};

/** Whether there is more in it than the question itself. */
export const hasOwnWords = ({ words }: ShownReachOut): boolean =>
  words.trim() !== '' && words.trim() !== m.reach_question();

/** The question as it is asked, in parts: "Ana asks: can we talk?", "You asked Ana if you can talk." */
export const reachParts = ({ own, name }: ShownReachOut): SentencePart[] =>
  sentenceParts((said) => (own ? m.reach_asked({ name: said }) : m.reach_asks({ name: said })), [name]);

/** "Ana asks: can we talk?" for those who listen. */
export const reachText = ({ name }: ShownReachOut): string => m.reach_asks({ name: plainName(name) });

const buttonWords: Record<ReachAnswer, () => string> = {
  now: m.reach_now,
  tonight: m.reach_tonight,
  'not-today': m.reach_not_today
};

const answered: Record<ReachAnswer, (from: { readonly name: string }) => string> = {
  now: m.reach_answered_now,
  tonight: m.reach_answered_tonight,
  'not-today': m.reach_answered_not_today
};

const answeredByYou: Record<ReachAnswer, () => string> = {
  now: m.reach_you_answered_now,
  tonight: m.reach_you_answered_tonight,
  'not-today': m.reach_you_answered_not_today
};
