/** What would help, in words. */
import type { Help } from '../care/check-in.ts';
import { m } from '../i18n/messages.js';

export const helpWords = (help: Help): string => words[help]();

const words: Record<Help, () => string> = {
  'just-know': m.help_just_know,
  'hear-me': m.help_hear_me,
  'be-near': m.help_be_near,
  'think-along': m.help_think_along,
  'practical-hands': m.help_practical_hands
};
