/**
 * From arrivals to figures: hours to half and to all of the friends, beside the bound, and what is wrong with them.
 */
import { hourMs, minuteMs } from '../../../src/lib/base/clock.ts';
import type { Arrival } from './reach-world.ts';
import { goalRatio, type Route } from './routes.ts';

export interface ReachReport {
  readonly route: Route;
  readonly checkIns: number;
  readonly half: Reach;
  readonly all: Reach;
  /** Check-ins that somebody never got. */
  readonly missing: number;
}

/** Means over all check-ins that arrived everywhere, and the one that fell furthest behind the bound. */
export interface Reach {
  readonly tookMs: number;
  readonly boundMs: number;
  readonly worstBehindMs: number;
}

export const reportReach = (route: Route, arrivals: readonly Arrival[]): ReachReport => {
  const whole = arrivals.filter(({ tookMs }) => tookMs.every(Number.isFinite));
  const half = Math.ceil((arrivals[0]?.tookMs.length ?? 0) / 2) - 1;
  return {
    route,
    checkIns: arrivals.length,
    half: reachAt(whole, half),
    all: reachAt(whole, -1),
    missing: arrivals.length - whole.length
  };
};

/** What keeps a route from its goal, in words; nothing where it has none, or keeps it. */
export const failuresOf = ({ route, checkIns, half, all, missing }: ReachReport): string[] => {
  if (!route.hasGoal) return [];
  const late = [
    ['half', half],
    ['all', all]
  ] as const;
  return [
    ...(missing > 0 ? [`${route.name}: ${missing} of ${checkIns} check-ins never reached everybody`] : []),
    ...late.flatMap(([which, reach]) =>
      // Written so that no figure at all fails too.
      ratioOf(reach) <= goalRatio
        ? []
        : [
            `${route.name}: ${ratioOf(reach).toFixed(2)} × the bound until ${which} have it, and ${goalRatio} is the goal`
          ]
    )
  ];
};

export const tableOf = (reports: readonly ReachReport[]): string => {
  const rows = [
    ['', 'half of the friends', 'bound', '', 'all of them', 'bound', '', 'furthest behind', 'never'],
    ...reports.map(({ route, half, all, missing, checkIns }) => [
      route.name,
      ...[half, all].flatMap((reach) => [
        hours(reach.tookMs),
        hours(reach.boundMs),
        `${ratioOf(reach).toFixed(ratioOf(reach) < 2 ? 3 : 0)} ×`
      ]),
      behind(all.worstBehindMs),
      `${missing} of ${checkIns}`
    ])
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd()
    )
    .join('\n');
};

const reachAt = (arrivals: readonly Arrival[], k: number): Reach => {
  const pairs = arrivals.map(({ tookMs, boundMs }) => ({ took: tookMs.at(k) ?? NaN, bound: boundMs.at(k) ?? NaN }));
  return {
    tookMs: mean(pairs.map(({ took }) => took)),
    boundMs: mean(pairs.map(({ bound }) => bound)),
    worstBehindMs: Math.max(...pairs.map(({ took, bound }) => took - bound))
  };
};

const ratioOf = ({ tookMs, boundMs }: Reach): number => tookMs / boundMs;

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

const hours = (ms: number): string =>
  ms >= 72 * hourMs ? `${(ms / 24 / hourMs).toFixed(1)} days` : `${(ms / hourMs).toFixed(2)} h`;

const behind = (ms: number): string => (ms < 2 * minuteMs ? `${(ms / 1000).toFixed(1)} s` : hours(ms));
