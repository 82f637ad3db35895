/**
 * When something was said, the way a friend would put it: "just now", "this morning", "3 days ago".
 *
 * Both times are claims: the author's clock and this one. What cannot be true (far ahead, or before there was anything to
 * say it with) is "time unclear", never a guess.
 */
import { dayMs, hourMs, minuteMs } from '../base/clock.ts';
import { m } from '../i18n/messages.js';
import { getLocale } from '../i18n/runtime.js';

/** `nowMs` and `saidAtMs`: milliseconds since 1970. Days and times of day are those of this device. */
export const whenWords = (saidAtMs: number, nowMs: number): string => {
  const ageMs = nowMs - saidAtMs;
  if (!Number.isFinite(ageMs) || saidAtMs < firstSensibleMs || ageMs < -clockToleranceMs) return m.when_unclear();
  if (ageMs < 2 * minuteMs) return m.when_now();
  const relative = new Intl.RelativeTimeFormat(getLocale(), { numeric: 'auto' });
  if (ageMs < hourMs) return relative.format(-Math.floor(ageMs / minuteMs), 'minute');
  if (ageMs < 2 * hourMs) return m.when_hour();
  const days = calendarDaysBetween(new Date(saidAtMs), new Date(nowMs));
  if (days <= 0) return timeOfDay(new Date(saidAtMs).getHours());
  if (days < 7) return relative.format(-days, 'day');
  if (days < 30) return relative.format(-Math.floor(days / 7), 'week');
  if (days < 365) return relative.format(-Math.floor(days / 30.5), 'month');
  return new Intl.DateTimeFormat(getLocale(), { month: 'long', year: 'numeric' }).format(saidAtMs);
};

/** How far a picture has paled, 0 fresh … 1 a week or more; continuous, and 0 for times that cannot be true. */
export const paleness = (saidAtMs: number, nowMs: number): number => {
  const ageMs = nowMs - saidAtMs;
  if (!Number.isFinite(ageMs)) return 0;
  return Math.min(1, Math.max(0, (ageMs - 12 * hourMs) / (6.5 * dayMs)));
};

/** Phones disagree by minutes; a friend's day may have begun before ours has. */
const clockToleranceMs = 10 * minuteMs;
/** Nothing was said with this app before 2024. */
const firstSensibleMs = Date.UTC(2024, 0, 1);

const timeOfDay = (hours: number): string => {
  if (hours < 5) return m.when_night();
  if (hours < 12) return m.when_morning();
  return hours < 17 ? m.when_afternoon() : m.when_evening();
};

/** Whole days between the two dates on the wall, whatever daylight saving did in between. */
const calendarDaysBetween = (from: Date, to: Date): number =>
  Math.round(
    (Date.UTC(to.getFullYear(), to.getMonth(), to.getDate()) -
      Date.UTC(from.getFullYear(), from.getMonth(), from.getDate())) /
      dayMs
  );
