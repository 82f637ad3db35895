/**
 * What a run has to say: a table of figures with their ratios, then one line for each budget. A budget that is missed is
 * said, and fails nothing: these figures depend on the machine and on what else it does.
 */
export interface Figure {
  readonly what: string;
  readonly figure: string;
  /** How it stands to the figure it is beside. */
  readonly ratio?: string;
}

export interface Budget {
  readonly what: string;
  readonly isMet: boolean;
  readonly figure: string;
}

/** `measured` times whatever unit, at most `limit` of the same. */
export const budgetOf = (what: string, measured: number, limit: number, unit: string): Budget => ({
  what,
  isMet: measured <= limit,
  figure: `${format(measured)} of ${format(limit)} ${unit}`
});

export const ratioOf = (a: number, b: number, name: string): string => `${(a / b).toFixed(2)} × ${name}`;

export const tableOf = (title: string, figures: readonly Figure[]): string => {
  const rows = figures.map(({ what, figure, ratio = '' }) => [what, figure, ratio]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd()
  );
  return [title, ...lines, ''].join('\n');
};

export const budgetLine = ({ what, isMet, figure }: Budget): string =>
  `${isMet ? 'met   ' : 'MISSED'}  ${what}: ${figure}`;

const format = (value: number): string => (value < 100 ? value.toFixed(2) : Math.round(value).toLocaleString('en'));
