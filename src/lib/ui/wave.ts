/**
 * One line of waves as a short SVG path.
 *
 * Trochoidal (Gerstner) waves: the water moves sideways as well as up, so that one number, the steepness, goes from a
 * round swell to a crest like a blade. A slow change of height along the line keeps it from looking like a pattern.
 * A few points are enough, since each knows its slope: neighbours are joined by smooth cubic curves (`S`), whose hidden
 * control point is the mirror of the one before. The number of points never changes with the mood.
 */
export interface WaveShape {
  /** Still water, from the top of the frame. */
  readonly base: number;
  /** From still water to a crest. */
  readonly height: number;
  /** From crest to crest. */
  readonly length: number;
  /** 0 round … below 1 a blade. */
  readonly steepness: number;
  /** How far crests lean over, as a share of their height. */
  readonly lean: number;
  /** Where the first crest stands, in radians. */
  readonly phase: number;
}

/** How far the line runs beyond the frame on both sides, as a share of its width: room for the sea to move. */
export const waveMargin = 0.08;
const pointCount = 34;

/** Closed below the frame; coordinates to a tenth of a unit. */
export const wavePath = (shape: WaveShape, frame: { readonly width: number; readonly height: number }): string => {
  const from = -frame.width * (waveMargin + 0.06);
  const step = (frame.width - 2 * from) / (pointCount - 1);
  const floor = frame.height * 1.04;
  let path = '';
  for (let i = 0; i < pointCount; i++) {
    const place = from + i * step;
    const at = surface(shape, frame.width, place);
    const ahead = surface(shape, frame.width, place + step * 0.05);
    const behind = surface(shape, frame.width, place - step * 0.05);
    const controlX = at.x - ((ahead.x - behind.x) * 10) / 3;
    const controlY = at.y - ((ahead.y - behind.y) * 10) / 3;
    path += i === 0 ? `M${tenth(at.x)} ${floor}V${tenth(at.y)}` : `S${pair(controlX, controlY)} ${pair(at.x, at.y)}`;
  }
  return `${path}V${tenth(floor)}Z`;
};

/** Where the water that rests at `place` is. Phases count from the middle, so that a change of length stays small there. */
const surface = (shape: WaveShape, width: number, place: number): { x: number; y: number } => {
  const perUnit = (2 * Math.PI) / shape.length;
  const angle = (place - width / 2) * perUnit + shape.phase;
  const swell = 1 + 0.42 * Math.sin(angle * 0.37 + shape.phase * 1.7);
  const rise = Math.cos(angle) * swell + 0.22 * Math.cos(angle * 1.63 + shape.phase);
  return {
    x: place - (shape.steepness / perUnit) * Math.sin(angle) * 0.9 + shape.lean * shape.height * rise,
    y: shape.base - shape.height * rise
  };
};

const pair = (x: number, y: number): string => `${tenth(x)} ${tenth(y)}`;
const tenth = (value: number): number => Math.round(value * 10) / 10;
