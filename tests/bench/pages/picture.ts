/** Draws one weather picture, and a plain picture of as many bytes and elements, until the browser has painted each. */
import { flushSync, mount, unmount } from 'svelte';
import Weather from '../../../src/lib/ui/Weather.svelte';

const frame = document.querySelector('main') as HTMLElement;

const painted = (): Promise<number> =>
  new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => resolve(performance.now());
    requestAnimationFrame(() => channel.port2.postMessage(null));
  });

/** From nothing to painted, milliseconds; `work` is what runs on the main thread before the frame. */
const timed = async (draw: () => void): Promise<{ workMs: number; paintMs: number }> => {
  await painted();
  const from = performance.now();
  draw();
  const workMs = performance.now() - from;
  return { workMs, paintMs: (await painted()) - from };
};

const drawWeather = async (pleasantness: number, energy: number) => {
  let picture: object = {};
  const times = await timed(() => {
    picture = mount(Weather, { target: frame, props: { point: { pleasantness, energy }, decorative: true } });
    flushSync();
  });
  const markup = new XMLSerializer().serializeToString(frame.firstElementChild as Element);
  await unmount(picture);
  return { ...times, markup };
};

/** The very same picture as text: what is left when nothing has to be reckoned. */
const drawPlain = async (markup: string) => {
  const times = await timed(() => {
    const picture = new DOMParser().parseFromString(markup, 'image/svg+xml').documentElement;
    frame.append(document.importNode(picture, true));
  });
  frame.replaceChildren();
  return times;
};

declare global {
  interface Window {
    drawWeather: typeof drawWeather;
    drawPlain: typeof drawPlain;
  }
}

Object.assign(window, { drawWeather, drawPlain });
