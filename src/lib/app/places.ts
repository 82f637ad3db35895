/**
 * Where things are: the app's addresses, under whatever base it is served from.
 */
import { base } from '$app/paths';

/** The app's base address with a slash at its end. */
export const baseUrl = (): URL => new URL(`${base}/`, location.origin);

export const boardPath = (n: number): string => `${base}/c/${n}`;
export const composerPath = (n: number): string => `${base}/c/${n}/say`;
export const startPath = (): string => `${base}/start`;
export const joinPath = (): string => `${base}/join`;
export const homePath = (): string => `${base}/`;
