import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { extract } from 'tar';
import { SetUpError } from '../setup/set-up-error.mjs';

/** Models have tens to hundreds of files (a voice's phoneme data) and less than 2 GB. */
const maxFiles = 10_000;
const maxBytes = 4 * 1024 ** 3;

/**
 * Unpacks a `.tar.bz2` into a folder, without its outermost folder. Only plain files and folders, and none outside:
 * whatever else the archive holds, it is refused whole.
 */
export async function unpack(archive: string, folder: string): Promise<void> {
  const bzip2 = spawn('bzip2', ['-dc', archive], { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  bzip2.stderr.on('data', (data: Buffer) => (complaint += data.toString()));
  const ended = new Promise<number | null>((resolve, reject) => {
    bzip2.once('error', reject);
    bzip2.once('close', resolve);
  });
  const target = extractor(folder);
  try {
    for await (const chunk of bzip2.stdout) {
      if (!target.write(chunk)) await Promise.race([once(target.stream, 'drain'), target.closed]);
    }
    target.stream.end();
    const [code] = await Promise.all([ended, target.closed]);
    if (code !== 0) throw new Error(complaint.trim().split('\n')[0] ?? `bzip2 ended with ${code}`);
  } catch (cause) {
    bzip2.kill();
    ended.catch(() => undefined);
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      throw new SetUpError('Unpacking a model needs bzip2. Install it with: sudo apt-get install bzip2', { cause });
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SetUpError(`The archive cannot be unpacked: ${reason}.`, { cause });
  }
}

function extractor(folder: string) {
  const closed = Promise.withResolvers<void>();
  let [files, bytes] = [0, 0];
  let fault: Error | undefined;
  const stream = extract({
    cwd: folder,
    strip: 1,
    strict: true,
    filter: (path, entry) => {
      const type = 'type' in entry ? entry.type : 'thing of another kind';
      files += 1;
      bytes += entry.size;
      if (type !== 'File' && type !== 'Directory') fault ??= new Error(`'${path}' is a ${type}`);
      else if (path.startsWith('/') || path.split('/').includes('..')) {
        fault ??= new Error(`'${path}' leads out of its folder`);
      } else if (files > maxFiles || bytes > maxBytes) fault ??= new Error('it is larger than any model');
      return fault === undefined;
    },
  });
  stream.on('error', closed.reject);
  stream.on('close', () => {
    if (files === 0) fault ??= new Error('it is empty');
    if (fault) closed.reject(fault);
    else closed.resolve();
  });
  // Whoever waits for it is told; before that it may have failed already.
  closed.promise.catch(() => undefined);
  const write = (chunk: Buffer): boolean => {
    if (fault) throw fault;
    return stream.write(chunk);
  };
  return { stream, write, closed: closed.promise };
}
