// How much room there is, and was: a full disk makes suites fail in a hundred ways, none of which says so.
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';

const LOOK_MS = 2000;
const MIB = 1024 * 1024;
/** Below it what fails may have failed because of that: a Wine prefix alone is 700 MiB. */
const SCARCE_MIB = 500;

const freeMib = async () => {
  const { bavail, bsize } = await statfs(tmpdir());
  return Math.floor((bavail * bsize) / MIB);
};

/** Looks now and then, until `words` is called for what is to be said of it. */
export async function watchDisk() {
  let least = await freeMib();
  const timer = setInterval(() => {
    void freeMib().then((free) => (least = Math.min(least, free)));
  }, LOOK_MS);
  timer.unref();
  return {
    words: () => {
      clearInterval(timer);
      const scarce = least < SCARCE_MIB ? ': the disk was full, or nearly' : '';
      return `Room in ${tmpdir()}: at least ${least} MiB at all times${scarce}\n`;
    },
  };
}
