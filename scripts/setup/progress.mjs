import { clearLine, cursorTo } from 'node:readline';

const silentMs = 2_000;
const liveEveryMs = 250;
const lineEveryMs = 20_000;

/** `7 s`, `3 min 05 s`. @param {number} ms */
export function formatElapsed(ms) {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/**
 * Runs one step of the set-up and shows how it goes: nothing for the first two seconds, then a line
 * that counts up on a terminal, or a line now and then elsewhere.
 *
 * @template T
 * @param {string} title
 * @param {(report: (detail: string) => void) => Promise<T>} work `report` replaces what stands behind the title.
 * @param {{ out?: NodeJS.WritableStream & { isTTY?: boolean, columns?: number } }} [options]
 * @returns {Promise<T>}
 */
export async function showProgress(title, work, { out = process.stderr } = {}) {
  const startMs = performance.now();
  let detail = '';
  let shown = false;
  const elapsedMs = () => performance.now() - startMs;
  const line = () => `  ${title}${detail ? `: ${detail}` : ''}  ${formatElapsed(elapsedMs())}`;
  const show = () => {
    if (elapsedMs() < silentMs) return;
    shown = true;
    if (out.isTTY) {
      clearLine(out, 0);
      cursorTo(out, 0);
      out.write(line().slice(0, (out.columns || 80) - 1));
    } else {
      out.write(`${line()}\n`);
    }
  };
  const first = setTimeout(show, silentMs);
  const timer = setInterval(show, out.isTTY ? liveEveryMs : lineEveryMs);
  /** @param {string} mark */
  const finish = (mark) => {
    clearTimeout(first);
    clearInterval(timer);
    if (!shown) return;
    if (out.isTTY) {
      clearLine(out, 0);
      cursorTo(out, 0);
    }
    out.write(`${mark} ${title}  ${formatElapsed(elapsedMs())}\n`);
  };
  try {
    const result = await work((text) => {
      detail = text;
    });
    finish('+');
    return result;
  } catch (error) {
    finish('x');
    throw error;
  }
}
