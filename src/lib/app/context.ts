/**
 * How routes reach the app: by typed context, never a module-level singleton, so that one test can run several.
 */
import { createContext } from 'svelte';
import type { Shoulder } from './shoulder.ts';

export const [getShoulder, setShoulder] = createContext<Shoulder>();
