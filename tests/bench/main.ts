/**
 * `npm run bench`: what Shoulder costs beside what the platform costs, in one run, as ratios; docs/bench.md says what the
 * figures mean. It takes about two minutes and never fails on a figure.
 */
import { cpus } from 'node:os';
import { buildFolder, openBenchSite, type BenchSite } from './bench-site.ts';
import { measureCatchingUp } from './catching-up.ts';
import { measureEmpty, measureOpening, type OpenTimes } from './open-time.ts';
import { budgetLine, budgetOf, ratioOf, tableOf, type Budget, type Figure } from './report.ts';
import { measureSaidSeen } from './said-seen.ts';
import { describeMs, median, milliseconds } from './series.ts';
import { measureWeather } from './weather-time.ts';
import { weighBuild } from './weight.ts';

const turns = 15;
const openTurns = 9;
const openRecords = [30, 500, 15_000];
const catchUpRecords = 1500;

interface Section {
  readonly title: string;
  readonly figures: readonly Figure[];
  readonly budgets: readonly Budget[];
}

const saidSeen = async (site: BenchSite): Promise<Section> => {
  const { shoulder, raw, rawStrict } = await measureSaidSeen(site, turns);
  const rows = [
    ['tap → card', shoulder.tapToCard, raw.tapToCard],
    ['tap → card, by hand', raw.tapToCard, raw.tapToCard],
    ['tap → card, by hand, each write flushed', rawStrict.tapToCard, raw.tapToCard],
    ['said (on disk) → seen', shoulder.saidToSeen, raw.saidToSeen],
    ['said → seen, by hand', raw.saidToSeen, raw.saidToSeen],
    ['said → seen, by hand, each write flushed', rawStrict.saidToSeen, raw.saidToSeen]
  ] as const;
  return {
    title: "From Ana's tap to Bob's card",
    figures: rows.map(([what, series, beside]) => ({
      what,
      figure: describeMs(series),
      ratio: ratioOf(median(series), median(beside), 'raw')
    })),
    budgets: [
      budgetOf('tap → card, at most 4 × raw', median(shoulder.tapToCard) / median(raw.tapToCard), 4, '×'),
      budgetOf('said → seen, at most 4 × raw', median(shoulder.saidToSeen) / median(raw.saidToSeen), 4, '×')
    ]
  };
};

const opening = async (site: BenchSite): Promise<Section> => {
  const empty = await measureEmpty(site, openTurns);
  const times: OpenTimes[] = [];
  for (const records of openRecords) times.push(await measureOpening(site, records, openTurns));
  const medianOf = (records: number): number =>
    median((times.find((one) => one.records === records) as OpenTimes).shoulder);
  return {
    title: 'Opening, until the newest card of twelve friends stands there',
    figures: [
      { what: 'an empty page', figure: describeMs(empty) },
      ...times.flatMap(({ records, shoulder, raw }) => [
        {
          what: `${records} records, by hand`,
          figure: describeMs(raw),
          ratio: ratioOf(median(raw), median(empty), 'empty')
        },
        {
          what: `${records} records`,
          figure: describeMs(shoulder),
          ratio: ratioOf(median(shoulder), median(raw), 'raw')
        }
      ])
    ],
    budgets: [
      ...times.map(({ records, shoulder, raw }) =>
        budgetOf(`opening with ${records} records, at most 1.3 × raw`, median(shoulder) / median(raw), 1.3, '×')
      ),
      budgetOf('opening with 15000 records beside 500', medianOf(15_000) / medianOf(500), 1.3, '×')
    ]
  };
};

const weight = (): Section => {
  const { firstBytes, firstFiles, allBytes, allFiles } = weighBuild(buildFolder);
  const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} KB`;
  return {
    title: 'JavaScript as it travels, brotli',
    figures: [
      { what: 'before the first check-in', figure: `${kilobytes(firstBytes)} in ${firstFiles} files` },
      { what: 'all of the app', figure: `${kilobytes(allBytes)} in ${allFiles} files` }
    ],
    budgets: [
      budgetOf('JavaScript before the first check-in', firstBytes / 1000, 90, 'KB'),
      budgetOf('all JavaScript of the app', allBytes / 1000, 440, 'KB')
    ]
  };
};

const weather = async (site: BenchSite): Promise<Section> => {
  const times = await measureWeather(site, 30);
  const row = (what: string, series: typeof times.weatherWork, beside: typeof times.weatherWork): Figure => ({
    what,
    figure: describeMs(series),
    ratio: ratioOf(median(series), median(beside), 'plain')
  });
  return {
    title: 'Drawing one weather picture',
    figures: [
      row('reckoned and drawn, on the main thread', times.weatherWork, times.plainWork),
      row('the same picture from text', times.plainWork, times.plainWork),
      row('until painted', times.weatherPainted, times.plainPainted),
      row('the same from text, until painted', times.plainPainted, times.plainPainted)
    ],
    budgets: []
  };
};

const catchingUp = async (site: BenchSite): Promise<Section> => {
  const { records, shoulderMs, rawMs, envelopeBytes, restBytes, rawRestBytes } = await measureCatchingUp(
    site,
    catchUpRecords
  );
  const bytes = (count: number): string => `${Math.round(count)} B`;
  return {
    title: `A newcomer catches up ${records} records (once)`,
    figures: [
      { what: 'until the last is on disk', figure: milliseconds(shoulderMs), ratio: ratioOf(shoulderMs, rawMs, 'raw') },
      { what: 'the same sentences by hand, a write each', figure: milliseconds(rawMs) },
      { what: 'one envelope', figure: bytes(envelopeBytes) },
      {
        what: 'at rest, truth and replica',
        figure: bytes(restBytes),
        ratio: ratioOf(restBytes, envelopeBytes, 'envelope')
      },
      { what: 'the same at rest by hand, in clear', figure: bytes(rawRestBytes) }
    ],
    budgets: [
      budgetOf(`catching up ${records} records, at most raw`, shoulderMs / rawMs, 1, '×'),
      budgetOf('at rest, each live record', restBytes, 900, 'B')
    ]
  };
};

const site = await openBenchSite();
try {
  const budgets: Budget[] = [];
  console.log(`${site.browser.browserType().name()} ${site.browser.version()}, ${cpus().length} cores\n`);
  for (const measure of [weight, saidSeen, opening, weather, catchingUp]) {
    const section = await measure(site);
    console.log(tableOf(section.title, section.figures));
    budgets.push(...section.budgets);
  }
  console.log('Budgets (DESIGN, budgets)');
  for (const budget of budgets) console.log(`  ${budgetLine(budget)}`);
} finally {
  await site.close();
}
