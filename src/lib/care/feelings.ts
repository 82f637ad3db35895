/**
 * Feeling words: thirty-six, nine to a quarter of the mood field, each where it belongs on it.
 *
 * In a record a word of this list stands as its `id`, which is the English word, and is shown in the reader's language;
 * anything else is somebody's own word and is shown exactly as written.
 * Source: the circumplex of J. A. Russell, "A circumplex model of affect" (Journal of Personality and Social Psychology 39,
 * 1980), and the mood-meter tradition that grew from it (pleasantness across, energy up). The choice of words and their
 * places are ours, by judgement.
 */

/** One word: pleasantness and energy from -100 to 100, as in `MoodPoint`. */
export interface Feeling {
  readonly id: string;
  readonly pleasantness: number;
  readonly energy: number;
}

export const feelings = [
  // storm: unpleasant, much energy
  { id: 'scared', pleasantness: -70, energy: 70 },
  { id: 'angry', pleasantness: -70, energy: 80 },
  { id: 'anxious', pleasantness: -60, energy: 60 },
  { id: 'overwhelmed', pleasantness: -60, energy: 50 },
  { id: 'frustrated', pleasantness: -50, energy: 50 },
  { id: 'restless', pleasantness: -30, energy: 40 },
  { id: 'panicked', pleasantness: -90, energy: 90 },
  { id: 'jealous', pleasantness: -50, energy: 30 },
  { id: 'hurt', pleasantness: -70, energy: 20 },
  // low: unpleasant, little energy
  { id: 'sad', pleasantness: -70, energy: -40 },
  { id: 'worn out', pleasantness: -40, energy: -70 },
  { id: 'lonely', pleasantness: -60, energy: -30 },
  { id: 'numb', pleasantness: -40, energy: -90 },
  { id: 'ashamed', pleasantness: -80, energy: -10 },
  { id: 'heavy', pleasantness: -60, energy: -60 },
  { id: 'hopeless', pleasantness: -90, energy: -60 },
  { id: 'empty', pleasantness: -60, energy: -80 },
  { id: 'guilty', pleasantness: -60, energy: -10 },
  // calm: pleasant, little energy
  { id: 'content', pleasantness: 60, energy: -30 },
  { id: 'calm', pleasantness: 60, energy: -70 },
  { id: 'grateful', pleasantness: 80, energy: -10 },
  { id: 'relieved', pleasantness: 50, energy: -40 },
  { id: 'safe', pleasantness: 60, energy: -60 },
  { id: 'tender', pleasantness: 40, energy: -30 },
  { id: 'rested', pleasantness: 50, energy: -80 },
  { id: 'peaceful', pleasantness: 80, energy: -80 },
  { id: 'accepted', pleasantness: 70, energy: -40 },
  // bright: pleasant, much energy
  { id: 'glad', pleasantness: 60, energy: 30 },
  { id: 'excited', pleasantness: 70, energy: 80 },
  { id: 'proud', pleasantness: 70, energy: 40 },
  { id: 'hopeful', pleasantness: 50, energy: 20 },
  { id: 'playful', pleasantness: 70, energy: 60 },
  { id: 'loved', pleasantness: 90, energy: 20 },
  { id: 'alive', pleasantness: 80, energy: 70 },
  { id: 'curious', pleasantness: 40, energy: 30 },
  { id: 'moved', pleasantness: 50, energy: 10 }
] as const satisfies readonly Feeling[];

export type FeelingId = (typeof feelings)[number]['id'];
