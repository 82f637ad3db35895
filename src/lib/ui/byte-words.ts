/**
 * How much room something takes, in words: as exactly as anybody needs it.
 */
import { m } from '../i18n/messages.js';
import { getLocale } from '../i18n/runtime.js';

/** "less than 1 MB", "2.4 MB", "38 MB", "1.2 GB". One megabyte is a million bytes, as shops count. */
export const byteWords = (bytes: number): string => {
  if (bytes < 1e6) return m.storage_little({ size: inUnit(1, 'megabyte') });
  return bytes < 1e9 ? inUnit(bytes / 1e6, 'megabyte') : inUnit(bytes / 1e9, 'gigabyte');
};

const inUnit = (amount: number, unit: 'megabyte' | 'gigabyte'): string =>
  new Intl.NumberFormat(getLocale(), {
    style: 'unit',
    unit,
    maximumFractionDigits: amount < 10 ? 1 : 0
  }).format(amount);
