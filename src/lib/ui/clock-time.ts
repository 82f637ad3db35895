/**
 * A time of day that lies ahead: how it is said, and how it goes in and out of a clock's box. Hours are this device's.
 */
import { hourMs, minuteMs } from '../base/clock.ts';
import { getLocale } from '../i18n/runtime.js';

/** "21:00" or "9:00 PM", as the language of the interface has it. */
export const clockWords = (atMs: number): string =>
  new Intl.DateTimeFormat(getLocale(), { hour: 'numeric', minute: '2-digit' }).format(atMs);

/** A time as `<input type="time">` holds it: "21:00", always in 24 hours. */
export const clockValue = (atMs: number): string => {
  const at = new Date(atMs);
  return [at.getHours(), at.getMinutes()].map((part) => `${part}`.padStart(2, '0')).join(':');
};

/** When the clock next shows what such a box holds: later today, or tomorrow. `null` for an empty box. */
export const nextClockMs = (value: string, nowMs: number): number | null => {
  const [, hours, minutes] = /^(\d\d):(\d\d)/.exec(value) ?? [];
  if (hours === undefined || minutes === undefined) return null;
  const at = new Date(nowMs);
  at.setHours(Number(hours), Number(minutes), 0, 0);
  if (at.getTime() <= nowMs) at.setDate(at.getDate() + 1);
  return at.getTime();
};

/** A time to begin with: nine in the evening, or where that is near or past, some two hours from now on a quarter. */
export const eveningMs = (nowMs: number): number => {
  const evening = new Date(nowMs);
  evening.setHours(21, 0, 0, 0);
  if (evening.getTime() - nowMs >= hourMs) return evening.getTime();
  return Math.ceil((nowMs + 2 * hourMs) / (15 * minuteMs)) * 15 * minuteMs;
};
