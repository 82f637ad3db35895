/**
 * When something goes away, the way a friend would put it: "Gone tomorrow.", never a clock that runs down.
 */
import { dayMs } from '../base/clock.ts';
import { m } from '../i18n/messages.js';

/**
 * `fadesAtMs`, `nowMs`: milliseconds since 1970; days are those of this device. What should be gone already goes later
 * today. The empty string where that is no time at all.
 */
export const fadesWords = (fadesAtMs: number, nowMs: number): string => {
  // Rounded, because a day on which the clocks change is an hour shorter or longer.
  const days = Math.round((midnightMs(fadesAtMs) - midnightMs(nowMs)) / dayMs);
  if (Number.isNaN(days)) return '';
  if (days <= 0) return m.fades_today();
  if (days === 1) return m.fades_tomorrow();
  if (days < 7) return m.fades_days();
  return days < 10 ? m.fades_week() : m.fades_later();
};

const midnightMs = (atMs: number): number => new Date(atMs).setHours(0, 0, 0, 0);
