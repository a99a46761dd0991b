/** What browsers call a file they have not finished, and our own notes. */
const NOT_YET = /^\.|\.(part|partial|crdownload|download|tmp)$|(^|\.)problem\.txt$/i;

/** The folder of one upload; no person's file of their own lies in such a one. */
const UPLOAD = /^up_[a-z0-9]{16}$/;

/** Of a folder's notes and of what is put aside. */
export const NOTE = 'problem.txt';
export const REFUSED = 'refused';

/** Whether a name is of a file to import, and not unfinished or our own. */
export function isWhole(name: string): boolean {
  return !NOT_YET.test(name);
}

/** Whether a folder's name is the id of an upload. */
export function isUploadId(name: string): boolean {
  return UPLOAD.test(name);
}

/** The name a file is put aside under, so that none of before is written over. */
export async function freeName(name: string, isTaken: (name: string) => Promise<boolean>): Promise<string> {
  for (let number = 1; ; number += 1) {
    const free = number === 1 ? name : `${number}-${name}`;
    if (!(await isTaken(free))) return free;
  }
}
