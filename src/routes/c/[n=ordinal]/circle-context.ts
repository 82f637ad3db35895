/**
 * The circle whose screens these are, and its board.
 */
import { createContext } from 'svelte';
import type { BoardView } from '$lib/app/views/board-view.ts';
import type { LocalCircle } from '$lib/app/shoulder.ts';

export interface CircleContext {
  readonly circle: LocalCircle;
  readonly board: BoardView;
}

export const [getCircle, setCircle] = createContext<CircleContext>();
