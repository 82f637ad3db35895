/** Drawing one weather picture, beside drawing the very same picture from text. */
import { newPhone, type BenchSite } from './bench-site.ts';
import type { Series } from './series.ts';

export interface WeatherTimes {
  /** What runs on the main thread. */
  readonly weatherWork: Series;
  readonly plainWork: Series;
  /** Until the browser has painted it. */
  readonly weatherPainted: Series;
  readonly plainPainted: Series;
}

export const measureWeather = async (site: BenchSite, turns: number): Promise<WeatherTimes> => {
  const context = await newPhone(site.browser);
  const page = await context.newPage();
  await page.goto(site.page('picture'));
  await page.waitForFunction(() => 'drawPlain' in window);
  const noted = [];
  for (let turn = -5; turn < turns; turn++) {
    const point = [((turn + 5) * 37) % 100, -((turn + 5) * 61) % 100] as const;
    const { markup, ...weather } = await page.evaluate(([x, y]) => window.drawWeather(x, y), point);
    const plain = await page.evaluate((text) => window.drawPlain(text), markup);
    if (turn >= 0) noted.push({ weather, plain });
  }
  await context.close();
  return {
    weatherWork: { values: noted.map(({ weather }) => weather.workMs) },
    plainWork: { values: noted.map(({ plain }) => plain.workMs) },
    weatherPainted: { values: noted.map(({ weather }) => weather.paintMs) },
    plainPainted: { values: noted.map(({ plain }) => plain.paintMs) }
  };
};
