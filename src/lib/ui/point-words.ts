/**
 * A mood point in plain words, for those who hear the picture rather than see it, and beside it for everyone.
 */
import type { MoodPoint } from '../care/check-in.ts';
import { m } from '../i18n/messages.js';

/** "rather unpleasant, very low energy", or "I don't know" for `null`. */
export const pointWords = (point: MoodPoint | null): string =>
  point === null
    ? m.point_unknown()
    : m.point_words({ pleasantness: pleasantnessWords(point.pleasantness), energy: energyWords(point.energy) });

/** One axis in words; the number itself would mean nothing to anyone. */
export const pleasantnessWords = (pleasantness: number): string =>
  [
    m.pleasantness_very_low,
    m.pleasantness_low,
    m.pleasantness_slightly_low,
    m.pleasantness_middle,
    m.pleasantness_slightly_high,
    m.pleasantness_high,
    m.pleasantness_very_high
  ][degree(pleasantness)]!();

export const energyWords = (energy: number): string =>
  [
    m.energy_very_low,
    m.energy_low,
    m.energy_slightly_low,
    m.energy_middle,
    m.energy_slightly_high,
    m.energy_high,
    m.energy_very_high
  ][degree(energy)]!();

/** -100…100 in seven degrees, 0…6, the same on both sides of the middle. */
const degree = (value: number): number => {
  const size = Math.abs(value);
  const steps = size < 12 ? 0 : size < 38 ? 1 : size < 72 ? 2 : 3;
  return 3 + Math.sign(value) * steps;
};
