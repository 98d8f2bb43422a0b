import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';

const pollMs = 200;
const names = ['control-plane', 'media-node', 'demo'] as const;

interface Position {
  readonly inode: number;
  readonly offset: number;
}

/** Hands on what the programs log from now on, each line behind its program's name. */
export function followLogs(logDir: string, onLine: (line: string) => void): void {
  for (const name of names) {
    const file = join(logDir, `${name}.log`);
    // What a run before this one wrote is no news.
    let position: Position = readAfter(file, undefined)?.position ?? { inode: 0, offset: 0 };
    let rest = '';
    const decoder = new StringDecoder('utf8');
    setInterval(() => {
      const news = readAfter(file, position);
      if (!news) return;
      position = news.position;
      const lines = (rest + decoder.write(news.bytes)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(`[${name}] ${line}`);
    }, pollMs).unref();
  }
}

/** What the file holds behind a position; all of it when another file has taken its name. */
function readAfter(file: string, position: Position | undefined): { position: Position; bytes: Buffer } | undefined {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch {
    return undefined;
  }
  try {
    const { size, ino: inode } = fstatSync(handle);
    const offset = position?.inode === inode ? position.offset : 0;
    const bytes = Buffer.alloc(Math.max(0, size - offset));
    const length = readSync(handle, bytes, 0, bytes.length, offset);
    return { position: { inode, offset: offset + length }, bytes: bytes.subarray(0, length) };
  } finally {
    closeSync(handle);
  }
}
