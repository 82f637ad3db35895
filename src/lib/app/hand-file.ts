/**
 * Handing a file over: by the share sheet where it takes files, else into the downloads.
 */
import { minuteMs, systemClock } from '../base/clock.ts';
import type { FileOutcome } from '../ui/file-outcome.ts';

/**
 * Call it while a tap is being answered. The file goes alone: on iOS a sheet that is given words as well drops the file.
 * Source: W3C Web Share Level 2, "canShare() method".
 */
export const handFile = async (file: File): Promise<FileOutcome> => {
  const data: ShareData = { files: [file] };
  if (typeof navigator.canShare !== 'function' || !navigator.canShare(data)) return saveFile(file);
  try {
    await navigator.share(data);
    return 'shared';
  } catch (problem) {
    return problem instanceof DOMException && problem.name === 'AbortError' ? 'cancelled' : saveFile(file);
  }
};

const saveFile = (file: File): FileOutcome => {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = file.name;
  link.click();
  systemClock.after(minuteMs, () => URL.revokeObjectURL(url));
  return 'saved';
};
