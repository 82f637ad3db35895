/**
 * What choosing an audience and a time says in full; it loads with the choice itself.
 */
import type { Audience, Lasting } from '../care/audience.ts';
import { m } from '../i18n/messages.js';
import { audienceNames, type NamedSentence, type Saying } from './audience-line.ts';

/** Who sees it, each by name, and that nobody else can open it. */
export const audienceInFull = (audience: Audience, { circle, friends }: Saying): NamedSentence => {
  if (circle === null || audience.type === 'self') return { write: () => m.audience_self(), names: [] };
  const names = audienceNames(audience, friends);
  if (names.length === 0) return { write: (name) => m.audience_circle_alone({ circle: name }), names: [circle] };
  return { write: (list) => (names.length === 1 ? m.audience_circle_one : m.audience_circle)({ names: list }), names };
};

/** "Until my next one", as it is offered. */
export const lastingWords = (lasting: Lasting): string =>
  ({ next: m.lasting_next, day: m.lasting_day, week: m.lasting_week, kept: m.lasting_kept })[lasting]();

/** What becomes of it, and what cannot be promised about that. */
export const lastingSentence = (lasting: Lasting): string =>
  ({
    next: m.lasting_next_sentence,
    day: m.lasting_day_sentence,
    week: m.lasting_week_sentence,
    kept: m.lasting_kept_sentence
  })[lasting]();
