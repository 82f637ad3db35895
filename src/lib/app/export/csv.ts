/**
 * Comma-separated values as RFC 4180 has them, and safe to open in a spreadsheet.
 *
 * A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula and runs it. Such a cell gets an apostrophe in
 * front, and so does one that begins with an apostrophe already: whoever takes one apostrophe away from every cell that has one in
 * front has exactly what was written.
 */

/** What spreadsheets need to see that it is UTF-8. */
export const csvMark = '\uFEFF';

/** One line, its end included. Numbers stand as they are; everything else is text. */
export const csvLine = (fields: readonly (string | number | null)[]): string => `${fields.map(csvField).join(',')}\r\n`;

const csvField = (field: string | number | null): string => {
  if (field === null) return '';
  if (typeof field === 'number') return `${field}`;
  const safe = formulaBeginning.test(field) ? `'${field}` : field;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** Blanks and controls in front do not keep every program from looking further; nor does the full width of East Asian letters. */
const formulaBeginning = /^(?:'|[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]|[\t\r\n])/u;
