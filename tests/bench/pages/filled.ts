/** The page that fills its origin's database: `fillCircle` stands on `window`, so that `page.evaluate` reaches it. */
import { fillCircle } from './circle-filler.ts';

declare global {
  interface Window {
    fillCircle: typeof fillCircle;
  }
}

window.fillCircle = fillCircle;
