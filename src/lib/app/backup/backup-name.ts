/**
 * What a backup file is called: the app and the day, and nobody's name, since it lies where others look.
 */

/** `shoulder-2026-11-22.age`, by the day on this device's wall. */
export const backupFileName = (nowMs: number): string => {
  const day = new Date(nowMs);
  const digits = (value: number, length = 2): string => `${value}`.padStart(length, '0');
  return `shoulder-${digits(day.getFullYear(), 4)}-${digits(day.getMonth() + 1)}-${digits(day.getDate())}.age`;
};
